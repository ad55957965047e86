import type { Socket } from "node:net";
import { ApiError, errorBody } from "../inference/api-error.ts";
import { newRequestId } from "../inference/request-id.ts";
import type { Phase } from "./messages.ts";

const lingerMs = 1000;

/** The process that was answering is gone; what it had said stands. */
function workerEnded(): ApiError {
  return new ApiError(503, "worker_ended", "server_error", "The process that answered has ended.", {
    hint: "Send the request again; of a session's turn, what was kept can be read first with GET /v1/sessions/ID.",
    retryAfterSeconds: 1,
  });
}

const chunked = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`;

/** What a client is still owed on a connection, so that a stream ends in a typed error and a request in an answer. */
function lastWords(phase: Phase, requestId: string): string {
  const error = workerEnded();
  const body = JSON.stringify(errorBody(error, requestId));
  if (phase === "streaming") return chunked(`event: error\ndata: ${body}\n\n`);
  if (phase === "idle") return "";
  const headers = [
    `HTTP/1.1 ${error.status} Service Unavailable`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body) + 1}`,
    "cache-control: no-store",
    `retry-after: ${error.retryAfterSeconds}`,
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  return `${headers.join("\r\n")}\r\n\r\n${body}\n`;
}

/** Says it on the connection itself, which the first process has kept, and closes it. */
export function speakFor(socket: Socket, phase: Phase, requestId: string): void {
  socket.once("error", () => socket.destroy());
  const words = lastWords(phase, requestId === "" ? newRequestId() : requestId);
  if (words === "") {
    socket.destroy();
    return;
  }
  socket.end(words);
  socket.resume(); // what is left unread would make the kernel reset the connection before the words arrive
  socket.once("end", () => socket.destroy());
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
