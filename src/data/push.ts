import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, sha256, sha256File, TrainingReadyError, type JobEvent } from "../shared/index.ts";
import type { Pointer, RemoteFolder } from "../storage/index.ts";
import { lockFolder } from "./build-lock.ts";
import { checkDataSet, listedFiles, readManifest } from "./manifest.ts";
import {
  objectKey,
  plainListName,
  pointerName,
  pointerText,
  pruningNow,
  readCurrent,
  versionKey,
  versionText,
  type RemoteVersion,
} from "./remote-version.ts";
import type { Manifest } from "./schema.ts";
import { checkPaths, type Transfer } from "./transfer.ts";

async function pathsOf(out: string): Promise<string[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(out.length + 1)
        .replaceAll("\\", "/"),
    )
    // Locks and unfinished files.
    .filter((path) => path !== plainListName && !path.startsWith("."))
    .sort((a, b) => (a < b ? -1 : 1));
  checkPaths(paths);
  return paths;
}

/** Throws `E_DATA_SET` unless the folder is as its manifest says. */
async function checkWhole(out: string, manifest: Manifest): Promise<void> {
  const { rootMatches, changed } = await checkDataSet(out, manifest);
  if (rootMatches && changed.length === 0) return;
  throw new TrainingReadyError(
    "E_DATA_SET",
    `${out} does not agree with its manifest: ${changed[0] ?? "root"}`,
    { exitCode: 1 },
  );
}

/** What is sent must still be of the manifest that was read: a build may have ended in between. */
async function checkUnchanged(out: string, manifest: Manifest, files: RemoteVersion["files"]): Promise<void> {
  const now = await readManifest(out);
  const isOther = listedFiles(manifest).find(({ path, sha256: hash }) => files[path]?.sha256 !== hash);
  if (now.root === manifest.root && isOther === undefined) return;
  throw new TrainingReadyError("E_SYNC_CHANGED", `${out} changed while it was sent`, { exitCode: 1 });
}

async function replacePointer(
  remote: RemoteFolder,
  text: string,
  seen: Pointer | undefined,
  clock: () => Date,
): Promise<void> {
  const letGo = remote.folder === undefined ? undefined : await lockFolder(remote.folder, clock);
  try {
    await remote.replacePointer(pointerName, text, seen);
  } finally {
    await letGo?.();
  }
}

/**
 * Sends a data set as a new version beside those that are there: files under their hashes, then the list of them, then
 * the pointer, under the condition that it is the one that was read first. Until then nobody sees anything of it. A file
 * that is there but damaged is sent again; with `readBack` each is read to find out. Throws `E_DATA_SET`,
 * `E_DATA_REMOTE_CHANGED`, `E_DATA_PRUNING`.
 */
export async function* pushDataSet(
  out: string,
  remote: RemoteFolder,
  clock: () => Date,
  options: { readBack?: boolean } = {},
): AsyncGenerator<JobEvent, Transfer> {
  const manifest = await readManifest(out);
  await checkWhole(out, manifest);
  const paths = await pathsOf(out);
  const { root } = manifest;
  const current = await readCurrent(remote);
  if (current?.pruning !== undefined) throw pruningNow(remote, current.pruning);
  const files: RemoteVersion["files"] = {};
  const transfer: Transfer = { files: paths.length, sent: 0, skipped: 0, bytes: 0, root, warnings: [] };
  for (const path of paths) {
    const file = join(out, path);
    const { size } = await stat(file);
    const hash = await sha256File(file);
    const key = objectKey(hash);
    files[path] = { key, bytes: size, sha256: hash };
    if (await remote.holds(file, key, { bytes: size, sha256: hash, readBack: options.readBack ?? false }))
      transfer.skipped++;
    else {
      await remote.send(file, key, hash);
      transfer.sent++;
      transfer.bytes += size;
    }
    yield { type: "file-sent", done: transfer.sent + transfer.skipped, total: paths.length };
  }
  await checkUnchanged(out, manifest, files);
  const isThere =
    current?.version.root === root && canonicalJson(current.version.files) === canonicalJson(files);
  if (isThere) {
    if ((await remote.readPointer(pointerName))?.tag === current.pointer.tag)
      return { ...transfer, published: current.hash };
    throw new TrainingReadyError(
      "E_DATA_REMOTE_CHANGED",
      `${remote.uriOf(pointerName)} was written by another at the same time`,
      { exitCode: 1 },
    );
  }
  const text = versionText({ root, files, ...(current === undefined ? {} : { previous: current.hash }) });
  const published = sha256(text);
  await remote.write(versionKey(published), text);
  if (!(await remote.heedsConditions(versionKey(published), text, current?.pointer)))
    transfer.warnings.push(
      `${remote.uriOf("")} does not heed conditions on writes: let one machine at a time push there`,
    );
  await replacePointer(remote, pointerText(root, published), current?.pointer, clock);
  return { ...transfer, published };
}
