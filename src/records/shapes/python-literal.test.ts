import { describe, expect, it } from "vitest";
import { readPythonLiteral } from "./python-literal.ts";

describe("readPythonLiteral", () => {
  it.each([
    ["[1, -2.5, True, False, None]", [1, -2.5, true, false, null]],
    [`{'a': "it's", "b": 'say \\'x\\'', 'c': ('d',)}`, { a: "it's", b: "say 'x'", c: ["d"] }],
    ["['\\n\\t\\x41\\u00e9\\U0001F600']", ["\n\tAé😀"]],
    ["[{'a': 1}\n {'a': 2}]", [{ a: 1 }, { a: 2 }]],
    ["[]", []],
  ])("reads %s", (text, value) => {
    expect(readPythonLiteral(text)).toEqual(value);
  });
  it.each(["[1", "['a", "[x]", "[1] 2", "{'a'}", "__import__('os')", "['\\U99999999']", "[".repeat(100)])(
    "refuses %s",
    (text) => {
      expect(readPythonLiteral(text)).toBeUndefined();
    },
  );
});
