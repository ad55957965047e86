import { TrainingReadyError } from "../../shared/index.ts";
import { DriveTokens, writeScope, type DriveAccess } from "../drive-access.ts";

export type DriveOptions = {
  access: DriveAccess;
  fetch?: typeof fetch;
  attempts?: number;
  firstWaitMs?: number;
};

export type DriveRequest = {
  method: "GET" | "POST" | "PATCH" | "PUT";
  url: URL;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
  signal?: AbortSignal | undefined;
  /** Statuses beside 2xx that are answers, not failures. */
  also?: readonly number[];
  /** False where a broken connection is the caller's to mend. */
  repeats?: boolean;
};

const slower = /rateLimitExceeded|userRateLimitExceeded|backendError/;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function refusal(status: number, where: string): TrainingReadyError {
  const said = `${where}: Drive answered ${status}`;
  if (status === 401)
    return new TrainingReadyError("E_PLATFORM_CREDENTIALS", said, {
      exitCode: 1,
      hint: "Renew GOOGLE_ACCESS_TOKEN, or name a service account's key by GOOGLE_APPLICATION_CREDENTIALS; then run it again: finished files are not sent twice.",
    });
  if (status === 403) return new TrainingReadyError("E_SYNC_DENIED", said, { exitCode: 1 });
  if (status === 404) return new TrainingReadyError("E_PLATFORM_DATA", said, { exitCode: 1 });
  return new TrainingReadyError("E_DATA_REMOTE", said);
}

/** Requests to Drive's API, with a token that is renewed where it can be; what passes by itself is tried again. */
export function driveClient(options: DriveOptions) {
  const { attempts = 6, firstWaitMs = 300 } = options;
  const send = options.fetch ?? fetch;
  const tokens = new DriveTokens(options.access, send, writeScope);
  return async function request(input: DriveRequest): Promise<Response> {
    const { method, url, headers = {}, body, signal, also = [], repeats = true } = input;
    const where = `${url.origin}${url.pathname}`;
    let said = "";
    let isRenewed = false;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) await wait(firstWaitMs * 2 ** (attempt - 1));
      if (signal?.aborted) throw new TrainingReadyError("E_CANCELLED", "the sync was interrupted");
      let response: Response;
      try {
        response = await send(url, {
          method,
          headers: { ...headers, authorization: `Bearer ${await tokens.bearer()}` },
          ...(body === undefined ? {} : { body }),
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        if (error instanceof TrainingReadyError || !repeats) throw error;
        const cause = (error as Error).cause;
        said = cause instanceof Error ? cause.message : (error as Error).message;
        continue;
      }
      if (response.ok || also.includes(response.status)) return response;
      const text = await response.text().catch(() => "");
      if (response.status === 401 && tokens.canRenew && !isRenewed) {
        tokens.drop();
        isRenewed = true;
        continue;
      }
      const passes =
        response.status === 429 || response.status >= 500 || (response.status === 403 && slower.test(text));
      if (!passes) throw refusal(response.status, where);
      said = `Drive answered ${response.status}`;
    }
    throw new TrainingReadyError("E_DATA_REMOTE", `${where}: ${said}, ${attempts} times`);
  };
}
