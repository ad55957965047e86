import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { git, gitEnvironment } from "../../repository/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { gitMode, moveWaves, type CommitTexts, type TreeChange } from "./change.ts";

export const trailerName = "Training-Ready-Base";

/** Runs git with an index file of its own, so that the user's index stays as it is. */
export async function gitWithIndex(
  root: string,
  index: string,
  args: readonly string[],
  input?: string | Buffer,
): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", ...args],
      {
        cwd: root,
        env: { ...gitEnvironment(process.env), GIT_INDEX_FILE: index },
        maxBuffer: 2 ** 30,
        encoding: "buffer",
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new TrainingReadyError(
              "E_GIT",
              `git ${args[0]}: ${stderr.toString("utf8").split("\n")[0] ?? ""}`,
              { cause: error },
            ),
          );
      },
    );
    child.stdin?.on("error", () => {}); // git may leave before it has read all
    child.stdin?.end(input ?? "");
  });
}

const textOf = (bytes: Buffer): string => bytes.toString("utf8").trim();

/** Paths whose bytes git changes on the way in (line ends, smudge filters): these must be hashed by git, one by one. */
async function filteredPaths(root: string, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const autocrlf = textOf(await git(root, ["config", "--get", "--default", "false", "core.autocrlf"]));
  if (autocrlf !== "false") return new Set(paths);
  const output = await git(
    root,
    ["check-attr", "-z", "--stdin", "text", "eol", "filter", "ident", "working-tree-encoding"],
    {
      input: paths.map((path) => `${path}\0`).join(""),
    },
  );
  const fields = output.toString("utf8").split("\0");
  const found = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (fields[at + 2] !== "unspecified" && fields[at + 2] !== "unset") found.add(fields[at] as string);
  }
  return found;
}

/** Writes files into git's object store and gives their blob ids, in order. */
async function storeBlobs(root: string, folder: string, writes: TreeChange["writes"]): Promise<string[]> {
  const filtered = await filteredPaths(
    root,
    writes.filter((one) => one.mode !== "symlink").map((one) => one.path),
  );
  const ids = new Map<number, string>();
  const plain: number[] = [];
  const staging = join(folder, "staging");
  mkdirSync(staging, { recursive: true });
  try {
    for (const [index, write] of writes.entries()) {
      if (filtered.has(write.path)) {
        ids.set(
          index,
          textOf(
            await git(root, ["hash-object", "-w", "--stdin", `--path=${write.path}`], { input: write.bytes }),
          ),
        );
      } else {
        writeFileSync(join(staging, String(index)), write.bytes);
        plain.push(index);
      }
    }
    if (plain.length > 0) {
      const input = plain.map((index) => `${join(staging, String(index))}\n`).join("");
      const output = textOf(
        await git(root, ["hash-object", "-w", "--no-filters", "--stdin-paths"], { input }),
      );
      output.split("\n").forEach((id, at) => ids.set(plain[at] as number, id));
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return writes.map((_, index) => ids.get(index) as string);
}

export type BuiltCommits = { commits: string[]; tree: string };

/**
 * Makes the commits of a change on top of `base` with a private index: the moves alone (in waves, all of them exact
 * renames), then edits and deletions. No hook runs, nothing is signed, no ref moves. Throws `E_GIT`.
 */
export async function buildCommits(
  root: string,
  input: { base: string; change: TreeChange; texts: CommitTexts; folder: string; trailer: boolean },
): Promise<BuiltCommits> {
  const { base, change, folder } = input;
  mkdirSync(folder, { recursive: true });
  const index = join(folder, "private-index");
  rmSync(index, { force: true });
  const run = (args: readonly string[], text?: string): Promise<Buffer> =>
    gitWithIndex(root, index, args, text);
  const trailer = input.trailer ? `\n\n${trailerName}: ${base}\n` : "\n";
  const commits: string[] = [];
  let parent = base;
  await run(["read-tree", base]);
  const entries = await listTree(root, base);

  const commit = async (message: string): Promise<string> => {
    const tree = textOf(await run(["write-tree"]));
    const id = textOf(await run(["commit-tree", tree, "-p", parent], message + trailer));
    commits.push(id);
    parent = id;
    return tree;
  };
  let tree = textOf(await git(root, ["rev-parse", `${base}^{tree}`]));
  const waves = moveWaves(change.moves);
  for (const [number, wave] of waves.entries()) {
    const lines: string[] = [];
    const moved: [string, { mode: string; blob: string }][] = [];
    for (const { from, to } of wave) {
      const entry = entries.get(from);
      if (entry === undefined)
        throw new TrainingReadyError("E_PLAN_STALE", `${from} is not in commit ${base.slice(0, 12)}`);
      lines.push(`0 ${"0".repeat(40)}\t${from}\0`);
      moved.push([to, entry]);
      entries.delete(from);
    }
    for (const [to, entry] of moved) {
      lines.push(`${entry.mode} ${entry.blob}\t${to}\0`);
      entries.set(to, entry);
    }
    await run(["update-index", "-z", "--index-info"], lines.join(""));
    tree = await commit(
      waves.length === 1 ? input.texts.moves : `${input.texts.moves} (${number + 1} of ${waves.length})`,
    );
  }
  if (change.writes.length > 0 || change.deletes.length > 0) {
    const ids = await storeBlobs(root, folder, change.writes);
    const lines = [
      ...change.deletes.map((path) => `0 ${"0".repeat(40)}\t${path}\0`),
      ...change.writes.map((write, at) => `${gitMode(write.mode)} ${ids[at]}\t${write.path}\0`),
    ];
    await run(["update-index", "-z", "--index-info"], lines.join(""));
    tree = await commit(input.texts.edits);
  }
  rmSync(index, { force: true });
  return { commits, tree };
}

async function listTree(root: string, commit: string): Promise<Map<string, { mode: string; blob: string }>> {
  const listed = (await git(root, ["ls-tree", "-r", "-z", "--full-tree", commit])).toString("utf8");
  const entries = new Map<string, { mode: string; blob: string }>();
  for (const line of listed.split("\0")) {
    if (line === "") continue;
    const tab = line.indexOf("\t");
    const [mode = "", , blob = ""] = line.slice(0, tab).split(" ");
    entries.set(line.slice(tab + 1), { mode, blob });
  }
  return entries;
}
