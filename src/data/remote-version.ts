import { sha256, TrainingReadyError } from "../shared/index.ts";
import type { Pointer, RemoteFolder } from "../storage/index.ts";

/** Names the version that counts; replaced under a condition once all that it names is there. */
export const pointerName = "CURRENT";
/** List of files of the layout without versions, in which a push wrote over the one before. */
export const plainListName = "training-ready.files.json";

export const objectKey = (hash: string): string => `objects/${hash}`;
export const versionKey = (hash: string): string => `versions/${hash}.json`;
/** Stands where a version was removed, and says which one was before it. */
export const removedKey = (hash: string): string => `versions/${hash}.removed.json`;

export type RemoteFile = { key: string; bytes: number; sha256: string };

/** What a data set consists of, by path. Stored under its own hash. */
export type RemoteVersion = {
  root: string;
  files: Record<string, RemoteFile>;
  /** Hash of the list that was current before. */
  previous?: string;
};

/** Who removes versions there. */
export type Pruning = { host: string; pid: number; since: string };

export type Current = { pointer: Pointer; hash: string; version: RemoteVersion; pruning?: Pruning };

export const pruningNow = (remote: RemoteFolder, { host, pid, since }: Pruning): TrainingReadyError =>
  new TrainingReadyError(
    "E_DATA_PRUNING",
    `versions are being removed at ${remote.uriOf("")} by process ${pid} on ${host} since ${since}`,
    { exitCode: 1 },
  );

const damaged = (uri: string, cause?: unknown): TrainingReadyError =>
  new TrainingReadyError("E_DATA_SET", `${uri} is damaged`, {
    exitCode: 1,
    hint: "Push the data set to another place, or restore that file there.",
    ...(cause === undefined ? {} : { cause }),
  });

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

export async function textOf(remote: RemoteFolder, path: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of remote.read(path)) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}

function parseVersion(text: string, uri: string, isPlain: boolean): RemoteVersion {
  let value: (Partial<RemoteVersion> & { version?: number }) | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch (cause) {
    throw damaged(uri, cause);
  }
  const { version, root, files, previous } = value ?? {};
  if (version === undefined || root === undefined || typeof files !== "object") throw damaged(uri);
  if (version !== (isPlain ? 1 : 2))
    throw new TrainingReadyError("E_DATA_SET", `${uri} is of layout ${version}, which is unknown here`, {
      exitCode: 1,
      hint: "Update training-ready.",
    });
  const read: RemoteVersion = { root, files: {} };
  for (const [path, file] of Object.entries(files)) {
    if (!isHash(file.sha256) || !Number.isInteger(file.bytes)) throw damaged(uri);
    const key = isPlain ? path : objectKey(file.sha256);
    read.files[path] = { key, bytes: file.bytes, sha256: file.sha256 };
  }
  if (previous !== undefined && !isHash(previous)) throw damaged(uri);
  return previous === undefined ? read : { ...read, previous };
}

/** The bytes under which a version is stored. */
export function versionText(version: RemoteVersion): string {
  return `${JSON.stringify({ version: 2, ...version }, null, 2)}\n`;
}

/** `more`: what removing versions notes there. */
export const pointerText = (root: string, hash: string, more: object = {}): string =>
  `${JSON.stringify({ version: 2, root, list: versionKey(hash), sha256: hash, ...more }, null, 2)}\n`;

/** A version by its hash, which it must have. Throws `E_DATA_SET`. */
export async function readVersion(remote: RemoteFolder, hash: string): Promise<RemoteVersion> {
  const key = versionKey(hash);
  if ((await remote.sizeOf(key)) === undefined) throw damaged(`${remote.uriOf(key)} (missing)`);
  const text = await textOf(remote, key);
  if (sha256(text) !== hash) throw damaged(remote.uriOf(key));
  return parseVersion(text, remote.uriOf(key), false);
}

/** The version that counts, or undefined where nothing was pushed in versions. Throws `E_DATA_SET`. */
export async function readCurrent(remote: RemoteFolder): Promise<Current | undefined> {
  const pointer = await remote.readPointer(pointerName);
  if (pointer === undefined) return undefined;
  let hash: unknown;
  let pruning: Pruning | undefined;
  try {
    ({ sha256: hash, pruning } = JSON.parse(pointer.text) as { sha256?: unknown; pruning?: Pruning });
  } catch (cause) {
    throw damaged(remote.uriOf(pointerName), cause);
  }
  if (!isHash(hash)) throw damaged(remote.uriOf(pointerName));
  const version = await readVersion(remote, hash);
  return { pointer, hash, version, ...(pruning === undefined ? {} : { pruning }) };
}

/** A version, or what came before it where it was removed. Throws `E_DATA_SET`. */
async function readLink(
  remote: RemoteFolder,
  hash: string,
): Promise<{ version?: RemoteVersion; previous?: string }> {
  const isRemoved =
    (await remote.sizeOf(versionKey(hash))) === undefined &&
    (await remote.sizeOf(removedKey(hash))) !== undefined;
  if (!isRemoved) {
    const version = await readVersion(remote, hash);
    return { version, ...(version.previous === undefined ? {} : { previous: version.previous }) };
  }
  const uri = remote.uriOf(removedKey(hash));
  let previous: unknown;
  try {
    ({ previous } = JSON.parse(await textOf(remote, removedKey(hash))) as { previous?: unknown });
  } catch (cause) {
    throw damaged(uri, cause);
  }
  if (previous === undefined) return {};
  if (!isHash(previous)) throw damaged(uri);
  return { previous };
}

/** What was pushed in the layout without versions. Throws `E_DATA_SET`. */
export async function readPlain(remote: RemoteFolder): Promise<RemoteVersion | undefined> {
  if ((await remote.sizeOf(plainListName)) === undefined) return undefined;
  return parseVersion(await textOf(remote, plainListName), remote.uriOf(plainListName), true);
}

export type Found = { version: RemoteVersion; hash?: string };

/** The current version first, then those before it that were not removed, oldest last. */
export async function* versionsOf(remote: RemoteFolder): AsyncGenerator<Found> {
  const current = await readCurrent(remote);
  if (current !== undefined) yield current;
  let next = current?.version.previous;
  const seen = new Set<string>();
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    const link = await readLink(remote, next);
    if (link.version !== undefined) yield { version: link.version, hash: next };
    next = link.previous;
  }
  const plain = await readPlain(remote);
  if (plain !== undefined) yield { version: plain };
}

/** The newest version, or the newest whose root begins so. Throws `E_DATA_SOURCE_MISSING`, `E_DATA_SET`. */
export async function findVersion(remote: RemoteFolder, root = ""): Promise<Found> {
  const roots: string[] = [];
  for await (const found of versionsOf(remote)) {
    if (found.version.root.startsWith(root)) return found;
    roots.push(found.version.root);
  }
  if (roots.length === 0)
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${remote.uriOf(pointerName)} does not exist`, {
      exitCode: 1,
      hint: "Push a data set there first: `training-ready data push`.",
    });
  const there = roots.slice(0, 10).map((one) => one.slice(0, 12));
  throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `no version there has a root that begins ${root}`, {
    exitCode: 1,
    hint: `There, newest first: ${there.join(", ")}.`,
  });
}
