import { describe, expect, it } from "vitest";
import type { Extraction } from "../schema.ts";
import { extractFile, extractSymlink } from "../index.ts";

function read(name: string, text: string): Extraction {
  const found = extractFile(name, Buffer.from(text));
  if (found === undefined) throw new Error(`nothing reads ${name}`);
  return found.extraction;
}

const brief = (name: string, text: string): string[] =>
  read(name, text).mentions.map(({ kind, raw, path }) => `${kind} ${raw}${path === raw ? "" : ` = ${path}`}`);

describe("reStructuredText", () => {
  it.each([
    [".. include:: a/b.rst\n", ["include a/b.rst"]],
    [".. literalinclude:: ../x.py\n   :language: python\n", ["include ../x.py"]],
    [".. figure:: img/a.png\n   :target: b.rst\n\n   Text.\n", ["image img/a.png", "link b.rst"]],
    [".. |x| image:: a.png\n", ["image a.png"]],
    [
      ".. toctree::\n   :maxdepth: 2\n\n   usage\n   Title <api/index>\n   self\n   https://example.org/\n",
      ["include usage = usage.rst", "include api/index = api/index.rst"],
    ],
    [":doc:`guide` and :download:`it <data/a.csv>`\n", ["link guide = guide.rst", "link data/a.csv"]],
    ["`text <../b.md>`_ and `other <https://example.org>`_\n", ["link ../b.md", "url https://example.org"]],
    [".. _name: files/a.txt\n", ["link files/a.txt"]],
    [".. csv-table::\n   :file: t/a.csv\n", ["include t/a.csv"]],
    [".. code-block:: bash\n\n   python a/b.py\n", ["command a/b.py"]],
    [".. code-block:: python\n\n   open('x/y.py')\n", []],
  ])("reads %j", (text, expected) => {
    expect(brief("a.rst", text)).toEqual(expected);
  });
});

describe("HTML", () => {
  it("reads attributes, no scripts and no comments", () => {
    const text =
      '<img src="a.png"><!-- <img src="b.png"> --><script>x = "<img src=\'c.png\'>"</script><a href="d.html#x">';
    expect(brief("a.html", text)).toEqual(["image a.png", "link d.html"]);
  });
});

describe("lists of files", () => {
  it("reads plain lists and checksums", () => {
    expect(brief("files.txt", "# all\na/b.py\nc/d.md\n")).toEqual(["list a/b.py", "list c/d.md"]);
    expect(brief("SHA256SUMS", `${"a".repeat(64)}  a/b.bin\n${"b".repeat(64)} *c.tar\n`)).toEqual([
      "list a/b.bin",
      "list c.tar",
    ]);
  });

  it("takes prose for no list", () => {
    expect(brief("remarks.txt", "This is prose.\nIt names a/b.py once.\nAnd goes on.\n")).toEqual([]);
  });
});

describe("navigation", () => {
  it("adds the suffix that doc-builder leaves out", () => {
    expect(brief("_toctree.yml", "- sections:\n  - local: index\n    title: Start\n")).toEqual([
      "include index = index.md",
    ]);
  });
});

describe("notebooks", () => {
  const notebook = (...cells: { type: string; source: string | string[]; outputs?: string }[]): string =>
    JSON.stringify({
      cells: cells.map(({ type, source, outputs }) => ({
        cell_type: type,
        metadata: {},
        ...(outputs === undefined ? {} : { outputs: [{ text: [outputs] }] }),
        source,
      })),
      nbformat: 4,
    });

  it("reads sources, never outputs", () => {
    const text = notebook(
      { type: "markdown", source: "[a](../b.md)" },
      { type: "code", source: ['x = open("c/d.json")\n'], outputs: "wrote e/f.py" },
    );
    expect(brief("a.ipynb", text)).toEqual(["link ../b.md", "string c/d.json"]);
  });

  it("follows %cd, ! lines and clones from cell to cell", () => {
    const text = notebook(
      { type: "code", source: "!git clone https://github.com/other/tool\n%cd tool" },
      { type: "code", source: "!python run.py" },
    );
    const run = read("a.ipynb", text).mentions.find(({ raw }) => raw === "run.py");
    expect(run?.bases).toEqual([{ kind: "clone", url: "https://github.com/other/tool", path: "" }]);
    const plain = notebook(
      { type: "code", source: "%cd ../src\n" },
      { type: "code", source: "open('a/b.json')" },
    );
    expect(brief("a.ipynb", plain)).toEqual(["command ../src", "string a/b.json = ../src/a/b.json"]);
  });

  it("knows a file that %%writefile defines, and imports", () => {
    const text = notebook(
      { type: "code", source: "%%writefile helper.py\nx = 1\n" },
      { type: "code", source: "%pip install x\nimport helper\n" },
    );
    const extraction = read("a.ipynb", text);
    expect(extraction.writes).toEqual(["helper.py"]);
    expect(extraction.mentions).toMatchObject([{ raw: "helper.py", use: "define" }]);
    expect(extraction.imports).toMatchObject([{ module: "helper" }]);
  });

  it("says when a file is no notebook", () => {
    expect(read("a.ipynb", "not json").notes).toMatchObject([{ code: "syntax" }]);
  });
});

describe("symlinks", () => {
  it("are one relative path", () => {
    expect(extractSymlink(Buffer.from("../b/ü.py")).mentions).toMatchObject([
      { start: 0, end: 10, raw: "../b/ü.py", kind: "symlink" },
    ]);
    expect(extractSymlink(Buffer.from("")).mentions).toEqual([]);
  });
});
