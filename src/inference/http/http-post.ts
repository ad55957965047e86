import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";

// The global fetch costs twice the processor time of this for a stream of small pieces.
const agents = {
  "http:": new Agent({ keepAlive: true, scheduling: "lifo" }),
  "https:": new TlsAgent({ keepAlive: true, scheduling: "lifo" }),
};

/**
 * Posts JSON and gives the response as it begins; its body is read by the caller. Whoever aborts closes the connection. A
 * kept connection that the server closed meanwhile is replaced once.
 */
export function postJson(
  url: URL,
  body: string,
  signal: AbortSignal,
  options: { mayRetry?: boolean } = {},
): Promise<IncomingMessage> {
  const isTls = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const request = (isTls ? tlsRequest : httpRequest)(url, {
      method: "POST",
      // The second try takes a new connection: another kept one may be as stale.
      agent: options.mayRetry === false ? false : agents[isTls ? "https:" : "http:"],
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        "content-length": Buffer.byteLength(body),
      },
    });
    let response: IncomingMessage | undefined;
    const abort = (): void => {
      if (response === undefined) request.destroy(signal.reason as Error);
      // A response that is whole has given its connection back, which is not ours to destroy any more.
      else if (!response.complete) response.destroy();
    };
    request.on("response", (message) => {
      response = message;
      message.on("error", () => undefined); // its reader is told by the iterator; there may be none
      message.once("close", () => signal.removeEventListener("abort", abort));
      resolve(message);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      signal.removeEventListener("abort", abort);
      const isStale = request.reusedSocket && error.code === "ECONNRESET" && response === undefined;
      if (isStale && options.mayRetry !== false && !signal.aborted)
        postJson(url, body, signal, { mayRetry: false }).then(resolve, reject);
      else reject(error);
    });
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener("abort", abort, { once: true });
    request.end(body);
  });
}

/** A body as JSON; an empty object if it is none or longer than a megabyte. */
export async function readBody(response: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response) {
      size += piece.length;
      if (size > 1024 * 1024) return {};
      pieces.push(piece);
    }
    return (JSON.parse(Buffer.concat(pieces).toString("utf8")) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
