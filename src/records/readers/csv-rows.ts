import type { Item, ItemCode } from "../schema.ts";
import { decodeUtf8 } from "./json-value.ts";
import { HeldBytes, type ItemScanner, type ReaderOptions } from "./reader.ts";

const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

type State = "field-start" | "plain" | "quoted" | "after-quote" | "after-cr";

/** Fields of one row's text, or the reason why it has none. Quotes count at a field's start only (RFC 4180). */
export function splitRow(
  text: string,
  delimiter: string,
): { ok: true; fields: string[] } | { ok: false; code: ItemCode } {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let field = "";
      let from = at + 1;
      for (;;) {
        const close = text.indexOf('"', from);
        if (close < 0) return { ok: false, code: "csv.open_quote" };
        field += text.slice(from, close);
        if (text[close + 1] !== '"') {
          at = close + 1;
          break;
        }
        field += '"';
        from = close + 2;
      }
      fields.push(field);
      if (at === text.length) return { ok: true, fields };
      if (text[at] !== delimiter) return { ok: false, code: "csv.stray_quote" };
      at++;
    } else {
      const end = text.indexOf(delimiter, at);
      if (end < 0) {
        fields.push(text.slice(at));
        return { ok: true, fields };
      }
      fields.push(text.slice(at, end));
      at = end + 1;
    }
  }
}

/** The delimiter that stands most often outside quotes in a header; the comma if none does. */
export function detectDelimiter(header: string): string {
  let best = ",";
  let most = 0;
  for (const delimiter of [",", "\t", ";", "|"]) {
    const row = splitRow(header, delimiter);
    const count = row.ok ? row.fields.length - 1 : 0;
    if (count > most) [best, most] = [delimiter, count];
  }
  return best;
}

/** CSV with a header row. A row is one item with its own byte range; blank lines are none. */
export function csvScanner(options: ReaderOptions & { delimiter?: string }): ItemScanner {
  const held = new HeldBytes(options.maxItemBytes);
  let state: State = "field-start";
  let offset = 0;
  let header: string[] | undefined;
  let delimiter = options.delimiter;
  // Before the header is known any of the delimiters may start a field; that only matters for quotes.
  const isDelimiter = (byte: number): boolean =>
    delimiter === undefined
      ? byte === 44 || byte === 9 || byte === 59 || byte === 124
      : byte === delimiter.charCodeAt(0);

  const finish = (isEnd: boolean, isOpen: boolean): Item | undefined => {
    const at = { offset, length: held.length };
    const refuse = (code: ItemCode): Item => ({ ok: false, code, ...at });
    if (held.isTooLarge) {
      held.clear();
      return refuse(isOpen ? "csv.open_quote" : "record.too_large");
    }
    const bytes = held.take();
    const cutCode = isEnd ? options.cutCode?.() : undefined;
    if (cutCode !== undefined) return refuse(cutCode);
    if (bytes.length === 0) return undefined;
    if (isOpen) return refuse("csv.open_quote");
    const text = decodeUtf8(bytes);
    if (text === undefined) return refuse("text.encoding");
    if (text.trim() === "" && (header === undefined || header.length > 1)) return undefined;
    if (header === undefined) {
      delimiter ??= detectDelimiter(text);
      const row = splitRow(text, delimiter);
      if (!row.ok) return refuse(row.code);
      header = row.fields.map((name) => name.trim());
      return undefined;
    }
    const row = splitRow(text, delimiter as string);
    if (!row.ok) return refuse(row.code);
    if (row.fields.length !== header.length) return refuse("csv.ragged");
    const entries = header.map((name, index): [string, string] => [name, row.fields[index] as string]);
    return { ok: true, value: Object.fromEntries(entries), ...at };
  };

  return {
    push(chunk) {
      const items: Item[] = [];
      let start = 0; // of what is not held yet
      if (
        offset === 0 &&
        header === undefined &&
        chunk[0] === 0xef &&
        chunk[1] === 0xbb &&
        chunk[2] === 0xbf
      ) {
        start = offset = 3; // byte order mark
      }
      const close = (end: number, next: number, separator: number): void => {
        held.add(chunk.subarray(start, end));
        const length = held.length;
        const item = finish(false, false);
        if (item !== undefined) items.push(item);
        offset += length + separator;
        start = next;
        state = "field-start";
      };
      for (let at = start; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (state === "after-cr") {
          // The row ended with the carriage return; a line feed after it belongs to the same line end.
          state = "field-start";
          if (byte === lineFeed) {
            offset++;
            start = at + 1;
            continue;
          }
        }
        if (state === "quoted") {
          if (byte === quote) state = "after-quote";
          else continue;
        } else if (state === "after-quote" && byte === quote) {
          state = "quoted";
        } else if (byte === lineFeed) {
          close(at, at + 1, 1);
        } else if (byte === carriageReturn) {
          close(at, at + 1, 1);
          state = "after-cr";
        } else if (isDelimiter(byte)) {
          state = "field-start";
        } else if (byte === quote && state === "field-start") {
          state = "quoted";
        } else {
          state = "plain";
        }
      }
      held.add(chunk.subarray(start));
      return items;
    },
    end() {
      const item = finish(true, state === "quoted");
      return item === undefined ? [] : [item];
    },
  };
}
