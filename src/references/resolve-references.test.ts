import { describe, expect, it } from "vitest";
import { judge, type Repository, resolve, show } from "./resolve-references.test-support.ts";

describe("resolving", () => {
  it("tries file, package, root, and folders between", () => {
    const files = { "p/q/scripts/a.py": "", "p/scripts/b.py": "", "scripts/c.py": "" };
    const text = "`scripts/a.py` `scripts/b.py` `scripts/c.py`";
    const { references } = resolve({ files: { ...files, "p/q/README.md": text }, packages: ["p"] });
    expect(references.map(({ target, base }) => [target, base])).toEqual([
      ["p/q/scripts/a.py", "file"],
      ["p/scripts/b.py", "package"],
      ["scripts/c.py", "root"],
    ]);
  });

  it("sees through tracked symlinks, and a broken one is stale", () => {
    const { references } = resolve({
      files: { "real/a.py": "", "README.md": "[a](alias/a.py)" },
      links: { alias: "real", broken: "nowhere/x" },
    });
    expect(references.map(show)).toEqual([
      "alias/a.py: resolves real/a.py",
      "real: resolves",
      "nowhere/x: stale",
    ]);
  });

  it("infers a mount from five mentions in three files, not from four", () => {
    const files: Record<string, string> = {};
    for (const name of ["a", "b", "c", "d", "e"]) files[`src/${name}.py`] = "";
    const names = (list: string): string =>
      list
        .split("")
        .map((name) => `\`/workspace/app/src/${name}.py\``)
        .join(" ");
    const many = resolve({
      files: { ...files, "1.md": names("ab"), "2.md": names("cd"), "3.md": names("e") },
    });
    expect(many.mount).toBe("/workspace/app");
    expect(many.references.map(show)[0]).toBe("/workspace/app/src/a.py: resolves src/a.py");
    const few = resolve({ files: { ...files, "1.md": names("ab"), "2.md": names("c"), "3.md": names("d") } });
    expect(few.mount).toBeNull();
    expect(new Set(few.references.map((one) => one.class))).toEqual(new Set(["machine"]));
  });

  it("calls a link of one bare word unknown, a link to a file that is gone stale", () => {
    const text = "[a](rootReadme) [b](docs/gone.md) [c](LICENSE)";
    expect(judge(text).map((one) => one.split(" ").slice(0, 2).join(" "))).toEqual([
      "rootReadme: unknown",
      "docs/gone.md: stale",
      "LICENSE: stale",
    ]);
  });

  it("uses a configured mount at once", () => {
    const config = { mount: "ai", repositoryUrls: [] };
    expect(judge("`ai/src/b.py`", { config })).toEqual(["ai/src/b.py: resolves src/b.py"]);
  });

  it("reads its own addresses, on a branch alone", () => {
    const own = "https://github.com/own/repo";
    const text = `[a](${own}/blob/main/docs/a.md) [b](${own}/tree/main/gone) [c](${own}/blob/0123456789abcdef/gone.md) [d](https://github.com/other/repo/blob/main/docs/a.md)`;
    expect(judge(text).map((line) => line.replaceAll(own, "OWN"))).toEqual([
      "OWN/blob/main/docs/a.md: resolves docs/a.md",
      "OWN/tree/main/gone: stale gone",
      "OWN/blob/0123456789abcdef/gone.md: external",
      "https://github.com/other/repo/blob/main/docs/a.md: external",
    ]);
  });

  it("takes an address of its own with a hole or of a tag for no file of the branch", () => {
    const raw = "https://raw.githubusercontent.com/own/repo";
    const text = `\`${raw}/main/gone/{name}.py\` [t](${raw}/refs/tags/v1/gone/a.md) [h](${raw}/refs/heads/main/docs/a.md)`;
    expect(judge(text).map((line) => line.replaceAll(raw, "RAW"))).toEqual([
      "RAW/main/gone/{name}.py: dynamic gone/{name}.py",
      "RAW/refs/tags/v1/gone/a.md: external",
      "RAW/refs/heads/main/docs/a.md: resolves docs/a.md",
    ]);
  });

  it("looks for what a template links from its application's folder too", () => {
    const page = '<link href="static/a.css"><link href="static/b.css"><form action="search"></form>';
    const { references } = resolve({
      files: { "web/templates/sub/page.html": page, "web/static/a.css": "" },
      past: { "web/static/b.css": {} },
    });
    expect(references.map(show)).toEqual([
      "static/a.css: resolves web/static/a.css",
      "static/b.css: stale web/static/b.css",
    ]);
  });

  it("finds the module that a string names in the project's source folder", () => {
    const { references } = resolve({
      files: {
        "kit/src/kit/api.py": "def get():\n    pass\n",
        "src/top/api.py": "def get():\n    pass\n",
        "kit/tests/test_api.py":
          'from unittest import mock\nmock.patch("kit.api.get")\nmock.patch("top.api.get")\nmock.patch("other.api.get")\n',
      },
    });
    expect(references.map(({ raw, class: one, base }) => [raw, one, base])).toEqual([
      ["kit.api.get", "resolves", "search:kit/src"],
      ["top.api.get", "resolves", "search:src"],
      ["other.api.get", "external", undefined],
    ]);
  });

  it("knows the pages that an autosummary writes", () => {
    const { references } = resolve({
      files: {
        "docs/index.md":
          "[a](api/kit.core.Thing.rst) [b](api/kit.core.Thing.load.rst) [c](api/kit.core.Other.rst)",
        "docs/api/kit.rst":
          ".. currentmodule:: kit.core\n\n.. autosummary::\n   :toctree: .\n   :template: class.rst\n\n   Thing\n",
      },
    });
    expect(references.filter(({ path }) => path === "docs/index.md").map(({ class: one }) => one)).toEqual([
      "generated",
      "generated",
      "stale",
    ]);
  });

  it("finds what a manifest in a source folder takes along from the root", () => {
    const manifest = "include src/kit/README.md\ninclude src/kit/GONE.md\n";
    const { references } = resolve({
      files: { "src/kit/MANIFEST.in": manifest, "src/kit/README.md": "" },
      past: { "src/kit/GONE.md": {} },
    });
    expect(references.map(show)).toEqual(["src/kit/README.md: resolves", "src/kit/GONE.md: stale"]);
  });

  it("expands globs", () => {
    expect(judge("`src/*.py` `src/*.rs`")).toEqual(["src/*.py: resolves", "src/*.rs: unknown"]);
  });

  it("follows a command's folder, and blames the cd, not what follows", () => {
    expect(judge("```bash\ncd src\npython b.py\n```\n")).toEqual([
      "src: resolves",
      "b.py: resolves src/b.py",
    ]);
    const past = { "old/x.py": {} };
    expect(judge("```bash\ncd old\npython y.py\n```\n", { past })).toEqual([
      "old: stale",
      "y.py: unknown old/y.py",
    ]);
  });

  it("leaves a clone of others alone and takes its own for itself", () => {
    const clone = (url: string, file: string): string =>
      `\`\`\`bash\ngit clone ${url}\ncd repo\npip install -r ${file}\n\`\`\`\n`;
    expect(judge(clone("https://github.com/other/repo", "requirements.txt")).at(-1)).toBe(
      "requirements.txt: external",
    );
    const own = judge(clone("https://github.com/own/repo", "docs/a.md"));
    expect(own.at(-1)).toBe("docs/a.md: resolves");
  });

  it("gives the same rows whatever the order of files", () => {
    const files = { "b.md": "`old/a.py` [x](c.md)", "a.md": "[y](b.md)", "c.md": "" };
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    const past = { "old/a.py": {} };
    expect(resolve({ files: reversed, past }).references).toEqual(resolve({ files, past }).references);
  });
});

describe("fixes", () => {
  it.each<[string, string, Partial<Repository>, string[]]>([
    [
      "moved bytes, in the old style",
      "[a](./old/a.py)",
      { files: { "new/a.py": "1" }, past: { "old/a.py": { movedTo: ["new/a.py"] } } },
      ["./old/a.py: stale old/a.py -> ./new/a.py (certain)"],
    ],
    [
      "the same bytes elsewhere",
      "`old/a.py`",
      { files: { "lib/z.py": "bytes" }, past: { "old/a.py": { contents: "bytes" } } },
      ["old/a.py: stale -> lib/z.py (certain)"],
    ],
    [
      "moved twice",
      "`old/a.py`",
      {
        files: { "now/a.py": "" },
        past: { "old/a.py": { movedTo: ["mid/a.py"] }, "mid/a.py": { movedTo: ["now/a.py"] } },
      },
      ["old/a.py: stale -> now/a.py (certain)"],
    ],
    [
      "a moved folder",
      "[d](old/)",
      { files: { "new/README.md": "" }, past: { "old/README.md": { movedTo: ["new/README.md"] } } },
      ["old/: stale old -> new/ (certain)"],
    ],
    [
      "one file of that name",
      "[a](gone/telling.md)",
      { files: { "lib/telling.md": "" } },
      ["gone/telling.md: stale -> lib/telling.md (likely)"],
    ],
    [
      "a usual name is no proof",
      "[a](gone/README.md)",
      { files: { "x/y/README.md": "" } },
      ["gone/README.md: stale"],
    ],
    [
      "several: none is chosen",
      "[a](gone/telling.md)",
      { files: { "lib/telling.md": "", "x/telling.md": "" } },
      ["gone/telling.md: stale"],
    ],
    [
      "a separator misspelled",
      "[a](src/loss-terms.py)",
      { files: { "src/loss_terms.py": "" } },
      ["src/loss-terms.py: stale -> src/loss_terms.py (likely)"],
    ],
    [
      "a space is escaped in a link",
      "[a](old/a.md)",
      { files: { "new name/a.md": "" }, past: { "old/a.md": { movedTo: ["new name/a.md"] } } },
      ["old/a.md: stale -> new%20name/a.md (certain)"],
    ],
    [
      "an own address",
      "[a](https://github.com/own/repo/blob/main/old/a.py)",
      { files: { "new/a.py": "" }, past: { "old/a.py": { movedTo: ["new/a.py"] } } },
      [
        "https://github.com/own/repo/blob/main/old/a.py: stale old/a.py -> https://github.com/own/repo/blob/main/new/a.py (certain)",
      ],
    ],
  ])("%s", (_name, text, more, expected) => {
    expect(judge(text, more)).toEqual(expected);
  });

  it("says what was deleted without a successor", () => {
    const { references } = resolve({ files: { "README.md": "`old/a.py`" }, past: { "old/a.py": {} } });
    expect(references[0]?.evidence.map(({ kind }) => kind)).toEqual(["history", "deleted"]);
    expect(references[0]?.fix).toBeUndefined();
  });
});

describe("data sets", () => {
  it("lists each with its state and all that mention it", () => {
    const files = {
      "README.md": "- `data/a.jsonl` (1 GB)\n- `data/b.jsonl`\n- `data/c.csv`\n",
      "conf.yaml": "train: data/a.jsonl\nmirror: s3://bucket/x/b.jsonl\n",
      "data/c.csv": "1,2",
    };
    expect(resolve({ files }).datasets).toEqual([
      {
        name: "a.jsonl",
        state: "missing",
        mentions: [
          { path: "README.md", line: 1 },
          { path: "conf.yaml", line: 1 },
        ],
      },
      {
        name: "b.jsonl",
        state: "remote",
        pointer: "s3://bucket/x/b.jsonl",
        mentions: [
          { path: "README.md", line: 2 },
          { path: "conf.yaml", line: 2 },
        ],
      },
      { name: "c.csv", state: "present", mentions: [{ path: "README.md", line: 3 }] },
    ]);
  });
});
