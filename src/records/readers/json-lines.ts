import type { Item } from "../schema.ts";
import { parseJsonItem } from "./json-value.ts";
import { HeldBytes, type ItemScanner, type ReaderOptions } from "./reader.ts";

const newline = 10;

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13 || byte === 10);
}

/**
 * JSON Lines. With `range`, only lines that start in it: the chunks then begin one byte before `range.start` (at 0 for
 * the first), and everything up to the first line end belongs to the range before.
 */
export function jsonLinesScanner(
  options: ReaderOptions & { range?: { start: number; end: number } },
): ItemScanner & { isDone(): boolean } {
  const range = options.range ?? { start: 0, end: Infinity };
  const held = new HeldBytes(options.maxItemBytes);
  let isSkipping = range.start > 0;
  let offset = Math.max(0, range.start - 1); // of the current line's first byte
  let isDone = false;
  const finish = (isCut: boolean): Item | undefined => {
    const at = { offset, length: held.length };
    if (held.isTooLarge) {
      held.clear();
      return { ok: false, code: "record.too_large", ...at };
    }
    const bytes = held.take();
    const cutCode = isCut ? options.cutCode?.() : undefined;
    if (cutCode !== undefined) return { ok: false, code: cutCode, ...at };
    if (isBlank(bytes)) return undefined;
    const parsed = parseJsonItem(bytes, isCut);
    // One form for all items: the engine then need not ask each for its own.
    return parsed.ok
      ? { ok: true, value: parsed.value, offset: at.offset, length: at.length }
      : { ok: false, code: parsed.code, offset: at.offset, length: at.length };
  };
  return {
    isDone: () => isDone,
    push(chunk) {
      const items: Item[] = [];
      let start = 0;
      while (!isDone) {
        const end = chunk.indexOf(newline, start);
        const piece = chunk.subarray(start, end < 0 ? undefined : end);
        if (isSkipping) {
          offset += piece.length + (end < 0 ? 0 : 1);
          if (end < 0) {
            isDone = offset >= range.end; // a line that goes through the whole range leaves it none of its own
            break;
          }
          isSkipping = false;
        } else {
          // What is held over to the next chunk is a copy: the chunk's bytes may be used again.
          held.add(end < 0 ? Uint8Array.prototype.slice.call(piece) : piece);
          if (end < 0) break;
          const length = held.length;
          const item = finish(false);
          if (item !== undefined) items.push(item);
          offset += length + 1;
        }
        start = end + 1;
        isDone = offset >= range.end;
      }
      return items;
    },
    end() {
      if (isDone) return [];
      const isCut = options.cutCode?.() !== undefined;
      if (isSkipping || (held.length === 0 && !isCut)) return [];
      const item = finish(true);
      return item === undefined ? [] : [item];
    },
  };
}
