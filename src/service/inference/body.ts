import type { IncomingMessage } from "node:http";
import { ApiError, badField } from "./api-error.ts";

export const mostBodyBytes = 1024 * 1024;

const tooLarge = (): ApiError =>
  new ApiError(413, "request_too_large", "invalid_request_error", "The body is too large.", {
    hint: `Send at most ${mostBodyBytes} bytes.`,
  });

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A body's bytes. Events cost half of what an iterator does. */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size <= mostBodyBytes) pieces.push(piece);
      else {
        request.pause();
        reject(tooLarge());
      }
    });
    request.once("end", () => resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)));
    request.once("error", reject);
  });
}

/** Reads a JSON body. Throws 415, 413 or 400; nothing of the body is repeated. */
export async function readJson(request: IncomingMessage): Promise<{ value: unknown; text: string }> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new ApiError(415, "unsupported_media_type", "invalid_request_error", "The body must be JSON.", {
      hint: "Send Content-Type: application/json.",
    });
  if (Number(request.headers["content-length"] ?? 0) > mostBodyBytes) throw tooLarge();
  const body = await bytesOf(request);
  try {
    const text = decoder.decode(body);
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
