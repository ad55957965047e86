import { TrainingReadyError } from "./errors.ts";

/** One line of a JSON Lines stream: its value, or why it could not be parsed. Offsets are bytes, `line` counts from 1. */
export type JsonLine =
  | { ok: true; value: unknown; line: number; offset: number; length: number }
  | { ok: false; reason: "syntax" | "too-long"; line: number; offset: number; length: number };

/**
 * Splits a stream of bytes into lines and parses each as JSON. Blank lines are skipped; a line longer than
 * `maxLineBytes` is reported without being held in memory; a last line without newline counts.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  options: { maxLineBytes?: number } = {},
): AsyncGenerator<JsonLine, void> {
  const maxLineBytes = options.maxLineBytes ?? 8 * 1024 * 1024;
  let parts: Uint8Array[] = [];
  let held = 0; // bytes in parts
  let length = 0; // bytes of the current line, also those let go
  let offset = 0;
  let line = 0;
  const finish = (): JsonLine | undefined => {
    line++;
    const at = { line, offset, length };
    const tooLong = length > maxLineBytes;
    const text = tooLong ? "" : Buffer.concat(parts).toString("utf8");
    parts = [];
    held = 0;
    if (tooLong) return { ok: false, reason: "too-long", ...at };
    if (text.trim() === "") return undefined;
    try {
      return { ok: true, value: JSON.parse(text), ...at };
    } catch {
      return { ok: false, reason: "syntax", ...at };
    }
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(10, start);
      const piece = chunk.subarray(start, end < 0 ? undefined : end);
      length += piece.length;
      if (length <= maxLineBytes) {
        parts.push(piece);
        held += piece.length;
      } else if (held > 0) {
        parts = [];
        held = 0;
      }
      if (end < 0) break;
      const result = finish();
      if (result !== undefined) yield result;
      offset += length + 1;
      length = 0;
      start = end + 1;
    }
  }
  if (length > 0) {
    const result = finish();
    if (result !== undefined) yield result;
  }
}

/** One value as a line, newline included. Throws `E_INTERNAL` for a value that JSON cannot hold. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined)
    throw new TrainingReadyError("E_INTERNAL", "a value that is no JSON was to be written as a line");
  return `${text}\n`;
}
