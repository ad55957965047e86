import { describe, expect, it } from "vitest";
import { formatOf } from "./detect-format.ts";

describe("formatOf", () => {
  it.each([
    ["a.jsonl", '{"a":1}\n{"a":2}\n', "jsonl"],
    ["a.jsonl", '{"broken\n{"a":2}\n', "jsonl"],
    ["a.json", '{"a":1}\n{"a":2}\n', "jsonl"],
    ["a.json", '{"broken\n{"a":2}\n', "jsonl"],
    ["a.json", '{"concepts":[{"a":1}]}\n', "json"],
    ["a.json", '{\n  "a": 1\n}', "json"],
    ["a.json", '[{"a":1},\n{"a":2}]', "json"],
    ["a.jsonl", "[\n  1\n]", "json"],
    ["a.jsonl", '[{"role":"user"}]\n[{"role":"user"}]\n', "jsonl"],
    ["a.csv", "a,b\n1,2\n", "csv"],
    ["a.csv.gz", "a,b\n1,2\n", "csv"],
    ["a.tsv", "a\tb\n", "tsv"],
    ["data", '\ufeff{"a":1}\n{"a":2}\n', "jsonl"],
    ["data", "a;b\n1;2\n", "csv"],
  ])("%s with %j is %s", (name, text, format) => {
    expect(formatOf(name, Buffer.from(text))).toBe(format);
  });
  const wide = (text: string): Buffer => Buffer.from(text, "utf16le");
  it.each([
    ["UTF-16LE", wide('{"prompt":"Wie geht es dir?"}\n')],
    ["UTF-16BE", wide('{"prompt":"Wie geht es dir?"}\n').swap16()],
    ["UTF-16", wide("\ufeff{}")],
    ["UTF-16", wide("\ufeff{}").swap16()],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])],
    ["UTF-32BE", Buffer.from("0000005b000000310000002c000000320000005d", "hex")],
  ])("refuses %s and says how to convert it", (encoding, bytes) => {
    expect(() => formatOf("a.jsonl", bytes)).toThrow(new RegExp(`is ${encoding}$`));
  });
  it("reads lines between runs of NUL", () => {
    expect(formatOf("a.jsonl", Buffer.from(`{"a":1}\n${"\0".repeat(900)}\n{"a":2}\n`))).toBe("jsonl");
  });
  it.each([["a.bin", "nothing here"]])("refuses %s", (name, text) => {
    expect(() => formatOf(name, Buffer.from(text))).toThrow(/a\./);
  });
});
