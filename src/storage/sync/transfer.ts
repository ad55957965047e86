import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrainingReadyError, writeFileAtomic, type JobEvent } from "../../shared/index.ts";
import type { Change, Difference, SyncState } from "./difference.ts";
import type { Remote, RemoteFile } from "./remote.ts";

export type Moved = { files: number; bytes: number; removed: number; same: number };
type Options = {
  folder: string;
  remote: Remote;
  state: SyncState;
  signal?: AbortSignal | undefined;
  remove: boolean;
};

const cancelled = (): TrainingReadyError => new TrainingReadyError("E_CANCELLED", "the sync was interrupted");

/** Sends what is only or different here. What was learned is kept, also where it ends early. */
export async function* push(found: Difference, options: Options): AsyncGenerator<JobEvent, Moved> {
  const { folder, remote, state, signal } = options;
  const moved: Moved = { files: 0, bytes: 0, removed: 0, same: found.same };
  try {
    for (const { path, bytes, local, remote: replaces } of found.here) {
      if (signal?.aborted) throw cancelled();
      const hashes = await state.hashes.of(local as NonNullable<Change["local"]>);
      const sent = await remote.send({
        path,
        file: join(folder, path),
        bytes,
        sha256: hashes.sha256,
        replaces,
        signal,
      });
      state.remember(sent, sent.sha256 ?? hashes.sha256);
      moved.files++;
      moved.bytes += sent.bytes;
      yield { type: "file-sent", path, bytes: sent.bytes, done: moved.files, of: found.here.length };
    }
    if (options.remove)
      for (const { remote: file, local } of found.there) {
        if (local !== undefined || file === undefined) continue;
        await remote.remove(file);
        moved.removed++;
        yield { type: "file-removed", path: file.path };
      }
  } finally {
    await state.save();
  }
  return moved;
}

const attemptsMost = 30;

/** Bytes of a file into `<file>.part`, going on where an earlier call or a cut connection left off; then checked. */
async function fetchFile(file: RemoteFile, options: Options): Promise<string> {
  const { folder, remote, state, signal } = options;
  const target = join(folder, file.path);
  const [part, journal] = [`${target}.part`, `${target}.part.tmp`];
  await mkdir(dirname(target), { recursive: true });
  const begun = await readFile(journal, "utf8").catch(() => "");
  if (begun !== file.tag) {
    await rm(part, { force: true });
    await writeFileAtomic(journal, file.tag);
  }
  let at = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (at > file.bytes) {
    await rm(part, { force: true });
    at = 0;
  }
  let idle = 0;
  const handle = await open(part, "a");
  try {
    while (at < file.bytes) {
      const before = at;
      try {
        for await (const chunk of remote.read(file, at, signal)) {
          await handle.write(chunk);
          at += chunk.length;
        }
      } catch (error) {
        if (signal?.aborted) throw cancelled();
        // What the store said is final; a broken connection is not.
        if (error instanceof TrainingReadyError) throw error;
      }
      idle = at > before ? 0 : idle + 1;
      if (idle >= attemptsMost)
        throw new TrainingReadyError(
          "E_DATA_REMOTE",
          `${remote.uri}/${file.path} breaks off at byte ${at} again and again`,
        );
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  const [sha, md5] = [createHash("sha256"), createHash("md5")];
  for await (const chunk of createReadStream(part)) {
    sha.update(chunk as Uint8Array);
    md5.update(chunk as Uint8Array);
  }
  const hash = sha.digest("hex");
  const known = state.known[file.path];
  const told = file.sha256 ?? (known?.tag === file.tag ? known.sha256 : undefined);
  const isGood =
    told !== undefined
      ? told === hash
      : file.md5 === undefined || file.md5 === md5.digest("hex") || (await remote.sha256Of(file)) === hash;
  if (!isGood) {
    await rm(part, { force: true });
    await rm(journal, { force: true });
    throw new TrainingReadyError("E_SYNC_CHANGED", `${remote.uri}/${file.path} differs from its hash`, {
      exitCode: 1,
    });
  }
  await rename(part, target);
  await rm(journal, { force: true });
  return hash;
}

/** Fetches what is only or different there. */
export async function* pull(found: Difference, options: Options): AsyncGenerator<JobEvent, Moved> {
  const { folder, state, signal } = options;
  const moved: Moved = { files: 0, bytes: 0, removed: 0, same: found.same };
  try {
    for (const { path, bytes, remote: file } of found.there) {
      if (signal?.aborted) throw cancelled();
      state.remember(file as RemoteFile, await fetchFile(file as RemoteFile, options));
      moved.files++;
      moved.bytes += bytes;
      yield { type: "file-fetched", path, bytes, done: moved.files, of: found.there.length };
    }
    if (options.remove)
      for (const { path, remote: other } of found.here) {
        if (other !== undefined) continue;
        await rm(join(folder, path));
        await rmdir(dirname(join(folder, path))).catch(() => undefined); // only where it is empty
        moved.removed++;
        yield { type: "file-removed", path };
      }
  } finally {
    await state.save();
  }
  return moved;
}
