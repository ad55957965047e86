import { describe, expect, it } from "vitest";
import { matchBy, matchGroups, median, narrowed, pairsFound, tally } from "./matching.ts";
import {
  fdupesGroups,
  jdupesGroups,
  jscpdPairs,
  pyrightImports,
  remarkLinks,
  rmlintGroups,
} from "./outputs.ts";

const folder = "/tree";

describe("outputs of other tools", () => {
  it("gives one form to the groups of three finders of equal files", () => {
    const expected = [["a/x.py", "b/x.py"]];
    const rmlint = [
      { description: "rmlint json-dump of lint files" },
      { type: "duplicate_file", checksum: "c", size: 3, path: "/tree/b/x.py" },
      { type: "duplicate_file", checksum: "c", size: 3, path: "/tree/a/x.py" },
      { type: "emptyfile", size: 0, path: "/tree/a/empty" },
      { aborted: false },
    ];
    expect(rmlintGroups(JSON.stringify(rmlint), folder)).toEqual(expected);
    const jdupes = {
      matchSets: [{ fileSize: 3, fileList: [{ filePath: "./b/x.py" }, { filePath: "./a/x.py" }] }],
    };
    expect(jdupesGroups(JSON.stringify(jdupes), folder)).toEqual(expected);
    expect(fdupesGroups("./b/x.py\n./a/x.py\n\n", folder)).toEqual(expected);
  });

  it("reads pairs of files from jscpd, without blocks inside one file", () => {
    const side = (name: string) => ({ name, start: 1, end: 9 });
    const text = JSON.stringify({
      duplicates: [
        { firstFile: side("b.md:text"), secondFile: side("a.md:text") },
        { firstFile: side("a.py"), secondFile: side("a.py") },
      ],
    });
    expect(jscpdPairs(text, folder)).toEqual([["a.md", "b.md"]]);
  });

  it("takes unresolved imports and unknown names from pyright, and nothing else", () => {
    const row = (rule: string, message: string) => ({
      file: "/tree/a.py",
      rule,
      message,
      range: { start: { line: 4 } },
    });
    const text = JSON.stringify({
      generalDiagnostics: [
        row("reportMissingImports", 'Import ".near.one" could not be resolved'),
        row("reportAttributeAccessIssue", '"x" is unknown import symbol'),
        row("reportAttributeAccessIssue", 'Cannot access attribute "x" for class "int"'),
        row("reportOptionalCall", "Object of type None cannot be called"),
      ],
    });
    expect(pyrightImports(text, folder)).toEqual([
      { path: "a.py", line: 5, module: ".near.one" },
      { path: "a.py", line: 5, module: undefined },
    ]);
  });

  it("reads broken links by file from remark's report", () => {
    const text = [
      "docs/a.md",
      "445:62-445:102  warning Cannot find file `guides` missing-file remark-validate-links:missing-file",
      "",
      "b c.md",
      "23:4-23:25 warning Cannot find heading for `#p` missing-heading remark-validate-links:missing-heading",
      "",
      "⚠ 2 warnings",
    ].join("\n");
    expect(remarkLinks(text)).toEqual({
      files: [{ path: "docs/a.md", line: 445 }],
      headings: [{ path: "b c.md", line: 23 }],
    });
  });
});

describe("matching", () => {
  it("finds twice what occurs twice", () => {
    const key = (one: string): string => one;
    expect(matchBy(["a", "a", "b"], ["a", "c"], { ours: key, theirs: key })).toEqual({
      both: 1,
      ours: ["a", "b"],
      theirs: ["c"],
    });
  });

  it("takes groups as the same only if every path is", () => {
    const match = matchGroups(
      [
        ["a", "b"],
        ["c", "d", "e"],
      ],
      [
        ["b", "a"],
        ["c", "d"],
      ],
    );
    expect(match).toEqual({ both: 1, ours: [["c", "d", "e"]], theirs: [["c", "d"]] });
    expect(
      narrowed(
        [
          ["a", ".git/a"],
          ["b", "c"],
        ],
        (path) => !path.startsWith("."),
      ),
    ).toEqual([["b", "c"]]);
    expect(
      pairsFound(
        [
          ["a", "b"],
          ["a", "c"],
        ],
        [["b", "a"]],
      ),
    ).toBe(1);
  });

  it("counts names and takes the middle value", () => {
    expect(tally(["x", "y", "x"])).toBe("x 2, y 1");
    expect([median([3, 1, 2]), median([4, 1])]).toEqual([2, 2.5]);
  });
});
