import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "../schema.ts";
import { csvScanner } from "./csv-rows.ts";
import { jsonElementsScanner } from "./json-elements.ts";
import { jsonLinesScanner } from "./json-lines.ts";
import type { ItemScanner } from "./reader.ts";

const options = { maxItemBytes: 2000 };
type Input = string | Uint8Array;

function scan(scanner: ItemScanner, input: Input, chunkBytes = 1e9): Item[] {
  const bytes = Buffer.from(input);
  const items: Item[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    // A copy each: a scanner must not rely on a chunk after its call.
    items.push(...scanner.push(Uint8Array.from(bytes.subarray(at, at + chunkBytes))));
  }
  return [...items, ...scanner.end()];
}

/** Each item as its value or code with its own bytes. */
function shown(items: readonly Item[], input: Input): [unknown, string][] {
  const bytes = Buffer.from(input);
  return items.map((item) => [
    item.ok ? item.value : item.code,
    bytes.subarray(item.offset, item.offset + item.length).toString(),
  ]);
}

const readLines = (text: Input) => shown(scan(jsonLinesScanner(options), text), text);
const readDocument = (text: Input) => shown(scan(jsonElementsScanner(options), text), text);
const readCsv = (text: Input) => shown(scan(csvScanner(options), text), text);

const scanners: Record<string, () => ItemScanner> = {
  jsonl: () => jsonLinesScanner(options),
  json: () => jsonElementsScanner(options),
  csv: () => csvScanner(options),
};

describe("every reader", () => {
  const samples: [string, string][] = [
    ["jsonl", '{"a":1}\r\n\n{"b":"é\\u0041"}\n{"c"'],
    ["json", '\ufeff [ {"a": "]}\\"" } , 12, "x,y", {"b":\n [1,[2]]}, null ]'],
    [
      "json",
      '{"version": 1, "meta": {"x": [1]}, "train": [{"question":"q","answer":"a"}, {"question":"r"}], "valid": [{"q":1}]}',
    ],
    ["json", '[\n  {"a": 1},\n  {"b": "open\n  },\n  {"c": 3}\n]'],
    ["csv", '\ufeff"a",b\r\n1,"x ""y""\r\nz"\r\n\r\n2,\n3,4,5\n4,"open\n'],
  ];
  it.each(samples)("gives the same items whatever the chunks (%s %#)", (kind, text) => {
    const make = scanners[kind] as () => ItemScanner;
    const whole = scan(make(), text);
    expect(whole.length).toBeGreaterThan(1);
    for (const size of [1, 2, 3, 5, 7, 64]) expect(scan(make(), text, size)).toEqual(whole);
  });

  it("never throws and gives ranges in order that lie in the input", () => {
    const piece = fc.constantFrom(
      '{"a":',
      '"',
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\\",
      "\n",
      "\r",
      "1",
      '{"question":"q","answer":"a"}',
      "é",
      "\0",
      " ",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom("jsonl", "json", "csv"),
        fc.integer({ min: 1, max: 9 }),
        (pieces, kind, size) => {
          const text = pieces.join("");
          const make = scanners[kind] as () => ItemScanner;
          const items = scan(make(), text, size);
          expect(items).toEqual(scan(make(), text));
          let end = 0;
          for (const item of items) {
            expect(item.offset).toBeGreaterThanOrEqual(end);
            end = item.offset + item.length;
            expect(end).toBeLessThanOrEqual(Buffer.byteLength(text));
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("JSON Lines", () => {
  it("goes on behind a broken line and names what is wrong", () => {
    const deep = `${'{"a":'.repeat(70)}1${"}".repeat(70)}`;
    const text = `{"a":1}\n{"a":\n{"a":NaN}\n${deep}\n\n[1]\n{"z":2}\n{"cut":`;
    expect(readLines(text).map(([value]) => value)).toEqual([
      { a: 1 },
      "json.syntax",
      "json.nan",
      "json.depth",
      [1],
      { z: 2 },
      "json.cut",
    ]);
    expect(readLines(text)[1]?.[1]).toBe('{"a":');
  });
  it("takes the last value of a repeated key, and a last line without line end", () => {
    expect(readLines('{"a":1,"a":2}')).toEqual([[{ a: 2 }, '{"a":1,"a":2}']]);
  });
  it("refuses bytes that are no UTF-8", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}\n{"b":1}\n'),
    ]);
    expect(readLines(bytes).map(([value]) => value)).toEqual(["text.encoding", { b: 1 }]);
  });
  it("skips a line over the limit and reads the next", () => {
    const text = `{"a":"${"x".repeat(3000)}"}\n{"b":1}\n`;
    expect(readLines(text).map(([value]) => value)).toEqual(["record.too_large", { b: 1 }]);
    expect(readLines(text)[0]?.[1]).toHaveLength(3008);
  });
  it("covers each line exactly once, however the file is cut into ranges", () => {
    const lines = Array.from({ length: 30 }, (_, index) =>
      JSON.stringify({ index, text: "é".repeat(index) }),
    );
    const text = `${lines.join("\n")}\n`;
    const bytes = Buffer.from(text);
    for (const size of [1, 10, 33, 100, bytes.length]) {
      const items: Item[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        const range = { start, end: Math.min(bytes.length, start + size) };
        const scanner = jsonLinesScanner({ ...options, range });
        items.push(...scanner.push(bytes.subarray(Math.max(0, start - 1))), ...scanner.end());
      }
      expect(items).toEqual(scan(jsonLinesScanner(options), text));
    }
  });
});

describe("JSON documents", () => {
  it("gives the elements of the outer array with their bytes", () => {
    expect(readDocument('[{"a": 1}, {"b": [2]}]')).toEqual([
      [{ a: 1 }, '{"a": 1}'],
      [{ b: [2] }, '{"b": [2]}'],
    ]);
  });
  it("gives the elements of each list of records in an outer object, and names the list", () => {
    const text =
      '{"note":"x","train":[{"question":"q","answer":"a"}],"valid":[{"question":"r","answer":"b"}]}';
    const items = scan(jsonElementsScanner(options), text);
    expect(items.map((item) => item.ok && item.container)).toEqual(["train", "valid"]);
  });
  it("takes an outer object with turns, or PersonaChat utterances, as one record", () => {
    const chat = '{"id":1,"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}';
    expect(readDocument(chat)).toEqual([[JSON.parse(chat), chat]]);
    const persona = '{"personality":[""],"utterances":[{"history":["q"],"candidates":["a"]}]}';
    expect(readDocument(persona)).toEqual([[JSON.parse(persona), persona]]);
  });
  it("loses one element to a missing bracket or quote, not the rest", () => {
    const text = '[\n  {"a": 1},\n  {"b": [2},\n  {"c": 3},\n  {"d": "x},\n  {"e": 5}\n]\n';
    expect(readDocument(text).map(([value]) => value)).toEqual([
      { a: 1 },
      "json.syntax",
      { c: 3 },
      "json.syntax",
      { e: 5 },
    ]);
  });
  it("keeps what precedes a cut", () => {
    expect(readDocument('[{"a": 1}, {"b": 2').map(([value]) => value)).toEqual([{ a: 1 }, "json.cut"]);
  });
  it("skips an element over the limit", () => {
    const text = `[{"a":"${"x".repeat(3000)}"}, {"b": 1}]`;
    expect(readDocument(text).map(([value]) => value)).toEqual(["record.too_large", { b: 1 }]);
  });
});

describe("CSV", () => {
  it("reads quoted fields with line ends, doubled quotes and delimiters", () => {
    const text = 'a,b\r\n"x, ""y""\r\nz",2\r\n';
    expect(readCsv(text)).toEqual([[{ a: 'x, "y"\r\nz', b: "2" }, '"x, ""y""\r\nz",2']]);
  });
  it.each([";", "\t", "|"])("finds the delimiter %j in the header", (delimiter) => {
    const text = ["a", "b"].join(delimiter) + "\n" + ["1,5", "2"].join(delimiter) + "\n";
    expect(readCsv(text)[0]?.[0]).toEqual({ a: "1,5", b: "2" });
  });
  it("refuses a ragged row, text behind a closing quote and an open quote, each with its bytes", () => {
    const text = 'a,b\n1,2,3\n"x"y,2\n3,4\n5,"open\nto the end\n';
    expect(readCsv(text)).toEqual([
      ["csv.ragged", "1,2,3"],
      ["csv.stray_quote", '"x"y,2'],
      [{ a: "3", b: "4" }, "3,4"],
      ["csv.open_quote", '5,"open\nto the end\n'],
    ]);
  });
  it("takes a quote inside an unquoted field as text", () => {
    expect(readCsv('a,b\n5" tall,2\n')[0]?.[0]).toEqual({ a: '5" tall', b: "2" });
  });
  it("passes over a byte order mark and blank lines", () => {
    expect(readCsv('\ufeff"a",b\n\n1,2\n\n')).toEqual([[{ a: "1", b: "2" }, "1,2"]]);
  });
  it("reads lone carriage returns as line ends", () => {
    expect(readCsv("a,b\r1,2\r3,4").map(([value]) => value)).toEqual([
      { a: "1", b: "2" },
      { a: "3", b: "4" },
    ]);
  });
});
