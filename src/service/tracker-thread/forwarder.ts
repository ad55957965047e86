import { Agent, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { problemOf } from "../problem.ts";
import { trackerDown } from "./asking.ts";

function refuse(response: ServerResponse): void {
  const text = JSON.stringify(problemOf(trackerDown("the tracker does not answer")));
  response.writeHead(503, { "content-type": "application/problem+json; charset=utf-8" }).end(text);
}

/** Hands a request to the server of the thread that serves now and its answer back, a piece at a time; 503 while none does. */
export function forwarder(
  socket: () => string | undefined,
): (request: IncomingMessage, response: ServerResponse) => void {
  const agent = new Agent({ keepAlive: true });
  return (request, response) => {
    const { method, url, headers } = request;
    const socketPath = socket();
    if (socketPath === undefined) {
      refuse(response);
      return;
    }
    const inner = forward({ socketPath, agent, method, path: url, headers }, (reply) => {
      const { connection: _, "keep-alive": __, "transfer-encoding": ___, ...kept } = reply.headers;
      response.writeHead(reply.statusCode ?? 502, kept);
      reply.pipe(response);
      reply.once("error", () => response.destroy());
    });
    inner.once("error", () => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      refuse(response);
    });
    response.once("close", () => inner.destroy());
    request.pipe(inner);
  };
}
