import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { sha256, TrainingReadyError, writeFileAtomic } from "../../shared/index.ts";
import { HashCache, listLocal, type LocalFile } from "./local-files.ts";
import type { Remote, RemoteFile } from "./remote.ts";

/** A file that must go over, with the one that it replaces. */
export type Change = { path: string; bytes: number; local?: LocalFile; remote?: RemoteFile; sha256?: string };

export type Difference = {
  /** Only here, or other bytes than there. */
  here: Change[];
  /** Only there, or other bytes than here. */
  there: Change[];
  same: number;
  /** Links that are not followed. */
  links: number;
  /** Requests for the metadata of single files. */
  asked: number;
};

/** sha256 of remote files by their tag, kept over calls. */
type Known = Record<string, { tag: string; sha256: string }>;

export type SyncState = {
  hashes: HashCache;
  known: Known;
  remember(file: RemoteFile, sha256: string): void;
  save(): Promise<void>;
};

/** What earlier calls learned of a folder and a place. */
export async function openState(folder: string, remote: Remote, stateFolder: string): Promise<SyncState> {
  const name = sha256(`${folder}\0${remote.uri}`).slice(0, 32);
  const hashes = new HashCache({ path: join(stateFolder, `${name}.local.json`), folder });
  await hashes.load();
  const path = join(stateFolder, `${sha256(remote.uri).slice(0, 32)}.remote.json`);
  const text = await readFile(path, "utf8").catch(() => "{}");
  const known = JSON.parse(text) as Known;
  let isChanged = false;
  return {
    hashes,
    known,
    remember(file, hash) {
      if (known[file.path]?.tag === file.tag && known[file.path]?.sha256 === hash) return;
      known[file.path] = { tag: file.tag, sha256: hash };
      isChanged = true;
    },
    async save() {
      await hashes.save();
      if (isChanged) await writeFileAtomic(path, JSON.stringify(known), { mode: 0o600 });
    },
  };
}

/** Names that one side cannot keep. Throws `E_SYNC_NAME`. */
function refuseNames(paths: readonly string[], where: string): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    // oxlint-disable-next-line no-control-regex
    if (
      /[\u0000-\u001f\u007f\\]/.test(path) ||
      path.split("/").some((part) => part === "" || part === "." || part === "..")
    )
      throw new TrainingReadyError(
        "E_SYNC_NAME",
        `${where}: ${JSON.stringify(path)} cannot be a path on both sides`,
        {
          exitCode: 1,
        },
      );
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined && other !== path)
      throw new TrainingReadyError(
        "E_SYNC_NAME",
        `${where}: ${other} and ${path} differ only in their case`,
        {
          exitCode: 1,
        },
      );
    seen.set(folded, path);
  }
}

/** Whether both hold the same bytes; a sha256 is asked for only where no listing and no earlier call tells. */
async function isSame(
  local: LocalFile,
  remote: RemoteFile,
  state: SyncState,
  ask: (file: RemoteFile) => Promise<string | undefined>,
): Promise<boolean> {
  if (local.bytes !== remote.bytes) return false;
  const own = await state.hashes.of(local);
  const told =
    remote.sha256 ??
    (state.known[remote.path]?.tag === remote.tag ? state.known[remote.path]?.sha256 : undefined);
  if (told !== undefined) return told === own.sha256;
  if (remote.md5 === own.md5) {
    state.remember(remote, own.sha256);
    return true;
  }
  const asked = await ask(remote);
  if (asked !== undefined) state.remember(remote, asked);
  return asked === own.sha256;
}

/** Lists both sides first, then compares by size and hash. Nothing is sent, fetched or written. */
export async function difference(folder: string, remote: Remote, state: SyncState): Promise<Difference> {
  const listed = await remote.list();
  const { files, links } = await listLocal(folder);
  refuseNames(
    files.map(({ path }) => path),
    folder,
  );
  refuseNames(
    listed.map(({ path }) => path),
    remote.uri,
  );
  const found: Difference = { here: [], there: [], same: 0, links, asked: 0 };
  const byPath = new Map(listed.map((file) => [file.path, file]));
  const ask = async (file: RemoteFile): Promise<string | undefined> => {
    found.asked++;
    return await remote.sha256Of(file);
  };
  for (const local of files) {
    const other = byPath.get(local.path);
    byPath.delete(local.path);
    if (other === undefined) found.here.push({ path: local.path, bytes: local.bytes, local });
    else if (await isSame(local, other, state, ask)) found.same++;
    else {
      found.here.push({ path: local.path, bytes: local.bytes, local, remote: other });
      found.there.push({ path: local.path, bytes: other.bytes, local, remote: other });
    }
  }
  for (const other of byPath.values())
    found.there.push({ path: other.path, bytes: other.bytes, remote: other });
  found.there.sort((a, b) => (a.path < b.path ? -1 : 1));
  return found;
}
