import { describe, expect, it } from "vitest";
import { scanPython } from "./scan.ts";

const importsOf = (text: string) =>
  scanPython(text).imports.map(({ module, level, names, star, guarded, lazy, typeChecking }) => {
    const flags = [guarded && "guarded", lazy && "lazy", typeChecking && "types", star && "star"].filter(
      Boolean,
    );
    return [".".repeat(level) + module, ...names, ...flags].join(" ");
  });

describe("imports of a Python text", () => {
  it.each([
    ["plain, dotted, several, renamed", "import os, a.b.c as d, e\n", ["os", "a.b.c", "e"]],
    ["names over lines with comments", "from a import (  # why\n  b as c,\n  d,  # e\n)\n", ["a b d"]],
    [
      "relative ones",
      "from . import a\nfrom .b import c\nfrom ...d.e import *\n",
      [". a", ".b c", "...d.e star"],
    ],
    ["a backslash between lines", "from a \\\n  import b, \\\n  c\n", ["a b c"]],
    ["several statements on a line", "import a; import b; x = 1; from c import d\n", ["a", "b", "c d"]],
    ["a body on the head's line", "if x: import a\nelse: import b\n", ["a", "b"]],
    ["names that only look alike", "important = 1\nimport_a = 2\nx.import_b\nfromage = 3\n", []],
    ["strings and comments", '"""\nimport a\n"""\n# import b\ns = "import c"\n', []],
    ["functions", "def f():\n  import a\nimport b\n", ["a lazy", "b"]],
    ["a nested class is no function", "class A:\n  import a\n  def f(self): import b\n", ["a", "b lazy"]],
    [
      "types only",
      "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import a\n",
      ["typing TYPE_CHECKING", "a types"],
    ],
    [
      "a failed import that is caught",
      "try:\n  import a\nexcept ImportError:\n  import b\nimport c\n",
      ["a guarded", "b guarded", "c"],
    ],
    [
      "caught with others",
      "try:\n  import a\nexcept (KeyError, ModuleNotFoundError):\n  pass\n",
      ["a guarded"],
    ],
    ["caught bare", "try:\n  import a\nexcept:\n  a = None\n", ["a guarded"]],
    ["other errors caught", "try:\n  import a\nexcept KeyError:\n  pass\n", ["a"]],
    ["finally catches nothing", "try:\n  import a\nfinally:\n  pass\n", ["a"]],
    [
      "else of a try is not caught",
      "try:\n  import a\nexcept ImportError:\n  pass\nelse:\n  import b\n",
      ["a guarded", "b"],
    ],
    [
      "a question whether it is installed",
      "if is_torch_available():\n  import torch\nimport b\n",
      ["torch guarded", "b"],
    ],
    ["Python 2", "print 'x'\nexec 'y'\nimport urllib2\nexcept Error, e: pass\n", ["urllib2"]],
    ["tabs and blanks mixed", "if a:\n\timport b\n        import c\nimport d\n", ["b", "c", "d"]],
    [
      "CRLF and old Mac ends",
      "import a\r\nfrom b import (\r\n c)\r\nimport d\rimport e",
      ["a", "b c", "d", "e"],
    ],
    ["notebook magics", "%load_ext x\n!pip install import y\n%%time\nimport a\n?help\n", ["a"]],
    ["an open bracket", "x = foo(1,\n\ndef f(): pass\nimport a\n", ["a"]],
    ["an open string", "x = 'abc\nimport a\n", ["a"]],
    ["conflict markers", "<<<<<<< HEAD\nimport a\n=======\nimport b\n>>>>>>> other\n", ["a", "b"]],
    ["strings in holes of f-strings", 'x = f"{d["import a"]}"\nimport b\n', ["b"]],
  ])("reads %s", (_, text, expected) => {
    expect(importsOf(text)).toEqual(expected);
  });

  it("gives byte spans of the module's name and its line", () => {
    const text = "# \xc3\xa9\nfrom ..a.b import c\n";
    const [one] = scanPython(text).imports;
    expect(one).toMatchObject({ line: 2, start: 10, end: 15 });
    expect(text.slice(10, 15)).toBe("..a.b");
  });

  it("shifts offsets for a piece of another file", () => {
    const [one] = scanPython("import a\n", { offset: 100, lineOf: (offset) => offset / 107 }).imports;
    expect(one).toMatchObject({ start: 107, end: 108, line: 1 });
  });

  it("knows what belongs to one try", () => {
    const { imports } = scanPython("try:\n  import a\nexcept ImportError:\n  import b\n");
    expect(imports[0]?.attempt).toBe(imports[1]?.attempt);
    expect(imports.map((one) => one.branch)).toEqual([0, 1]);
  });

  it("survives a line of a megabyte, NULs and bytes that are no UTF-8", () => {
    const text = `x = [${"1, ".repeat(350_000)}]\n\0\xff\xfe import\nimport a\n`;
    expect(importsOf(text)).toEqual(["a"]);
  });

  it("notes what is not Python, with its line", () => {
    expect(scanPython("a = 1\nb = (1,\ndef f(): pass\n").notes).toEqual([
      { code: "syntax", message: "a bracket is never closed", line: 2 },
    ]);
  });
});

describe("names of a module", () => {
  it.each([
    [
      "assignments",
      "a = b = 1\nc, (d, e) = f\ng: int = 2\nh.i = 3\nj[k] = 4\n",
      ["a", "b", "c", "d", "e", "g"],
    ],
    ["functions and classes", "async def a(): x = 1\nclass B(C): y = 2\n", ["a", "B"]],
    ["imports", "import a.b\nfrom c import d as e\n", ["a", "e"]],
    [
      "compound statements",
      "if x:\n  a = 1\nelse:\n  b = 2\nfor c in d:\n  e = 1\nwith f() as g: h = 1\n",
      ["a", "b", "c", "e", "g", "h"],
    ],
    ["globals of functions", "def f():\n  global a\n  a = 1\n  b = 2\n", ["f", "a"]],
    ["walrus", "if (a := f(b=1)): pass\n", ["a"]],
    ["names made at run time", "for k in x: globals()[k] = 1\n", ["k", "__getattr__"]],
  ])("sees %s", (_, text, expected) => {
    expect(scanPython(text).defines.sort()).toEqual([...expected].sort());
  });

  it("sees a main guard", () => {
    expect(scanPython("if __name__ == '__main__':\n  main()\n").hasMain).toBe(true);
    expect(scanPython("if __name__ == 'x':\n  main()\n").hasMain).toBe(false);
  });
});
