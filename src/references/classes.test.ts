import { describe, expect, it } from "vitest";
import { judge, type Repository, resolve, show } from "./resolve-references.test-support.ts";

describe("classes", () => {
  it.each<[string, string, Partial<Repository>, string[]]>([
    [
      "resolves",
      "[a](docs/a.md) `src/b.py` [t](docs) ![p](docs/a.md)",
      {},
      ["docs/a.md: resolves", "src/b.py: resolves", "docs: resolves", "docs/a.md: resolves"],
    ],
    ["a link that leads nowhere is stale", "[a](docs/zz.md)", {}, ["docs/zz.md: stale"]],
    [
      "words in code are no paths that must exist",
      "`src/zz.py` and `and/or`",
      {},
      ["src/zz.py: unknown", "and/or: unknown"],
    ],
    ["stale by history", "`old/a.py`", { past: { "old/a.py": {} } }, ["old/a.py: stale"]],
    [
      "stale by its folder's history",
      "`old/never.py`",
      { past: { "old/a.py": {} } },
      ["old/never.py: stale"],
    ],
    [
      "provenance, whether it is there or not",
      "## Copied from\n\n- `src/b.py`\n- `gone/c.py`\n",
      {},
      ["src/b.py: provenance", "gone/c.py: provenance"],
    ],
    [
      "a change log keeps what it says of what is gone",
      "## Changelog\n\n- removed `old/a.py`, added `src/b.py`\n",
      { past: { "old/a.py": {} } },
      ["old/a.py: provenance", "src/b.py: resolves"],
    ],
    [
      "declared missing",
      "## Missing files\n\n- `data/a.json`\n- `old/b.md`\n",
      { past: { "old/b.md": {} } },
      ["data/a.json: declared-missing", "old/b.md: declared-missing"],
    ],
    [
      "dynamic",
      "`runs/${NAME}/a.py` `src/{name}.py`",
      {},
      ["runs/${NAME}/a.py: dynamic", "src/{name}.py: dynamic"],
    ],
    [
      "external",
      "[w](https://example.org/a.md) s3://bucket/x.jsonl",
      {},
      ["https://example.org/a.md: external", "s3://bucket/x.jsonl: external"],
    ],
    [
      "machine",
      "`/home/me/data` `~/x/y.py` `/kaggle/input/a.csv`",
      {},
      ["/home/me/data: machine", "~/x/y.py: machine", "/kaggle/input/a.csv: machine"],
    ],
    [
      "routes and system paths are no machine's",
      "`/api/v1/items` `/usr/bin/env`",
      {},
      ["/api/v1/items: unknown", "/usr/bin/env: external"],
    ],
    [
      "placeholder",
      "`path/to/a.py` `your_folder/b.py` `src/<name>.py`",
      {},
      ["path/to/a.py: placeholder", "your_folder/b.py: placeholder", "src/<name>.py: placeholder"],
    ],
    [
      "a planned tree",
      "## Target structure\n\n```\nsrc/\n├── b.py\n└── new.py\n```\n",
      {},
      ["src/: resolves src", "b.py: resolves src/b.py", "new.py: placeholder src/new.py"],
    ],
    ["generated", "Logs are written to `work/log.txt`.", {}, ["work/log.txt: generated"]],
    ["missing data", "- `data/train.jsonl` (2.49 GB)", {}, ["data/train.jsonl: missing-data"]],
    [
      "data that was here is stale",
      "- `data/train.jsonl`",
      { past: { "data/train.jsonl": {} } },
      ["data/train.jsonl: stale"],
    ],
    ["another case", "[a](docs/A.md)", {}, ["docs/A.md: stale -> docs/a.md (certain)"]],
    ["a submodule that is not here", "[a](ext/x/y.md)", { submodules: ["ext/x"] }, ["ext/x/y.md: external"]],
    ["above the root", "`../other/a.py`", {}, ["../other/a.py: unknown"]],
  ])("%s", (_name, text, more, expected) => {
    expect(judge(text, more)).toEqual(expected);
  });

  it("lets a written file explain a missing one", () => {
    const files = { "make.sh": "echo 1 > out.cfg\n" };
    expect(judge("`out.cfg`", { files })).toEqual(["out.cfg: generated"]);
  });

  it("takes siblings for a proof, and a tree of another project for none", () => {
    const tree = (names: string[]): string =>
      `\`\`\`\nsrc/\n${names.map((name) => `├── ${name}`).join("\n")}\n\`\`\`\n`;
    const files = { "src/c.py": "x = 2" };
    expect(judge(tree(["b.py", "c.py", "gone.py"]), { files })).toEqual([
      "src/: resolves src",
      "b.py: resolves src/b.py",
      "c.py: resolves src/c.py",
      "gone.py: stale src/gone.py",
    ]);
    expect(judge(tree(["x.py", "y.py", "gone.py"]))).toEqual([
      "src/: resolves src",
      "x.py: placeholder src/x.py",
      "y.py: placeholder src/y.py",
      "gone.py: placeholder src/gone.py",
    ]);
  });

  it("judges a dead folder that several files name, below a living one", () => {
    const files = { "one.md": "`src/dead/a.py` `src/dead/b.py`", "two.md": "`src/dead/c.py`" };
    const { references } = resolve({ files: { "src/x.py": "", ...files } });
    expect(references.map(show)).toEqual([
      "src/dead/a.py: stale",
      "src/dead/b.py: stale",
      "src/dead/c.py: stale",
    ]);
    expect(judge("`src/dead/a.py` `src/dead/b.py` `src/dead/c.py`")).toEqual([
      "src/dead/a.py: unknown",
      "src/dead/b.py: unknown",
      "src/dead/c.py: unknown",
    ]);
  });

  it("says nothing against documents of a copied project or of a site", () => {
    const copied = {
      "ext/LICENSE": "l",
      "ext/setup.py": "",
      "ext/tests/t.py": "",
      "ext/README.md": "[a](examples/gone.md)",
    };
    expect(resolve({ files: copied }).references.map(show)).toEqual([
      "examples/gone.md: unknown ext/examples/gone.md",
    ]);
    const site = {
      "site/_toctree.yml": "- local: index\n",
      "site/index.md": "[m](main/x) [p](page) [d](dead.md)",
      "site/page.md": "",
    };
    expect(
      resolve({ files: site })
        .references.filter(({ path }) => path.endsWith(".md"))
        .map(show),
    ).toEqual(["main/x: external site/main/x", "page: resolves site/page.md", "dead.md: stale site/dead.md"]);
  });

  it("gives a listing of another tree one note", () => {
    const other = Array.from({ length: 30 }, (_, at) => `"pkg/mod${at}/layer${at}.py"`).join(", ");
    const { references, notes } = resolve({ files: { "report.json": `{"files": [${other}]}`, "a.md": "" } });
    expect(new Set(references.map((one) => one.class))).toEqual(new Set(["unknown"]));
    expect(notes).toMatchObject([{ code: "unrelated-paths", path: "report.json" }]);
  });

  it("takes an output of one config for the model of another, not for a hub's id", () => {
    const files = {
      "train.yaml": "output_dir: models/tuned\n",
      "serve.yaml": "model: models/tuned\nbase_model: org/name\n",
    };
    const { references } = resolve({ files });
    expect(references.map(show)).toEqual([
      "models/tuned: generated",
      "org/name: external",
      "models/tuned: generated",
    ]);
  });
});
