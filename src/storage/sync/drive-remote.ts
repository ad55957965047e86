import { createHash } from "node:crypto";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256, TrainingReadyError, writeFileAtomic } from "../../shared/index.ts";
import type { DriveAccess } from "../drive-access.ts";
import { driveClient } from "./drive-client.ts";
import { drivePlaceOf } from "./drive-place.ts";
import type { Remote, RemoteFile, SendInput } from "./remote.ts";

const folderType = "application/vnd.google-apps.folder";
const pieceBytes = 8 * 1024 * 1024; // Drive: a multiple of 256 KiB
const stallsMost = 30;

type Listed = {
  id: string;
  name: string;
  mimeType: string;
  size?: string;
  md5Checksum?: string;
  sha256Checksum?: string;
  version?: string;
};

export type DriveRemoteOptions = {
  /** `gdrive://FOLDER_ID`, `gdrive://FOLDER_ID/path`, or `gdrive://FILE_ID`. */
  uri: string;
  access: DriveAccess;
  stateFolder: string;
  fetch?: typeof fetch;
  firstWaitMs?: number;
};

const fields = "id,name,mimeType,size,md5Checksum,sha256Checksum,version";

const tagOf = (file: Listed): string => file.md5Checksum ?? `version-${file.version ?? ""}`;

function fileOf(file: Listed, path: string): RemoteFile {
  return {
    path,
    bytes: Number(file.size),
    tag: tagOf(file),
    md5: file.md5Checksum,
    sha256: file.sha256Checksum,
    id: file.id,
  };
}

/** A folder of Google Drive, or one file of it, as a place to sync with (API v3, REST). */
export function driveRemote(options: DriveRemoteOptions): Remote {
  const { uri, access, stateFolder } = options;
  const { root, path: below } = drivePlaceOf(uri);
  const request = driveClient({
    access,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.firstWaitMs === undefined ? {} : { firstWaitMs: options.firstWaitMs }),
  });
  const folders = new Map<string, string>(); // path below the place -> id
  const api = (path: string, query: Record<string, string> = {}, kind = "drive"): URL => {
    const url = new URL(`${access.endpoint}/${kind}/v3/files${path}`);
    url.search = new URLSearchParams({ supportsAllDrives: "true", ...query }).toString();
    return url;
  };
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;

  async function children(folder: string, name?: string): Promise<Listed[]> {
    const found: Listed[] = [];
    const named = name === undefined ? "" : ` and name = '${name.replaceAll(/['\\]/g, (one) => `\\${one}`)}'`;
    let pageToken: string | undefined;
    do {
      const query = {
        q: `'${folder}' in parents and trashed = false${named}`,
        fields: `nextPageToken,files(${fields})`,
        pageSize: "1000",
        includeItemsFromAllDrives: "true",
        ...(pageToken === undefined ? {} : { pageToken }),
      };
      const page = await json<{ files?: Listed[]; nextPageToken?: string }>(
        request({ method: "GET", url: api("", query) }),
      );
      found.push(...(page.files ?? []));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return name === undefined ? found : found.filter((one) => one.name === name);
  }

  const makeFolder = async (parent: string, name: string): Promise<string> => {
    const body = JSON.stringify({ name, mimeType: folderType, parents: [parent] });
    const headers = { "content-type": "application/json" };
    return (
      await json<{ id: string }>(request({ method: "POST", url: api("", { fields: "id" }), headers, body }))
    ).id;
  };

  /** The place itself; undefined where a folder of its path is not there yet. */
  async function placeId(): Promise<{ file?: Listed; folder?: string } | undefined> {
    let at = await json<Listed>(request({ method: "GET", url: api(`/${root}`, { fields }) }));
    for (const name of below) {
      const [next, twice] = await children(at.id, name);
      if (next === undefined) return undefined;
      if (twice !== undefined)
        throw new TrainingReadyError("E_SYNC_NAME", `${uri}: two things are named ${name}`, { exitCode: 1 });
      at = next;
    }
    return at.mimeType === folderType ? { folder: at.id } : { file: at };
  }

  async function list(): Promise<RemoteFile[]> {
    folders.clear();
    const place = await placeId();
    if (place === undefined) return [];
    if (place.file !== undefined)
      return place.file.size === undefined ? [] : [fileOf(place.file, place.file.name)];
    const files: RemoteFile[] = [];
    const waiting: { id: string; path: string }[] = [{ id: place.folder as string, path: "" }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      folders.set(next.path, next.id);
      const names = new Set<string>();
      for (const one of await children(next.id)) {
        const path = next.path === "" ? one.name : `${next.path}/${one.name}`;
        // A slash is a name like any other there, and two files may have one name.
        if (names.has(one.name) || one.name.includes("/"))
          throw new TrainingReadyError(
            "E_SYNC_NAME",
            `${uri}: ${JSON.stringify(path)} cannot be a path on both sides`,
            { exitCode: 1 },
          );
        names.add(one.name);
        if (one.mimeType === folderType) waiting.push({ id: one.id, path });
        else if (one.size !== undefined) files.push(fileOf(one, path)); // an office document has no bytes
      }
    }
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The folder of a path, made with those above it where they are missing. */
  async function folderOf(path: string): Promise<string> {
    const known = folders.get(path);
    if (known !== undefined) return known;
    let id: string;
    if (path === "") {
      id = root;
      for (const name of below) id = (await children(id, name))[0]?.id ?? (await makeFolder(id, name));
    } else {
      const at = path.lastIndexOf("/");
      id = await makeFolder(await folderOf(at < 0 ? "" : path.slice(0, at)), path.slice(at + 1));
    }
    folders.set(path, id);
    return id;
  }

  /** Address of a new sending; whoever has it can write this one file, so it is kept in a file of mode 0600 alone. */
  async function begin(input: SendInput): Promise<URL> {
    const { path, bytes, replaces } = input;
    const at = path.lastIndexOf("/");
    const isNew = replaces?.id === undefined;
    const facts = isNew
      ? { name: path.slice(at + 1), parents: [await folderOf(at < 0 ? "" : path.slice(0, at))] }
      : {};
    const response = await request({
      method: isNew ? "POST" : "PATCH",
      url: api(isNew ? "" : `/${replaces.id}`, { uploadType: "resumable", fields }, "upload/drive"),
      headers: { "content-type": "application/json", "x-upload-content-length": String(bytes) },
      body: JSON.stringify(facts),
    });
    await response.body?.cancel();
    const location = response.headers.get("location");
    // The token goes along: to no other host.
    if (location === null || new URL(location).origin !== new URL(access.endpoint).origin)
      throw new TrainingReadyError("E_DATA_REMOTE", `${uri}/${path}: Drive began no sending`);
    return new URL(location);
  }

  const received = (response: Response): number =>
    Number(/-(\d+)$/.exec(response.headers.get("range") ?? "")?.[1] ?? -1) + 1;

  async function send(input: SendInput): Promise<RemoteFile> {
    const { path, file, bytes, sha256: hash, signal } = input;
    const journal = join(stateFolder, "sendings", `${sha256(`${uri}\0${path}\0${hash}`).slice(0, 32)}.json`);
    const state = async (session: URL): Promise<Response> =>
      await request({
        method: "PUT",
        url: session,
        headers: { "content-range": `bytes */${bytes}` },
        also: [308, 404, 410],
        signal,
      });
    let session: URL | undefined;
    let at = 0;
    let answer: Response | undefined;
    try {
      session = new URL((JSON.parse(await readFile(journal, "utf8")) as { session: string }).session);
      const said = await state(session);
      if (said.status === 308) at = received(said);
      else if (said.ok) answer = said;
      else session = undefined; // Drive forgets a sending after a week
    } catch (error) {
      if (error instanceof TrainingReadyError) throw error;
      session = undefined;
    }
    if (session === undefined) {
      session = await begin(input);
      await writeFileAtomic(journal, JSON.stringify({ session: session.href }), { mode: 0o600 });
    }
    const handle = await open(file);
    try {
      for (let stalls = 0; answer === undefined;) {
        const piece = Buffer.alloc(Math.min(pieceBytes, bytes - at));
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        if (bytesRead < piece.length)
          throw new TrainingReadyError("E_SYNC_CHANGED", `${path} changed while it was sent`, {
            exitCode: 1,
          });
        const range = bytes === 0 ? "bytes */0" : `bytes ${at}-${at + piece.length - 1}/${bytes}`;
        const before = at;
        try {
          const said = await request({
            method: "PUT",
            url: session,
            headers: { "content-range": range },
            body: piece,
            also: [308],
            repeats: false,
            signal,
          });
          if (said.status === 308) at = received(said);
          else answer = said;
        } catch (error) {
          if (error instanceof TrainingReadyError) throw error;
          const said = await state(session); // the connection broke: how much is there?
          if (said.status === 308) at = received(said);
          else if (said.ok) answer = said;
        }
        stalls = at > before ? 0 : stalls + 1;
        if (stalls >= stallsMost)
          throw new TrainingReadyError("E_DATA_REMOTE", `${uri}/${path} stays at byte ${at} again and again`);
      }
    } finally {
      await handle.close();
    }
    await rm(journal, { force: true });
    const stored = (await answer.json()) as Listed;
    const md5 = createHash("md5")
      .update(await readFile(file))
      .digest("hex");
    if ((stored.sha256Checksum ?? hash) !== hash || (stored.md5Checksum ?? md5) !== md5)
      throw new TrainingReadyError("E_SYNC_CHANGED", `${path} changed while it was sent`, { exitCode: 1 });
    return { ...fileOf({ ...stored, size: String(bytes) }, path), sha256: hash };
  }

  return {
    uri,
    through: "rest",
    list,
    async sha256Of({ sha256: hash }) {
      return hash; // its listing says all that Drive knows
    },
    send,
    async *read(file, start, signal) {
      if (start >= file.bytes) return;
      const headers = { range: `bytes=${start}-${file.bytes - 1}` };
      const response = await request({
        method: "GET",
        url: api(`/${file.id}`, { alt: "media" }),
        headers,
        signal,
      });
      if (response.status !== 206 && start > 0)
        throw new TrainingReadyError("E_DATA_REMOTE", `${uri}/${file.path}: Drive gives no part of it`);
      yield* response.body as unknown as AsyncIterable<Uint8Array>;
    },
    async remove(file) {
      // Into the bin, from where its owner can take it back.
      const headers = { "content-type": "application/json" };
      await request({ method: "PATCH", url: api(`/${file.id}`), headers, body: '{"trashed":true}' });
    },
  };
}
