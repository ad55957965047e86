import { createHash } from "node:crypto";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256, TrainingReadyError, writeFileAtomic } from "../../shared/index.ts";
import type { S3Access } from "../s3-store.ts";
import type { Remote, RemoteFile, SendInput } from "./remote.ts";
import { s3Client } from "./s3-client.ts";

const partLeast = 5 * 1024 * 1024; // Amazon S3: a part but the last has at least 5 MiB
const partsMost = 9000;

export type S3RemoteOptions = {
  uri: string;
  access: S3Access;
  /** Folder in which sendings that were begun are remembered. */
  stateFolder: string;
  /** Asks the store to encrypt what it keeps (SSE-S3). */
  encrypt?: boolean;
  fetch?: typeof fetch;
  firstWaitMs?: number;
};

const text = (block: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(block)?.[1] ?? "";
const unquoted = (tag: string): string => tag.replaceAll("&quot;", "").replaceAll('"', "");
/** A plain ETag is the MD5 of the bytes; that of a file sent in parts is none. */
const md5OfTag = (tag: string): string | undefined => (/^[0-9a-f]{32}$/.test(tag) ? tag : undefined);

function placeOf(uri: string): { bucket: string; prefix: string } {
  const [, bucket, rest] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/i.exec(uri) ?? [];
  if (bucket === undefined)
    throw new TrainingReadyError("E_CLI_ARGUMENT", `${uri} is not of the form s3://bucket/prefix`);
  const prefix = (rest ?? "").replace(/\/+$/, "");
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/** A prefix of a bucket as a place to sync with. */
export function s3Remote(options: S3RemoteOptions): Remote {
  const { uri, access, stateFolder, encrypt = false } = options;
  const { bucket, prefix } = placeOf(uri);
  const request = s3Client({
    access,
    bucket,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.firstWaitMs === undefined ? {} : { firstWaitMs: options.firstWaitMs }),
  });
  const stored: Record<string, string> = encrypt ? { "x-amz-server-side-encryption": "AES256" } : {};

  async function list(): Promise<RemoteFile[]> {
    const files: RemoteFile[] = [];
    let token: string | undefined;
    do {
      const query = {
        "list-type": "2",
        "encoding-type": "url",
        ...(prefix === "" ? {} : { prefix }),
        ...(token === undefined ? {} : { "continuation-token": token }),
      };
      const body = await (await request({ method: "GET", key: "", query })).text();
      for (const [, block = ""] of body.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
        const key = decodeURIComponent(text(block, "Key").replaceAll("+", "%20"));
        if (key.endsWith("/")) continue; // a folder's own marker
        const tag = unquoted(text(block, "ETag"));
        files.push({
          path: key.slice(prefix.length),
          bytes: Number(text(block, "Size")),
          tag,
          md5: md5OfTag(tag),
        });
      }
      token =
        text(body, "IsTruncated") === "true" ? decodeXml(text(body, "NextContinuationToken")) : undefined;
    } while (token !== undefined);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async function sendWhole({ path, file, signal }: SendInput): Promise<RemoteFile> {
    const body = await readFile(file);
    const hash = sha256(body);
    const response = await request({
      method: "PUT",
      key: prefix + path,
      body,
      headers: { ...stored, "x-amz-meta-sha256": hash },
      signal,
    });
    const tag = unquoted(response.headers.get("etag") ?? "");
    return { path, bytes: body.length, tag, md5: md5OfTag(tag), sha256: hash };
  }

  /** The sending that was begun for these bytes, if the store still knows it, with its parts. */
  async function begun(
    journal: string,
    key: string,
  ): Promise<{ id: string; parts: Map<number, string> } | undefined> {
    let id: string;
    try {
      ({ id } = JSON.parse(await readFile(journal, "utf8")) as { id: string });
    } catch {
      return undefined;
    }
    const parts = new Map<number, string>();
    let marker = "0";
    try {
      for (;;) {
        const query = { uploadId: id, "part-number-marker": marker };
        const body = await (await request({ method: "GET", key, query })).text();
        for (const [, block = ""] of body.matchAll(/<Part>([\s\S]*?)<\/Part>/g))
          parts.set(Number(text(block, "PartNumber")), unquoted(text(block, "ETag")));
        if (text(body, "IsTruncated") !== "true") return { id, parts };
        marker = text(body, "NextPartNumberMarker");
      }
    } catch (error) {
      if (error instanceof TrainingReadyError && error.code === "E_PLATFORM_DATA") return undefined;
      throw error;
    }
  }

  async function sendParts(input: SendInput): Promise<RemoteFile> {
    const { path, file, bytes, sha256: hash, signal } = input;
    const key = prefix + path;
    const partBytes = Math.max(partLeast, Math.ceil(bytes / partsMost));
    const journal = join(stateFolder, "sendings", `${sha256(`${uri}\0${path}\0${hash}`).slice(0, 32)}.json`);
    const known = await begun(journal, key);
    const headers = { ...stored, "x-amz-meta-sha256": hash };
    const start = async (): Promise<string> => {
      const body = await (
        await request({ method: "POST", key, query: { uploads: "" }, headers, signal })
      ).text();
      const id = decodeXml(text(body, "UploadId"));
      await writeFileAtomic(journal, JSON.stringify({ id, uri, path }), { mode: 0o600 });
      return id;
    };
    const uploadId = known?.id ?? (await start());
    const whole = createHash("sha256");
    const tags: string[] = [];
    const handle = await open(file);
    try {
      for (let at = 0, number = 1; at < bytes; at += partBytes, number++) {
        const part = Buffer.alloc(Math.min(partBytes, bytes - at));
        const { bytesRead } = await handle.read(part, 0, part.length, at);
        if (bytesRead < part.length) throw changed(path);
        whole.update(part);
        const md5 = createHash("md5").update(part).digest("hex");
        if (known?.parts.get(number) === md5) {
          tags.push(md5);
          continue;
        }
        const query = { partNumber: String(number), uploadId };
        const response = await request({ method: "PUT", key, query, body: part, signal });
        tags.push(unquoted(response.headers.get("etag") ?? ""));
      }
    } finally {
      await handle.close();
    }
    if (whole.digest("hex") !== hash) {
      await request({ method: "DELETE", key, query: { uploadId } });
      await rm(journal, { force: true });
      throw changed(path);
    }
    const listed = tags.map(
      (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>"${tag}"</ETag></Part>`,
    );
    const body = Buffer.from(`<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`);
    const answer = await (await request({ method: "POST", key, query: { uploadId }, body, signal })).text();
    // Amazon answers 200 and may put an error into the body.
    if (/<Error>/.test(answer))
      throw new TrainingReadyError("E_DATA_REMOTE", `${uri}/${path}: the parts were not joined`);
    await rm(journal, { force: true });
    return { path, bytes, tag: unquoted(text(answer, "ETag")), sha256: hash };
  }

  return {
    uri,
    list,
    async sha256Of({ path }) {
      const response = await request({ method: "HEAD", key: prefix + path });
      return response.headers.get("x-amz-meta-sha256") ?? undefined;
    },
    send: (input) => (input.bytes <= partLeast ? sendWhole(input) : sendParts(input)),
    async *read(file, start, signal) {
      if (start >= file.bytes) return;
      const headers = { range: `bytes=${start}-${file.bytes - 1}`, "if-match": `"${file.tag}"` };
      const response = await request({ method: "GET", key: prefix + file.path, headers, signal });
      yield* response.body as unknown as AsyncIterable<Uint8Array>;
    },
    async remove({ path }) {
      await request({ method: "DELETE", key: prefix + path });
    },
  };
}

const changed = (path: string): TrainingReadyError =>
  new TrainingReadyError("E_SYNC_CHANGED", `${path} changed while it was sent`, { exitCode: 1 });

const decodeXml = (value: string): string =>
  value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
