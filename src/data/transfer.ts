import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { sha256File, TrainingReadyError, writeFileAtomic, type JobEvent } from "../shared/index.ts";
import type { RemoteFolder } from "../storage/index.ts";
import { checkDataSet, readManifest } from "./manifest.ts";
import { beginOutput, publishOutput } from "./output-folder.ts";

/** Beside the files: each path with its key, size and hash. It is written last, so that it stands for whole files. */
const mapName = "training-ready.files.json";

export type FileMap = {
  version: 1;
  root: string;
  files: Record<string, { key: string; bytes: number; sha256: string }>;
};

/** Throws `E_DATA_SET` for a path that leaves the folder, holds control characters, or meets another but for case. */
export function checkPaths(paths: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const isOutside =
      path.startsWith("/") ||
      path.includes("\\") ||
      path.split("/").some((part) => part === "" || part === "." || part === "..");
    const twin = seen.get(path.toLowerCase());
    const said = isOutside
      ? "leaves the folder"
      : /[\u0000-\u001f\u007f]/.test(path)
        ? "holds control characters"
        : twin === undefined
          ? undefined
          : `differs from ${twin} by case alone`;
    if (said !== undefined)
      throw new TrainingReadyError("E_DATA_SET", `the path ${JSON.stringify(path)} ${said}`, { exitCode: 1 });
    seen.set(path.toLowerCase(), path);
  }
}

async function readMap(remote: RemoteFolder): Promise<{ map: FileMap; version: string } | undefined> {
  const version = await remote.version(mapName);
  if (version === undefined) return undefined;
  const parts: Uint8Array[] = [];
  for await (const chunk of remote.read(mapName)) parts.push(chunk);
  try {
    const map = JSON.parse(Buffer.concat(parts).toString("utf8")) as FileMap;
    if (map.version === 1 && typeof map.files === "object") return { map, version };
  } catch {
    // said below
  }
  throw new TrainingReadyError("E_DATA_SET", `${remote.uriOf(mapName)} is damaged`, { exitCode: 1 });
}

export type Transfer = { files: number; sent: number; skipped: number; bytes: number; root: string };

/** Sends a data set, keeping its folders; files that are there with the same hash are skipped. Throws `E_DATA_SET`. */
export async function* pushDataSet(out: string, remote: RemoteFolder): AsyncGenerator<JobEvent, Transfer> {
  const manifest = await readManifest(out);
  const check = await checkDataSet(out, manifest);
  if (!check.rootMatches || check.changed.length > 0) {
    throw new TrainingReadyError(
      "E_DATA_SET",
      `${out} does not agree with its manifest: ${check.changed[0] ?? "root"}`,
      { exitCode: 1 },
    );
  }
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(out.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => path !== mapName && !path.startsWith(".partial/"))
    .sort((a, b) => (a < b ? -1 : 1));
  checkPaths(paths);
  const there = await readMap(remote);
  const known = there?.map.files ?? {};
  const map: FileMap = { version: 1, root: manifest.root, files: {} };
  const transfer: Transfer = { files: paths.length, sent: 0, skipped: 0, bytes: 0, root: manifest.root };
  for (const path of paths) {
    const file = join(out, path);
    const { size } = await stat(file);
    const sha256 = await sha256File(file);
    map.files[path] = { key: remote.uriOf(path), bytes: size, sha256 };
    if (known[path]?.sha256 === sha256) transfer.skipped++;
    else {
      await remote.send(file, path);
      transfer.sent++;
      transfer.bytes += size;
    }
    yield { type: "file-sent", done: transfer.sent + transfer.skipped, total: paths.length };
  }
  const temporary = join(out, ".partial", mapName);
  await writeFileAtomic(temporary, `${JSON.stringify(map, null, 2)}\n`);
  // Of two that push at once one wins; the other learns of it.
  await remote.send(
    temporary,
    mapName,
    there === undefined ? { ifAbsent: true } : { ifMatch: there.version },
  );
  await rm(join(out, ".partial"), { recursive: true, force: true });
  return transfer;
}

async function fetchFile(remote: RemoteFolder, path: string, target: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true });
  const stream = createWriteStream(target);
  const hash = createHash("sha256");
  for await (const chunk of remote.read(path)) {
    hash.update(chunk);
    if (!stream.write(chunk)) await new Promise<void>((resolve) => stream.once("drain", () => resolve()));
  }
  stream.end();
  await finished(stream);
  return hash.digest("hex");
}

/** Fetches a data set that was pushed and checks every hash before anything takes its place. Throws `E_DATA_SET`. */
export async function* pullDataSet(out: string, remote: RemoteFolder): AsyncGenerator<JobEvent, Transfer> {
  const found = await readMap(remote);
  if (found === undefined) {
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${remote.uriOf(mapName)} does not exist`, {
      exitCode: 1,
      hint: "Push a data set there first: `training-ready data push`.",
    });
  }
  const { map } = found;
  const paths = Object.keys(map.files).sort((a, b) => (a < b ? -1 : 1));
  checkPaths(paths);
  const partial = await beginOutput(out);
  const transfer: Transfer = { files: paths.length, sent: 0, skipped: 0, bytes: 0, root: map.root };
  for (const path of paths) {
    const wanted = map.files[path] as FileMap["files"][string];
    if ((await fetchFile(remote, path, join(partial, path))) !== wanted.sha256) {
      throw new TrainingReadyError("E_DATA_SET", `${remote.uriOf(path)} differs from its hash`, {
        exitCode: 1,
      });
    }
    transfer.sent++;
    transfer.bytes += wanted.bytes;
    yield { type: "file-fetched", done: transfer.sent, total: paths.length };
  }
  const check = await checkDataSet(partial, await readManifest(partial));
  if (!check.rootMatches || check.changed.length > 0) {
    throw new TrainingReadyError("E_DATA_SET", `${remote.uriOf("")} is no whole data set`, { exitCode: 1 });
  }
  await publishOutput(out);
  return transfer;
}
