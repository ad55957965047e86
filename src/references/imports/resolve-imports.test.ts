import { describe, expect, it } from "vitest";
import { TreeIndex, type FileEntry, type History } from "../../repository/index.ts";
import { extractFile } from "../extract/index.ts";
import type { Extraction } from "../schema.ts";
import { resolveImports } from "./resolve-imports.ts";

type Given = { packages?: string[]; links?: Record<string, string>; past?: string[] };

function pastOf(paths: readonly string[]): History {
  return {
    reaches: "c0",
    complete: true,
    pastFile: (path) =>
      paths.includes(path) ? { path, blob: "b", removedIn: "c1", movedTo: [] } : undefined,
    pastFolder: (path) => paths.some((one) => one.startsWith(`${path}/`)),
    versions: () => [],
    placesOf: () => [],
  };
}

const entryOf = (path: string, mode: FileEntry["mode"]): FileEntry => ({
  path,
  blob: path,
  size: 1,
  mode,
  state: "tracked",
});

/** Resolves a small tree given as texts by path. */
async function resolved(files: Record<string, string>, given: Given = {}) {
  const links = given.links ?? {};
  const extractions = new Map<string, Extraction>();
  for (const [path, text] of Object.entries(files)) {
    const found = extractFile(path, Buffer.from(text));
    if (found !== undefined) extractions.set(path, found.extraction);
  }
  return resolveImports({
    index: new TreeIndex([
      ...Object.keys(files).map((path) => entryOf(path, "file")),
      ...Object.keys(links).map((path) => entryOf(path, "symlink")),
    ]),
    extractions,
    packages: given.packages ?? [],
    history: given.past === undefined ? undefined : pastOf(given.past),
    readText: async (path) => links[path] ?? files[path] ?? "",
  });
}

/** `path:line module class target` of every row. */
async function rowsOf(files: Record<string, string>, given: Given = {}): Promise<string[]> {
  const { imports } = await resolved(files, given);
  return imports.map((row) =>
    [`${row.path}:${row.line}`, row.module, row.class, row.target]
      .filter((one) => one !== undefined)
      .join(" "),
  );
}

const main = "if __name__ == '__main__':\n  pass\n";

describe("an import", () => {
  it("resolves beside a script, in packages and by relative names", async () => {
    expect(
      await rowsOf({
        "s/run.py": `import helper\nfrom pkg import thing, sub\nimport pkg.sub\n${main}`,
        "s/helper.py": "",
        "s/pkg/__init__.py": "from .sub import thing\n",
        "s/pkg/sub.py": "thing = 1\n",
      }),
    ).toEqual([
      "s/pkg/__init__.py:1 .sub resolves s/pkg/sub.py",
      "s/run.py:1 helper resolves s/helper.py",
      "s/run.py:2 pkg resolves s/pkg/__init__.py",
      "s/run.py:3 pkg.sub resolves s/pkg/sub.py",
    ]);
  });

  it("of other people's packages is never missing, and the standard library is only counted", async () => {
    const { imports, summary } = await resolved({
      "run.py": `import os, torch\nimport some_company_tool.x\n${main}`,
    });
    expect(imports.map((row) => row.class)).toEqual(["installed-elsewhere", "installed-elsewhere"]);
    expect(summary).toMatchObject({ imports: 3, standard: 1, "installed-elsewhere": 2 });
  });

  it("is internal-missing where a package lacks the module, also relative and without a parent", async () => {
    expect(
      await rowsOf(
        {
          "run.py": `from pkg.gone import x\nfrom .other import y\n${main}`,
          "pkg/__init__.py": "from . import away\nfrom .away import z\n",
        },
        { past: ["pkg/away.py"] },
      ),
    ).toEqual([
      "pkg/__init__.py:1 . internal-missing pkg/away.py",
      "pkg/__init__.py:2 .away internal-missing pkg/away.py",
      "run.py:1 pkg.gone internal-missing pkg/gone.py",
      "run.py:2 .other internal-missing other.py",
    ]);
  });

  it("is internal-missing where history had the module, and where only another folder of the package has it", async () => {
    const files = {
      "p/scripts/run.py": `import old_helper\nfrom moe import Model\nfrom moe import Other\n${main}`,
      "p/models/moe.py": "class Model: pass\n",
    };
    expect(await rowsOf(files, { packages: ["p"], past: ["p/scripts/old_helper.py"] })).toEqual([
      "p/scripts/run.py:1 old_helper internal-missing p/scripts/old_helper.py",
      "p/scripts/run.py:2 moe internal-missing p/models/moe.py",
      "p/scripts/run.py:3 moe installed-elsewhere",
    ]);
  });

  it("is name-missing where the module has no such name, and not where names may come from elsewhere", async () => {
    const rows = await rowsOf({
      "run.py": `from a import x, y\nfrom b import x\nfrom c import x\nfrom d import x, y\n${main}`,
      "a.py": "x = 1\n",
      "b.py": "from elsewhere import *\n",
      "c.py": "def __getattr__(name): pass\n",
      "d.py": "from a import *\n",
    });
    expect(rows.filter((row) => row.startsWith("run.py"))).toEqual([
      "run.py:1 a name-missing a.py",
      "run.py:2 b resolves b.py",
      "run.py:3 c resolves c.py",
      "run.py:4 d name-missing d.py",
    ]);
  });

  it("without a parent package is told apart when a file runs as a script", async () => {
    const { imports, entries } = await resolved({
      "odd-folder/run.py": `from .helper import x\n${main}`,
      "odd-folder/helper.py": "x = 1\n",
    });
    expect(imports.map((row) => row.class)).toEqual(["relative-without-parent"]);
    expect(entries.map(({ mode, loads, missing }) => ({ mode, loads, missing }))).toEqual([
      { mode: "script", loads: false, missing: [".helper"] },
    ]);
  });

  it("is optional if another branch works, and missing if every branch of what was ours fails", async () => {
    expect(
      await rowsOf(
        {
          "run.py": `try:\n  from pkg.a import x\nexcept ImportError:\n  from b import x\ntry:\n  import gone\nexcept ImportError:\n  gone = None\n${main}`,
          "pkg/__init__.py": "",
          "b.py": "x = 1\n",
        },
        { past: ["gone.py"] },
      ),
    ).toEqual([
      "run.py:2 pkg.a optional pkg/a.py",
      "run.py:4 b resolves b.py",
      "run.py:6 gone internal-missing gone.py",
    ]);
  });

  it("follows symlinks of files and folders, and misses what a dead one stood for", async () => {
    expect(
      await rowsOf(
        {
          "a/run.py": `import shared\nimport lib.x\n${main}`,
          "b/shared.py": "import near\n",
          "b/lib/x.py": "",
        },
        { links: { "a/shared.py": "../b/shared.py", "a/lib": "../b/lib", "a/near.py": "nowhere.py" } },
      ),
    ).toEqual([
      "a/run.py:1 shared resolves a/shared.py",
      "a/run.py:2 lib.x resolves a/lib/x.py",
      "b/shared.py:1 near internal-missing a/near.py",
    ]);
  });
});
