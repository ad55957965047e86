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
  it.each([["a.bin", "nothing here"]])("refuses %s", (name, text) => {
    expect(() => formatOf(name, Buffer.from(text))).toThrow(/a\./);
  });
});
