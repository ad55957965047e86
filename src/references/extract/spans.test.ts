import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extractFile } from "./index.ts";

const fragments = [
  "# Title é\n",
  'See [a](docs/a%20b.md#x) and ![p](img/ü.png "t").\n',
  "Run `python scripts/träin.py --config=configs/a.yaml` or `tools/x.sh`.\n",
  "- `data/train.jsonl` (2 GB) – missing\n",
  "```\nproj/\n├── src/\n│   ├── a.py  # main\n│   └── ö.py\n└── README.md\n```\n",
  "```bash\ncd pkg\npython train.py --data data/x.csv > out/log.txt\n```\n",
  '<img src="img/a.png" width="3">\n',
  "[ref]: ../x/y.md\n",
  '{"path": "configs/a.json", "list": ["a/b.py", "ü/c.md"], "e": "a\\u00e9/b.py", "cmd": "python tools/run.py"}\n',
  "key: value/with.py # note\nlist:\n  - 'quoted/a.md'\n  - \"dq/b.yaml\"\nflow: [x/y.py, {k: z/w.json}]\nblock: |\n  python scripts/a.py\n",
  '[tool]\npath = "src/a.py"\nlist = ["a/b.md", \'c/d.md\']\n"data/x.json" = 1\n',
  ".. include:: parts/a.rst\n\n.. toctree::\n\n   usage\n   api/index\n\n:doc:`other` and `text <../b.md>`_\n",
  "nav:\n  - Home: index.md\n  - deep/page.md\n",
  '{"cells": [{"cell_type": "code", "source": ["!python tools/a.py\\n", "open(\\"data/é.json\\")\\n", "%cd sub"]}, {"cell_type": "markdown", "source": "[x](../y.md)"}]}\n',
  "a/b.txt\nc/d.py\ne/f.md\n",
  "\u0000",
];
const names = [
  "a.md",
  "a.mdx",
  "a.json",
  "a.yaml",
  "a.toml",
  "a.rst",
  "a.html",
  "a.ipynb",
  "files.txt",
  "mkdocs.yml",
  "_toctree.yml",
];

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...fragments.slice(0, -1)).map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes.map((byte) => byte || 32))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("\u00a0", "\ufeff", "\r", "`", "[", "](", '"', "'", "{{ x }}", "é/ü.py ")
      .map((text) => Buffer.from(text)),
  },
);

describe("spans of every format", () => {
  it("cover exactly the bytes that `raw` decodes, with CRLF, BOM and invalid UTF-8", () => {
    let looked = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...names),
        fc.boolean(),
        fc.boolean(),
        (pieces, name, crlf, bom) => {
          let text = Buffer.concat(pieces).toString("latin1");
          if (crlf) text = text.replaceAll("\n", "\r\n");
          const bytes = Buffer.from(`${bom ? "\u00ef\u00bb\u00bf" : ""}${text}`, "latin1");
          const found = extractFile(name, bytes);
          if (found === undefined) throw new Error(`no extractor for ${name}`);
          const lines = bytes.toString("latin1");
          for (const { start, end, raw, line } of found.extraction.mentions) {
            looked++;
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(bytes.length);
            expect(raw).toBe(bytes.subarray(start, end).toString("utf8"));
            expect(line).toBe(lines.slice(0, start).split("\n").length);
          }
        },
      ),
      { numRuns: 600 },
    );
    expect(looked).toBeGreaterThan(2000);
  });

  it("are a function of the bytes alone", () => {
    const bytes = Buffer.from(fragments.slice(0, 8).join(""));
    expect(extractFile("a.md", bytes)).toEqual(extractFile("deep/below/b.md", bytes));
  });
});

describe("bad input", () => {
  it.each(names)("is read to its end: long lines, deep nesting, half tokens (%s)", (name) => {
    const size = 300_000;
    for (const text of [
      "[".repeat(size),
      "{".repeat(size),
      '{"a":'.repeat(size / 5),
      "a/".repeat(size / 2),
      "`".repeat(size),
      "](".repeat(size / 2),
      "<a ".repeat(size / 3),
      "- ".repeat(size / 2),
      `"${"\\".repeat(size)}`,
      "|--".repeat(size / 3),
      "├──".repeat(size / 9),
      ": ".repeat(size / 2),
      "x=".repeat(size / 2),
      " ".repeat(size),
      "a.b".repeat(size / 3),
      ".. include:: ".repeat(size / 13),
      "é".repeat(size / 2),
      "![](a.png)".repeat(size / 10),
    ]) {
      expect(extractFile(name, Buffer.from(text))?.extraction.notes).toBeDefined();
    }
  });

  it("gives UTF-16 and binary contents a note and nothing else", () => {
    expect(extractFile("a.md", Buffer.from("\ufeffabc", "utf16le"))?.extraction).toMatchObject({
      mentions: [],
      notes: [{ code: "utf16" }],
    });
    expect(extractFile("a.json", Buffer.from("{}\u0000"))?.extraction).toMatchObject({
      mentions: [],
      notes: [{ code: "binary" }],
    });
  });
});
