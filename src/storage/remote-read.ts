import { TrainingReadyError } from "../shared/index.ts";
import { deniedError, readRefusal, type Refusal } from "./refusal.ts";
import type { StoredFile } from "./store.ts";

export type RemoteOptions = {
  fetch: typeof fetch;
  /** Adds what a request needs to be let in; called for every attempt. */
  sign: (request: {
    method: string;
    url: URL;
    headers: Record<string, string>;
  }) => Record<string, string> | Promise<Record<string, string>>;
  /** What a refusal means where the status alone does not tell; `renewed`: try once more with new credentials. */
  explain?: (status: number, body: string) => Promise<"wait" | "renewed" | "fatal">;
  attempts: number;
  /** Milliseconds before the second attempt; doubled each time. */
  firstWaitMs: number;
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A URL without what may be secret in it. */
const shown = (url: URL): string => `${url.origin}${url.pathname}`;

const unreadable = (url: URL, refusal: Pick<Refusal, "said">): TrainingReadyError =>
  new TrainingReadyError("E_DATA_SOURCE_MISSING", `${shown(url)}: ${refusal.said}`, { exitCode: 1 });

const finalError = (url: URL, refusal: Refusal): TrainingReadyError =>
  refusal.isDenied ? deniedError(url, refusal) : unreadable(url, refusal);

/** Milliseconds that a server asks to wait, at most half a minute. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? "");
  return Number.isFinite(seconds) ? Math.min(30_000, Math.max(0, seconds * 1000)) : 0;
}

/** Asks until an answer comes that is no passing trouble. Throws `E_DATA_SOURCE_MISSING`, `E_DATA_REFUSED`, `E_DATA_REMOTE`. */
export async function request(
  url: URL,
  method: "GET" | "HEAD",
  headers: Record<string, string>,
  options: RemoteOptions,
): Promise<Response> {
  let said = "";
  let isRenewed = false;
  let asked = 0;
  for (let attempt = 0; attempt < options.attempts; attempt++) {
    if (attempt > 0) await wait(Math.max(asked, options.firstWaitMs * 2 ** (attempt - 1)));
    asked = 0;
    const signed = await options.sign({ method, url, headers });
    let response: Response;
    try {
      response = await options.fetch(url, {
        method,
        headers: signed,
        redirect: "follow",
      });
    } catch (error) {
      const cause = (error as Error).cause;
      said = cause instanceof Error ? cause.message : (error as Error).message;
      continue;
    }
    if (response.ok || response.status === 412) return response;
    asked = retryAfter(response);
    const body = options.explain === undefined ? undefined : response.clone();
    const refusal = await readRefusal(response, "authorization" in signed);
    said = refusal.said;
    if (refusal.isTransient) {
      await body?.body?.cancel();
      continue;
    }
    const text = (await body?.text().catch(() => "")) ?? "";
    const meaning = (await options.explain?.(refusal.status, text)) ?? "fatal";
    if (meaning === "fatal" || (meaning === "renewed" && isRenewed)) throw finalError(url, refusal);
    isRenewed ||= meaning === "renewed";
  }
  throw new TrainingReadyError("E_DATA_REMOTE", `${shown(url)}: ${said}, ${options.attempts} times`);
}

/** Size and version of a remote file. Throws `E_DATA_SOURCE_MISSING`, `E_DATA_REMOTE`. */
export async function statRemote(url: URL, options: RemoteOptions): Promise<StoredFile> {
  const response = await request(url, "HEAD", { "accept-encoding": "identity" }, options);
  const length = response.headers.get("content-length");
  if (length === null) throw unreadable(url, { said: "the server does not tell its size" });
  const etag = response.headers.get("etag");
  const version = etag ?? `${length}-${response.headers.get("last-modified") ?? ""}`;
  return { bytes: Number(length), version, ...(etag === null ? {} : { etag }) };
}

/**
 * Bytes of a remote file. A body that breaks off is continued where it broke (`Range`), if the file is still the same
 * (`If-Match`); one that stops giving bytes fails after some attempts in a row without progress.
 */
export async function* readRemote(
  url: URL,
  range: { start: number; end?: number },
  options: RemoteOptions,
  known?: StoredFile,
): AsyncGenerator<Uint8Array, void> {
  const { bytes, etag } = known ?? (await statRemote(url, options));
  const end = Math.min(bytes, range.end ?? bytes);
  let at = range.start;
  let idle = 0;
  while (at < end) {
    const headers: Record<string, string> = {
      "accept-encoding": "identity",
      range: `bytes=${at}-${end - 1}`,
    };
    if (etag !== undefined && !etag.startsWith("W/")) headers["if-match"] = etag;
    const response = await request(url, "GET", headers, options);
    if (response.status === 412) {
      throw new TrainingReadyError("E_DATA_SOURCE_CHANGED", `${shown(url)} changed while it was read`, {
        exitCode: 1,
      });
    }
    // A server that ignores ranges sends all of it: what came before is skipped.
    let skip = response.status === 206 ? 0 : at;
    const before = at;
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const fresh = skip > 0 ? chunk.subarray(Math.min(skip, chunk.length)) : chunk;
        skip -= Math.min(skip, chunk.length);
        const piece = fresh.subarray(0, end - at);
        at += piece.length;
        if (piece.length > 0) yield piece;
        if (at >= end) break;
      }
    } catch {
      // The next round goes on from `at`.
    }
    idle = at > before ? 0 : idle + 1;
    if (idle >= options.attempts) {
      throw new TrainingReadyError(
        "E_DATA_REMOTE",
        `${shown(url)}: the body breaks off at byte ${at} again and again`,
      );
    }
    if (at < end) await wait(options.firstWaitMs);
  }
}
