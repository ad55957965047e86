import type { Item, ItemCode } from "../schema.ts";
import { readTimedText } from "../voice/cues.ts";
import { decodeUtf8 } from "./json-value.ts";
import { HeldBytes, type ItemScanner, type ReaderOptions } from "./reader.ts";

/** A WebVTT or SRT file: the whole file is one item. */
export function transcriptScanner(options: ReaderOptions): ItemScanner {
  const held = new HeldBytes(options.maxItemBytes);
  return {
    push(chunk) {
      held.add(chunk);
      return [];
    },
    end() {
      const at = { offset: 0, length: held.length };
      const refuse = (code: ItemCode): Item[] => [{ ok: false, code, ...at }];
      if (held.isTooLarge) return refuse("record.too_large");
      const cutCode = options.cutCode?.();
      if (cutCode !== undefined) return refuse(cutCode);
      const text = decodeUtf8(held.take());
      if (text === undefined) return refuse("text.encoding");
      return text.trim() === "" ? [] : [{ ok: true, value: { cues: readTimedText(text) }, ...at }];
    },
  };
}
