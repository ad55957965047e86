import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { git } from "../repository/index.ts";
import { TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import type { AnswerKey, SampleFlags } from "./answers.ts";
import { commitsOf, fastImportStream, type SampleCommit } from "./history.ts";
import { plantSample } from "./plant.ts";
import type { Settled } from "./settle.ts";
import type { Stage } from "./stages.ts";

export type SampleOptions = Partial<SampleFlags> & { seed: number; folder: string; answers?: string };

export type WrittenSample = {
  folder: string;
  answers: string;
  files: number;
  bytes: number;
  commits: number;
  key: AnswerKey;
};

// Whatever the user's own git is set to, the same bytes come out.
const settings = ["-c", "core.fileMode=true", "-c", "core.symlinks=true", "-c", "core.safecrlf=false"];
const shallowDepth = 4;

async function refuseUsedFolder(folder: string): Promise<void> {
  let children: string[];
  try {
    children = await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return;
    throw new TrainingReadyError(
      "E_SAMPLE_FOLDER",
      `${folder} cannot hold the sample (${code ?? "unknown"})`,
      {
        cause: error,
      },
    );
  }
  if (children.length > 0) {
    throw new TrainingReadyError("E_SAMPLE_FOLDER", `${folder} holds ${children.length} entries already`);
  }
}

async function writePlain(folder: string, settled: Settled): Promise<void> {
  const folders = new Set([...settled.final.keys()].map((path) => dirname(join(folder, path))));
  for (const one of folders) await mkdir(one, { recursive: true });
  for (const { path, mode, disk } of settled.final.values()) {
    const full = join(folder, path);
    if (mode === "120000") await symlink(disk.toString("utf8"), full);
    else {
      await writeFile(full, disk);
      if (mode === "100755") await chmod(full, 0o755);
    }
  }
}

async function initialise(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git(folder, ["init", "-q", "--template=", "--object-format=sha1", "-b", "main", "."]);
}

async function importHistory(folder: string, commits: readonly SampleCommit[]): Promise<Map<Stage, string>> {
  const marks = join(folder, ".git", "sample-marks");
  await git(folder, ["fast-import", "--quiet", "--done", `--export-marks=${marks}`], {
    input: fastImportStream(commits),
  });
  const ids = new Map<Stage, string>();
  for (const line of (await readFile(marks, "utf8")).trim().split("\n")) {
    const [mark = "", id = ""] = line.split(" ");
    const commit = commits[Number(mark.slice(1)) - 1];
    if (commit !== undefined) ids.set(commit.stage, id);
  }
  await rm(marks);
  return ids;
}

async function writeRepository(
  folder: string,
  settled: Settled,
  flags: SampleFlags,
): Promise<Map<Stage, string>> {
  const commits = commitsOf(settled.versions);
  await initialise(folder);
  let ids: Map<Stage, string>;
  if (flags.shallow) {
    const whole = await mkdtemp(join(tmpdir(), "training-ready-sample-"));
    try {
      await initialise(whole);
      ids = await importHistory(whole, commits);
      await git(folder, [
        "-c",
        "protocol.file.allow=always",
        "fetch",
        "-q",
        "--no-tags",
        `--depth=${shallowDepth}`,
        `file://${whole}`,
        "--update-head-ok",
        "main:refs/heads/main",
      ]);
    } finally {
      await rm(whole, { recursive: true, force: true });
    }
    await rm(join(folder, ".git", "FETCH_HEAD"), { force: true });
  } else ids = await importHistory(folder, commits);
  await git(folder, ["config", "user.name", "Sample Author"]);
  await git(folder, ["config", "user.email", "sample@example.org"]);
  await git(folder, ["config", "remote.origin.url", `https://github.com/${settled.slug}.git`]);
  await git(folder, ["config", "core.autocrlf", flags.crlf ? "true" : "false"]);
  await git(folder, [...settings, "reset", "-q", "--hard", "main"]);
  return ids;
}

/**
 * Writes the sample repository of a seed into an empty or new folder, and its key beside it. The same seed and flags
 * give the same bytes and commit ids. Throws `E_SAMPLE_FOLDER` for a folder in use or a key inside the repository.
 */
export async function writeSample(options: SampleOptions): Promise<WrittenSample> {
  const folder = resolve(options.folder);
  const answers = resolve(options.answers ?? join(dirname(folder), `${basename(folder)}.answers.json`));
  if (answers === folder || answers.startsWith(join(folder, "/"))) {
    throw new TrainingReadyError("E_SAMPLE_FOLDER", `the key ${answers} would lie inside the repository`, {
      hint: "Name a file outside the sample's folder with --answers.",
    });
  }
  await refuseUsedFolder(folder);
  const flags: SampleFlags = {
    scale: options.scale ?? 1,
    root: options.root ?? "above",
    git: options.git ?? true,
    shallow: options.shallow ?? false,
    crlf: options.crlf ?? false,
  };
  const settled = plantSample(options.seed, flags);
  let ids = new Map<Stage, string>();
  if (flags.git) ids = await writeRepository(folder, settled, flags);
  else await writePlain(folder, settled);
  const key = settled.key((stage) => ids.get(stage));
  await writeFileAtomic(answers, `${JSON.stringify(key, null, 1)}\n`);
  let bytes = 0;
  for (const { disk } of settled.final.values()) bytes += disk.length;
  return { folder, answers, files: settled.final.size, bytes, commits: ids.size, key };
}
