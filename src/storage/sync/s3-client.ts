import { createHash } from "node:crypto";
import { TrainingReadyError } from "../../shared/index.ts";
import { encodeKey, signedHeaders, type S3Access } from "../s3-store.ts";

export type S3Options = {
  access: S3Access;
  bucket: string;
  fetch?: typeof fetch;
  attempts?: number;
  firstWaitMs?: number;
};

export type S3Request = {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  signal?: AbortSignal | undefined;
};

const credentialCodes =
  /^(?:ExpiredToken|InvalidAccessKeyId|SignatureDoesNotMatch|TokenRefreshRequired|InvalidToken|RequestTimeTooSkewed)$/;
const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function refusal(status: number, body: string, where: string): TrainingReadyError {
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? String(status);
  const said = `${where}: the store answered ${status} (${code})`;
  if (credentialCodes.test(code) || status === 401)
    return new TrainingReadyError("E_PLATFORM_CREDENTIALS", said, {
      exitCode: 1,
      hint: "Renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, then run it again: finished files are not sent twice.",
    });
  if (status === 403) return new TrainingReadyError("E_SYNC_DENIED", said, { exitCode: 1 });
  if (status === 404) return new TrainingReadyError("E_PLATFORM_DATA", said, { exitCode: 1 });
  if (status === 412) return new TrainingReadyError("E_SYNC_CHANGED", said, { exitCode: 1 });
  return new TrainingReadyError("E_DATA_REMOTE", said);
}

/** Requests to one bucket, path style, signed; what passes by itself is tried again. */
export function s3Client(options: S3Options) {
  const { access, bucket, attempts = 6, firstWaitMs = 300 } = options;
  const base = (access.endpoint ?? `https://s3.${access.region}.amazonaws.com`).replace(/\/$/, "");
  const send = options.fetch ?? fetch;
  return async function request(input: S3Request): Promise<Response> {
    const { method, key, query = {}, headers = {}, body, signal } = input;
    const url = new URL(`${base}/${bucket}${key === "" ? "" : `/${encodeKey(key)}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const where = `s3://${bucket}/${key}`;
    const bodyHash = createHash("sha256")
      .update(body ?? "")
      .digest("hex");
    let said = "";
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) await wait(firstWaitMs * 2 ** (attempt - 1));
      signal?.throwIfAborted();
      const signed = signedHeaders({ method, url, headers }, access, new Date(), bodyHash);
      let response: Response;
      try {
        response = await send(url, {
          method,
          headers: signed,
          ...(body === undefined ? {} : { body }),
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        if (signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "the sync was interrupted");
        const cause = (error as Error).cause;
        said = cause instanceof Error ? cause.message : (error as Error).message;
        continue;
      }
      if (response.ok) return response;
      const text = method === "HEAD" ? "" : await response.text().catch(() => "");
      if (!isTransient(response.status)) throw refusal(response.status, text, where);
      said = `the store answered ${response.status}`;
    }
    throw new TrainingReadyError("E_DATA_REMOTE", `${where}: ${said}, ${attempts} times`);
  };
}
