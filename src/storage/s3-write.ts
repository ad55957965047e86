import { createHash } from "node:crypto";
import { open, stat, type FileHandle } from "node:fs/promises";
import { TrainingReadyError } from "../shared/index.ts";
import { sendChanged } from "./pointer-changed.ts";
import { deniedError, readRefusal } from "./refusal.ts";
import { s3Url, signedHeaders, type S3Access } from "./s3-store.ts";

/** What must hold of the object that is there, for a write to take place. */
export type WriteCondition = { ifAbsent?: boolean; ifMatch?: string };

export type S3WriteOptions = WriteCondition & {
  /** Files of more bytes go in parts. */
  partBytes?: number;
  attempts?: number;
  firstWaitMs?: number;
  fetch?: typeof fetch;
  /** Hash that a file's bytes must have; nothing is there of one that changed. */
  sha256?: string;
};

// S3: a part has 5 MiB at least but for the last, an upload 10,000 parts at most.
const usualPart = 16 * 2 ** 20;
const mostParts = 10_000;

/** The write did not take place, since the object is not what the caller believes. */
export class ConditionFailed extends Error {}

type Call = { method: string; url: URL; body?: Uint8Array; headers?: Record<string, string> };

async function send(call: Call, access: S3Access, options: S3WriteOptions): Promise<Response> {
  const { method, url, body = new Uint8Array(0), headers = {} } = call;
  const bodyHash = createHash("sha256").update(body).digest("hex");
  const attempts = options.attempts ?? 5;
  let said = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0)
      await new Promise((done) => setTimeout(done, (options.firstWaitMs ?? 500) * 2 ** (attempt - 1)));
    let response: Response;
    try {
      // Signed anew each time: a signature is good for a quarter of an hour.
      const signed = signedHeaders({ method, url, headers }, access, new Date(), bodyHash);
      response = await (options.fetch ?? fetch)(url, {
        method,
        headers: signed,
        ...(body.length === 0 ? {} : { body }),
      });
    } catch (error) {
      const cause = (error as Error).cause;
      said = cause instanceof Error ? cause.message : (error as Error).message;
      continue;
    }
    if (response.ok) return response;
    const refusal = await readRefusal(response, true);
    const { status } = refusal;
    said = refusal.said;
    // A second writer of the same key: S3 answers 409 while the first is at work, 412 when it is done.
    // And 404 to a condition on one that was removed.
    if (status === 412 || (status === 404 && headers["if-match"] !== undefined))
      throw new ConditionFailed(said);
    if (refusal.isDenied) throw deniedError(url, refusal);
    if (!refusal.isTransient && status !== 409) break;
  }
  throw new TrainingReadyError("E_DATA_REMOTE", `${url.origin}${url.pathname} could not be written: ${said}`);
}

const conditions = ({ ifAbsent, ifMatch }: WriteCondition): Record<string, string> => ({
  ...(ifAbsent === true ? { "if-none-match": "*" } : {}),
  ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
});

/** Writes an object whole; gives its ETag. Throws `ConditionFailed`, `E_DATA_REFUSED`, `E_DATA_REMOTE`. */
export async function putObject(
  uri: string,
  body: Uint8Array,
  access: S3Access,
  options: S3WriteOptions = {},
): Promise<string> {
  const url = s3Url(uri, access);
  const response = await send({ method: "PUT", url, body, headers: conditions(options) }, access, options);
  await response.body?.cancel();
  return response.headers.get("etag") ?? "";
}

async function readPart(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const part = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(part, at, length - at, start + at);
    if (bytesRead === 0)
      throw new TrainingReadyError("E_DATA_SET", "a file became shorter while it was sent", { exitCode: 1 });
    at += bytesRead;
  }
  return part;
}

const withQuery = (base: URL, query: Record<string, string>): URL => {
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
};

async function uploadParts(
  uri: string,
  path: string,
  bytes: number,
  access: S3Access,
  options: S3WriteOptions,
) {
  const base = s3Url(uri, access);
  const started = await send({ method: "POST", url: withQuery(base, { uploads: "" }) }, access, options);
  const [, uploadId] = /<UploadId>([^<]+)<\/UploadId>/.exec(await started.text()) ?? [];
  if (uploadId === undefined)
    throw new TrainingReadyError("E_DATA_REMOTE", `${base.origin}${base.pathname}: no upload was begun`);
  const size = partSize(bytes, options.partBytes);
  const handle = await open(path, "r");
  try {
    const etags: string[] = [];
    const whole = createHash("sha256");
    for (let start = 0; start < bytes; start += size) {
      const body = await readPart(handle, start, Math.min(size, bytes - start));
      whole.update(body);
      const url = withQuery(base, { partNumber: String(etags.length + 1), uploadId });
      const sent = await send({ method: "PUT", url, body }, access, options);
      await sent.body?.cancel();
      etags.push(sent.headers.get("etag") ?? "");
    }
    if (options.sha256 !== undefined && whole.digest("hex") !== options.sha256) throw sendChanged(path);
    const parts = etags.map(
      (etag, index) =>
        `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag.replaceAll('"', "&quot;")}</ETag></Part>`,
    );
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
    const url = withQuery(base, { uploadId });
    const finished = await send({ method: "POST", url, body, headers: conditions(options) }, access, options);
    // S3 may begin with 200 and then tell of an error in the body.
    const text = await finished.text();
    if (/<Error>/.test(text))
      throw new TrainingReadyError(
        "E_DATA_REMOTE",
        `${base.origin}${base.pathname}: the parts could not be joined`,
      );
    return /<ETag>([^<]*)<\/ETag>/.exec(text)?.[1]?.replaceAll("&quot;", '"') ?? "";
  } catch (error) {
    // Parts that nobody joins cost money for ever.
    await send({ method: "DELETE", url: withQuery(base, { uploadId }) }, access, {
      ...options,
      attempts: 2,
    }).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** Bytes of a part of a file that is sent in parts. */
const partSize = (bytes: number, partBytes = usualPart): number =>
  Math.max(partBytes, Math.ceil(bytes / mostParts));

const md5 = (bytes: Uint8Array): Buffer => createHash("md5").update(bytes).digest();

/**
 * The ETag that S3 gives a file of ours: the MD5 of an object that was put whole, the MD5 of the parts' MD5s with their
 * number for one sent in parts. Objects under a key of the service's key store have others (S3 API, "Checking object
 * integrity").
 */
export async function etagOf(path: string, bytes: number, partBytes?: number): Promise<string> {
  const handle = await open(path, "r");
  try {
    if (bytes <= (partBytes ?? usualPart))
      return `"${md5(await readPart(handle, 0, bytes)).toString("hex")}"`;
    const size = partSize(bytes, partBytes);
    const parts: Buffer[] = [];
    for (let start = 0; start < bytes; start += size)
      parts.push(md5(await readPart(handle, start, Math.min(size, bytes - start))));
    return `"${md5(Buffer.concat(parts)).toString("hex")}-${parts.length}"`;
  } finally {
    await handle.close();
  }
}

/** Removes an object; one that is not there is no error. Throws `E_DATA_REFUSED`, `E_DATA_REMOTE`. */
export async function removeObject(
  uri: string,
  access: S3Access,
  options: S3WriteOptions = {},
): Promise<void> {
  const response = await send({ method: "DELETE", url: s3Url(uri, access) }, access, options);
  await response.body?.cancel();
}

/** Sends a file, in parts if it is large, without holding more than a part; gives its ETag. Throws as `putObject`. */
export async function putFile(
  uri: string,
  path: string,
  access: S3Access,
  options: S3WriteOptions = {},
): Promise<string> {
  const { size } = await stat(path);
  if (size > (options.partBytes ?? usualPart)) return await uploadParts(uri, path, size, access, options);
  const handle = await open(path, "r");
  try {
    const body = await readPart(handle, 0, size);
    if (options.sha256 !== undefined && createHash("sha256").update(body).digest("hex") !== options.sha256)
      throw sendChanged(path);
    return await putObject(uri, body, access, options);
  } finally {
    await handle.close();
  }
}
