import type { ItemCode, Item } from "../schema.ts";
import { convertItem } from "../shapes/convert.ts";
import { foldKey, isRow } from "../shapes/fields.ts";
import { isTurn } from "../shapes/turn-list.ts";
import { parseJsonItem } from "./json-value.ts";
import type { ItemScanner, ReaderOptions } from "./reader.ts";
import { JsonValueScan } from "./json-value-scan.ts";

const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125];
const [lineFeed, quote, comma, colon] = [10, 34, 44, 58];

const listNames = new Set(
  "data train valid validation val test dev concepts knowledge conversations items rows records examples samples dialogues pairs entries".split(
    " ",
  ),
);

/** Whether a list of an outer object holds items: its first element must be a record of its own, not a turn. */
function holdsItems(name: string, element: unknown): boolean {
  if (!isRow(element) || isTurn(element) || foldKey(name) === "segments") return false;
  if (listNames.has(foldKey(name))) return true;
  const converted = convertItem(element);
  return converted.kind !== "refused" || !["shape.unknown", "json.not_object"].includes(converted.code);
}

type Place =
  | "start"
  | "list"
  | "object"
  | "colon"
  | "entry"
  | "value"
  | "key"
  | "after"
  // behind an element that broke off: looking for a line that starts like it did
  | "lost"
  // inside an outer object that broke off: nothing more can be told apart
  | "broken";

/**
 * The elements of a JSON document: of its outer array, or of the arrays of records in its outer object (`{"train":
 * […]}`, `{"concepts": […]}`). An outer object without such an array is itself the one item.
 */
class JsonElements implements ItemScanner {
  private buffer: Uint8Array = new Uint8Array(0);
  private base = 0; // offset in the file of buffer[0]
  private at = 0; // index of the next byte to look at
  private place: Place = "start";
  private outer: "list" | "object" | "none" = "none";
  private objectStart = -1; // offset of the outer object while it may still be an item
  private isObjectTooLarge = false;
  private indentFrom = 0; // offset where the white space before the next value starts
  private indentation = 0;
  private lostCode: ItemCode = "json.syntax";
  private isDocumentEnded = false;
  private list: { name: string; holdsItems: boolean | undefined } | undefined;
  private name = "";
  private valueStart = 0;
  private value = new JsonValueScan();
  private isValueTooLarge = false;
  private items: Item[] = [];
  private readonly options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.options = options;
  }

  push(chunk: Uint8Array): Item[] {
    const needed = this.place === "value" || this.place === "key" ? this.valueStart : this.base + this.at;
    let from = this.objectStart >= 0 && !this.isObjectTooLarge ? Math.min(needed, this.objectStart) : needed;
    if (this.isValueTooLarge) from = this.base + this.at;
    const kept = this.buffer.subarray(Math.max(0, from - this.base));
    this.at -= this.buffer.length - kept.length;
    this.base += this.buffer.length - kept.length;
    this.buffer = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    while (this.step());
    if (this.objectStart >= 0 && this.base + this.at - this.objectStart > this.options.maxItemBytes) {
      this.isObjectTooLarge = true;
    }
    return this.items.splice(0);
  }

  end(): Item[] {
    while (this.step());
    const end = this.base + this.buffer.length;
    const cut: ItemCode = this.options.cutCode?.() ?? "json.cut";
    const isInValue = this.place === "value" || this.place === "key";
    if (this.place === "broken") this.refuse("json.syntax", this.objectStart, end - this.objectStart);
    else if (this.objectStart >= 0) this.refuse(cut, this.objectStart, end - this.objectStart);
    else if (this.place === "lost") this.refuse(this.lostCode, this.valueStart, end - this.valueStart);
    else if (isInValue && this.value.isBare) this.endValue(end);
    else if (isInValue) {
      this.lose(cut);
      return [...this.items.splice(0), ...this.end()];
    } else if (this.place !== "after" && this.place !== "start") this.refuse(cut, end, 0);
    this.place = "after";
    return this.items.splice(0);
  }

  private refuse(code: ItemCode, offset: number, length: number): void {
    this.items.push({ ok: false, code, offset, length });
  }

  private bytes(start: number, end: number): Uint8Array {
    return this.buffer.subarray(start - this.base, end - this.base);
  }

  private skipSpace(): number | undefined {
    while (this.at < this.buffer.length) {
      const byte = this.buffer[this.at] as number;
      if (!isSpace(byte)) return byte;
      this.at++;
      if (byte === lineFeed) this.indentFrom = this.base + this.at;
    }
    return undefined;
  }

  /** Does one thing; false once it needs more bytes. */
  private step(): boolean {
    if (this.place === "value" || this.place === "key") return this.scanValue();
    if (this.place === "lost") return this.findNext();
    if (this.place === "broken") {
      this.at = this.buffer.length;
      return false;
    }
    const byte = this.skipSpace();
    if (byte === undefined) return false;
    if (byte === comma && this.place !== "start") {
      this.at++;
      this.indentFrom = this.base + this.at;
      return true;
    }
    switch (this.place) {
      case "start":
        if (byte === 0xef || byte === 0xbb || byte === 0xbf) this.at++;
        else if (byte === openArray) this.enter("list");
        else if (byte === openObject) this.enter("object");
        else this.beginValue("value");
        return true;
      case "list":
        if (byte !== closeArray) return this.beginValue("value");
        this.at++;
        this.list = undefined;
        this.place = this.outer === "object" ? "object" : "after";
        return true;
      case "object":
        if (byte !== closeObject) return this.beginValue("key");
        this.at++;
        this.endObject();
        return true;
      case "colon":
        if (byte === colon) this.at++;
        this.place = "entry";
        return true;
      case "entry":
        if (byte !== openArray) return this.beginValue("value");
        this.at++;
        this.indentFrom = this.base + this.at;
        this.list = { name: this.name, holdsItems: undefined };
        this.place = "list";
        return true;
      default:
        return this.beginValue("value"); // something stands behind the document's end
    }
  }

  private enter(outer: "list" | "object"): void {
    this.outer = outer;
    this.place = outer;
    if (outer === "object") this.objectStart = this.base + this.at;
    this.at++;
    this.indentFrom = this.base + this.at;
  }

  private beginValue(place: "value" | "key"): true {
    this.place = place;
    this.valueStart = this.base + this.at;
    this.indentation = this.valueStart - this.indentFrom;
    this.value = new JsonValueScan();
    this.isValueTooLarge = false;
    return true;
  }

  private scanValue(): boolean {
    const found = this.value.scan(this.buffer, this.at);
    this.at = found.at;
    if (this.base + this.at - this.valueStart > this.options.maxItemBytes) this.isValueTooLarge = true;
    if (found.state === "more") return false;
    if (found.state === "broken") {
      if (this.objectStart < 0) this.lose("json.syntax");
      else {
        this.place = "broken";
        this.isObjectTooLarge = true; // what is held of it is of no use
      }
      return true;
    }
    this.indentFrom = this.base + this.at;
    this.endValue(this.base + this.at);
    return true;
  }

  /** An element broke off: its brackets do not match, or the input ended. What follows is searched for the next one. */
  private lose(code: ItemCode): void {
    this.place = "lost";
    this.lostCode = this.isValueTooLarge ? "record.too_large" : code;
    this.at = Math.max(this.isValueTooLarge ? this.at : 0, this.valueStart - this.base);
  }

  /** Whether a line in these bytes of an element starts like the element did. */
  private holdsNextStart(bytes: Uint8Array): boolean {
    for (let feed = bytes.indexOf(lineFeed); feed >= 0; feed = bytes.indexOf(lineFeed, feed + 1)) {
      const next = feed + 1 + this.indentation;
      if (bytes[next] !== openObject || bytes[next + 1] !== quote) continue;
      if (bytes.subarray(feed + 1, next).every(isSpace)) return true;
    }
    return false;
  }

  /** Finds a line that starts like the lost element did; up to there it is one broken item. */
  private findNext(): boolean {
    for (;;) {
      const feed = this.buffer.indexOf(lineFeed, this.at);
      if (feed < 0) {
        this.at = this.buffer.length;
        return false;
      }
      const next = feed + 1 + this.indentation;
      if (next + 1 >= this.buffer.length) {
        this.at = feed;
        return false;
      }
      const isNext = this.buffer[next] === openObject && this.buffer[next + 1] === quote;
      this.at = feed + 1;
      if (!isNext || !this.buffer.subarray(feed + 1, next).every(isSpace)) continue;
      const code = this.lostCode === "json.cut" ? "json.syntax" : this.lostCode;
      this.refuse(code, this.valueStart, this.base + feed - this.valueStart);
      this.at = next;
      this.indentFrom = this.base + feed + 1;
      this.place = this.list === undefined && this.outer !== "list" ? "after" : "list";
      return true;
    }
  }

  private endValue(end: number): void {
    const [offset, length] = [this.valueStart, end - this.valueStart];
    const text = (): Uint8Array => this.bytes(offset, end);
    if (this.place === "key") {
      const parsed = parseJsonItem(text(), false);
      this.name = parsed.ok && typeof parsed.value === "string" ? parsed.value : "";
      this.place = "colon";
      return;
    }
    if (this.outer === "object" && this.list === undefined && !this.isDocumentEnded) {
      // A plain entry of the outer object belongs to the object.
      this.place = "object";
      return;
    }
    this.place = this.list !== undefined || this.outer === "list" ? "list" : "after";
    if (this.list?.holdsItems === false) return;
    const parsed = this.isValueTooLarge
      ? ({ ok: false, code: "record.too_large" } as const)
      : parseJsonItem(text(), false);
    if (this.list !== undefined && this.list.holdsItems === undefined) {
      const isKnown = this.objectStart < 0 && listNames.has(foldKey(this.list.name));
      this.list.holdsItems = parsed.ok ? holdsItems(this.list.name, parsed.value) : isKnown;
      if (!this.list.holdsItems) return;
      this.objectStart = -1;
    }
    if (!parsed.ok) {
      // A quote too many makes one value of several lines: only what stands before the next line that starts an
      // element is broken.
      if (parsed.code === "json.syntax" && this.holdsNextStart(text())) this.lose("json.syntax");
      else this.refuse(parsed.code, offset, length);
    } else {
      const container = this.list === undefined ? {} : { container: this.list.name };
      this.items.push({ ok: true, value: parsed.value, offset, length, ...container });
    }
  }

  private endObject(): void {
    this.place = "after";
    this.isDocumentEnded = true;
    if (this.objectStart < 0) return;
    const [offset, end] = [this.objectStart, this.base + this.at];
    this.objectStart = -1;
    if (this.isObjectTooLarge || end - offset > this.options.maxItemBytes) {
      this.refuse("record.too_large", offset, end - offset);
      return;
    }
    const parsed = parseJsonItem(this.bytes(offset, end), false);
    if (parsed.ok) this.items.push({ ok: true, value: parsed.value, offset, length: end - offset });
    else this.refuse(parsed.code, offset, end - offset);
  }
}

export function jsonElementsScanner(options: ReaderOptions): ItemScanner {
  return new JsonElements(options);
}
