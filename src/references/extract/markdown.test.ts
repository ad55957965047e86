import { describe, expect, it } from "vitest";
import type { Mention } from "../schema.ts";
import { markdown } from "./markdown.ts";

const read = (text: string): Mention[] => markdown.extract(text, "docs/guide.md").mentions;
const brief = (text: string): string[] =>
  read(text).map(({ kind, raw, path }) => (raw === path ? `${kind} ${raw}` : `${kind} ${raw} = ${path}`));

describe("markdown links", () => {
  it("gives the whole of a link", () => {
    expect(read("# Use\nSee [the script](../scripts/train.py#main).\n")).toEqual([
      {
        start: 23,
        end: 42,
        line: 2,
        raw: "../scripts/train.py",
        path: "../scripts/train.py",
        kind: "link",
        strength: "hard",
        bases: [{ kind: "file" }],
        use: "read",
        encoding: "percent",
        heading: "Use",
        remark: "See [the script](…).",
      },
    ]);
  });

  it.each([
    ["[a](b.md)", ["link b.md"]],
    ["![a](b.png)", ["image b.png"]],
    ["[![a](b.png)](c.md)", ["image b.png", "link c.md"]],
    ["[a](<b c.md>)", ["link b c.md"]],
    ["[a](b%20c.md)", ["link b%20c.md = b c.md"]],
    ['[a](b.md "title")', ["link b.md"]],
    ["[a](b_(1).md)", ["link b_(1).md"]],
    ["[a]: b.md 'title'", ["link b.md"]],
    ["[^1]: see b", []],
    ["[a](#anchor)", []],
    ["[a](mailto:x@y.org)", []],
    ["[a](https://example.org/x)", ["url https://example.org/x"]],
    ["`[a](b.md)`", []],
    ["\\[a](b.md)", ["link b.md"]],
    ["<!--\n[a](b.md)\n-->", []],
    ['<img src="b.png"><a href="c.md">x</a>', ["image b.png", "link c.md"]],
    ['<img\n  src="b.png"\n/>', ["image b.png"]],
    ['<link href="%PUBLIC_URL%/b.png"><form action="c">', ["link %PUBLIC_URL%/b.png = {…}/b.png"]],
    ["```{toctree}\n---\ncaption: Use\nhidden:\n---\n\nstart\n```", ["include start = start.md"]],
  ])("reads %s", (text, expected) => {
    expect(brief(text)).toEqual(expected);
  });
});

describe("markdown prose", () => {
  it.each([
    ["Run `scripts/train.py` now", ["inline-code scripts/train.py"]],
    [
      "Run `python scripts/train.py --x=data/a.json`",
      ["inline-code scripts/train.py", "inline-code data/a.json"],
    ],
    ["see docs/setup.md.", ["text docs/setup.md"]],
    ["see docs/setup.md:12", ["text docs/setup.md"]],
    ["and/or, train/test, I/O, 1/2, TCP/IP", []],
    ["`torch.nn` `self.data` `Node.js` `x = a/b` `1.5/2`", []],
    ["- train.py\n- `data.json` - the data", ["list train.py", "list data.json"]],
    ["uses train.py here", []],
    ["[docs/a.md](docs/a.md)", ["text docs/a.md", "link docs/a.md"]],
    ["[`a.py`](https://example.org/a.py)", ["url https://example.org/a.py"]],
  ])("reads %s", (text, expected) => {
    expect(brief(text)).toEqual(expected);
  });

  it("knows the list title and the headings that govern an item", () => {
    const [one] = read("## State\n### Files\nMissing files:\n\n- `data/a.json` (2 GB)\n");
    expect(one).toMatchObject({
      kind: "list",
      heading: "State › Files › Missing files:",
      remark: "- `…` (2 GB)",
    });
  });
});

describe("drawn trees", () => {
  it("reads nodes with their whole paths and comments", () => {
    const text = "```\nproj/\n├── src/\n│   ├── a.py   # main\n│   └── b.py\n└── README.md\n```\n";
    const mentions = markdown.extract(Buffer.from(text).toString("latin1"), "README.md").mentions;
    expect(mentions.map(({ raw, path, key, remark }) => ({ raw, path, key, remark }))).toEqual([
      { raw: "proj/", path: "proj/", key: "proj", remark: undefined },
      { raw: "src/", path: "proj/src/", key: "proj", remark: undefined },
      { raw: "a.py", path: "proj/src/a.py", key: "proj", remark: "# main" },
      { raw: "b.py", path: "proj/src/b.py", key: "proj", remark: undefined },
      { raw: "README.md", path: "proj/README.md", key: "proj", remark: undefined },
    ]);
    expect(new Set(mentions.map(({ group }) => group)).size).toBe(1);
  });

  it("reads ASCII trees and trees of indents", () => {
    expect(brief(".\n|-- a.py\n`-- sub\n    `-- b.py\n")).toEqual([
      "tree a.py",
      "tree sub",
      "tree b.py = sub/b.py",
    ]);
    expect(brief("```\nproj/\n  a.py\n  sub/\n    b.py\n```\n")).toEqual([
      "tree proj/",
      "tree a.py = proj/a.py",
      "tree sub/ = proj/sub/",
      "tree b.py = proj/sub/b.py",
    ]);
  });

  it("takes no table for a tree", () => {
    expect(brief("| a | b |\n|---|---|\n| x | y |\n")).toEqual([]);
  });
});
