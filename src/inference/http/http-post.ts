import { Agent, buildConnector, type Dispatcher } from "undici";
import { EngineResponse } from "./engine-response.ts";

/** Errors of a connection that had answered before: the server may have closed it while the request was on its way. */
const stale = new WeakSet<Error>();
const connect = buildConnector({});
// No limits of time here: whoever waits for a reply has its own.
const limits = { headersTimeout: 0, bodyTimeout: 0 } as const;
const kept = new Agent({
  ...limits,
  connect: (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const before = socket.bytesRead;
      socket.on("error", (failure) => {
        if (socket.bytesRead > before) stale.add(failure);
      });
      callback(null, socket);
    }),
});
// The second try takes a new connection: another kept one may be as stale.
const fresh = new Agent({ ...limits, keepAliveTimeout: 1 });

const isStale = (error: Error & { code?: string; socket?: { bytesRead?: number } }): boolean =>
  stale.has(error) || (error.code === "UND_ERR_SOCKET" && (error.socket?.bytesRead ?? 0) > 0);

/** One request's way: its answer as it begins, or why there is none. */
class Posting implements Dispatcher.DispatchHandler {
  private readonly signal: AbortSignal;
  private readonly answered: (response: EngineResponse) => void;
  private readonly failed: (error: Error) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private response: EngineResponse | undefined;

  constructor(
    signal: AbortSignal,
    answered: (response: EngineResponse) => void,
    failed: (error: Error) => void,
  ) {
    this.signal = signal;
    this.answered = answered;
    this.failed = failed;
  }

  private readonly abort = (): void => this.controller?.abort(this.signal.reason as Error);

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal.aborted) this.abort();
    else this.signal.addEventListener("abort", this.abort, { once: true });
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return; // an informational head; the answer's own follows
    this.response = new EngineResponse(status, controller);
    this.answered(this.response);
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.response?.take(piece);
  }

  onResponseEnd(): void {
    this.signal.removeEventListener("abort", this.abort);
    this.response?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.signal.removeEventListener("abort", this.abort);
    if (this.response === undefined) this.failed(error);
    else this.response.end(error);
  }
}

/**
 * Posts JSON and gives the answer as it begins; its body is read by the caller. Whoever aborts closes the connection. A
 * kept connection that the server closed meanwhile is replaced once.
 */
export function postJson(url: URL, body: string, signal: AbortSignal): Promise<EngineResponse> {
  const options = {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body,
  };
  return new Promise((resolve, reject) => {
    const again = (error: Error): void => {
      if (signal.aborted || !isStale(error)) reject(error);
      else fresh.dispatch({ ...options, reset: true }, new Posting(signal, resolve, reject));
    };
    kept.dispatch(options, new Posting(signal, resolve, again));
  });
}

/** A body as JSON; an empty object if it is none or longer than a megabyte. */
export async function readBody(body: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > 1024 * 1024) return {};
      pieces.push(piece);
    }
    return (JSON.parse(Buffer.concat(pieces).toString("utf8")) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
