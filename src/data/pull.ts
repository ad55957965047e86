import { createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrainingReadyError, writeFailed, type JobEvent } from "../shared/index.ts";
import type { RemoteFolder } from "../storage/index.ts";
import { checkDataSet, readManifest } from "./manifest.ts";
import { beginOutput, publishOutput } from "./output-folder.ts";
import { findVersion, type RemoteFile } from "./remote-version.ts";
import { checkPaths, type Transfer } from "./transfer.ts";

const notWhole = (what: string, hint: string): TrainingReadyError =>
  new TrainingReadyError("E_DATA_SET", what, { exitCode: 1, hint });

async function fetchFile(remote: RemoteFolder, file: RemoteFile, target: string, hint: string) {
  const uri = remote.uriOf(file.key);
  const size = await remote.sizeOf(file.key);
  if (size === undefined) throw notWhole(`${uri} is missing there`, hint);
  await mkdir(dirname(target), { recursive: true }).catch((cause: unknown) => {
    throw writeFailed(target, cause);
  });
  const hash = createHash("sha256");
  const output = await open(target, "w").catch((cause: unknown) => {
    throw writeFailed(target, cause);
  });
  try {
    for await (const chunk of remote.read(file.key)) {
      hash.update(chunk);
      await output.writeFile(chunk).catch((cause: unknown) => {
        throw writeFailed(target, cause);
      });
    }
  } finally {
    await output.close();
  }
  if (hash.digest("hex") !== file.sha256) throw notWhole(`${uri} differs from its hash`, hint);
}

/**
 * Fetches the newest data set that was pushed, or the newest whose root begins so, and checks every hash before anything
 * takes its place. Throws `E_DATA_SET`, `E_DATA_SOURCE_MISSING`.
 */
export async function* pullDataSet(
  out: string,
  remote: RemoteFolder,
  wanted?: string,
): AsyncGenerator<JobEvent, Transfer> {
  const { version, hash } = await findVersion(remote, wanted);
  const { root } = version;
  const hint =
    hash === undefined
      ? "It was pushed by an earlier release, in a layout that a push which ended early damages: push the data set again."
      : "Remove that file there and push the data set again from where it was built; or fetch an earlier version by --root.";
  const paths = Object.keys(version.files).sort((a, b) => (a < b ? -1 : 1));
  checkPaths(paths);
  const partial = await beginOutput(out);
  const transfer: Transfer = { files: paths.length, sent: 0, skipped: 0, bytes: 0, root, warnings: [] };
  for (const path of paths) {
    const file = version.files[path] as RemoteFile;
    await fetchFile(remote, file, join(partial, path), hint);
    transfer.sent++;
    transfer.bytes += file.bytes;
    yield { type: "file-fetched", done: transfer.sent, total: paths.length };
  }
  const manifest = await readManifest(partial);
  const check = await checkDataSet(partial, manifest);
  if (!check.rootMatches || check.changed.length > 0 || manifest.root !== root)
    throw notWhole(`${remote.uriOf("")} holds no whole data set of root ${root}`, hint);
  await publishOutput(out);
  return { ...transfer, ...(hash === undefined ? {} : { published: hash }) };
}
