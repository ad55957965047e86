import type { IncomingMessage } from "node:http";
import { ApiError, badField } from "./api-error.ts";

export const mostBodyBytes = 1024 * 1024;

const tooLarge = (): ApiError =>
  new ApiError(413, "request_too_large", "invalid_request_error", "The body is too large.", {
    hint: `Send at most ${mostBodyBytes} bytes.`,
  });

/** Reads a JSON body. Throws 415, 413 or 400; nothing of the body is repeated. */
export async function readJson(request: IncomingMessage): Promise<{ value: unknown; text: string }> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new ApiError(415, "unsupported_media_type", "invalid_request_error", "The body must be JSON.", {
      hint: "Send Content-Type: application/json.",
    });
  if (Number(request.headers["content-length"] ?? 0) > mostBodyBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > mostBodyBytes) throw tooLarge();
    pieces.push(piece);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
    return { value: JSON.parse(text) as unknown, text };
  } catch {
    throw badField(
      "invalid_json",
      "body",
      "The body is no valid JSON in UTF-8.",
      "Check quotes, commas and encoding.",
    );
  }
}
