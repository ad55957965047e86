import { describe, expect, it } from "vitest";
import { iniScalars } from "./ini-scalars.ts";
import { tomlScalars } from "./toml-scalars.ts";

const flat = ({ scalars }: ReturnType<typeof tomlScalars>) =>
  scalars.map(({ keys, value }) => `${keys.join("|")}=${value}`);

describe("tomlScalars", () => {
  it("reads tables, lists of tables, dotted and quoted keys, inline tables, long strings", () => {
    const text = `a = "x" # note
n = 1
[tool.ruff.lint.per-file-ignores]
"tests/*" = ["E501", 'F401']
[project]
scripts.run = "pkg.cli:main"
list = [
  "one", # first
  { path = "../two", other = ["three"] },
]
[[tool.mypy.overrides]]
module = "a.*"
[[tool.mypy.overrides]]
module = ["b", "c"]
[x]
long = """
line
"""
esc = "q\\"x"
`;
    const found = tomlScalars(text);
    expect(flat(found)).toEqual([
      "a=x",
      "tool|ruff|lint|per-file-ignores|tests/*|0=E501",
      "tool|ruff|lint|per-file-ignores|tests/*|1=F401",
      "project|scripts|run=pkg.cli:main",
      "project|list|0=one",
      "project|list|1|path=../two",
      "project|list|1|other|0=three",
      "tool|mypy|overrides|0|module=a.*",
      "tool|mypy|overrides|1|module|0=b",
      "tool|mypy|overrides|1|module|1=c",
      "x|long=\nline\n",
      'x|esc=q"x',
    ]);
    const key = found.names.find(({ keys }) => keys.at(-1) === "tests/*");
    expect(text.slice(key?.start, key?.end)).toBe("tests/*");
    for (const { start, end, value, isVerbatim } of found.scalars)
      if (isVerbatim) expect(text.slice(start, end)).toBe(value);
  });

  it("survives broken text", () => {
    for (const text of [
      "",
      "[",
      "a",
      "a =",
      "a = [",
      'a = "x',
      "a = {b",
      "a = {b = ",
      "= 1",
      "[[a",
      "a.b. = 1",
      "a = [[[[",
      "\r\n",
    ])
      expect(() => tomlScalars(text)).not.toThrow();
    expect(flat(tomlScalars('broken ] line\nok = "y"\n'))).toEqual(["ok=y"]);
  });
});

describe("iniScalars", () => {
  it("reads sections, lists over lines, comments", () => {
    const text = `[options]
packages = find:
install_requires =
    torch
    # no
    numpy ; python_version > "3"
[bumpversion:file:a/b.py]
[submodule "x"]
\tpath = third_party/x
\turl = https://host.example/x
`;
    const { scalars, names } = iniScalars(text);
    expect(scalars.map(({ keys, value }) => `${keys.join("|")}=${value}`)).toEqual([
      "options|packages=find:",
      "options|install_requires|0=torch",
      "options|install_requires|1=numpy",
      'submodule "x"|path=third_party/x',
      'submodule "x"|url=https://host.example/x',
    ]);
    expect(names.map(({ keys }) => keys[0])).toEqual(["options", "bumpversion:file:a/b.py", 'submodule "x"']);
    for (const { start, end, value } of scalars) expect(text.slice(start, end)).toBe(value);
  });
});
