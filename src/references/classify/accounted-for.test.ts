import { describe, expect, it } from "vitest";
import type { Repository } from "../resolve-references.test-support.ts";
import { classOf } from "./class-of.test-support.ts";

describe("data that is not here", () => {
  it.each<[rule: string, raw: string, wanted: string, text: string, path: string]>([
    [
      "is missing where code reads it",
      "data/a.csv",
      "missing-data",
      'pd.read_csv("data/a.csv")\n',
      "train.py",
    ],
    [
      "is made where the same code downloads or unpacks",
      "data/a.csv",
      "generated",
      'download(URL, path="data")\npd.read_csv("data/a.csv")\n',
      "train.py",
    ],
    [
      "is made where the same script fetches",
      "glue/dev.tsv",
      "generated",
      'wget "$URL" -O x.zip\nunzip x.zip\npython train.py --dev glue/dev.tsv\n',
      "run.sh",
    ],
    [
      "is an example in a comment",
      "folder/name.csv",
      "unknown",
      '"""Loads a table.\n\nExample: load("folder/name.csv")\n"""\n',
      "load.py",
    ],
    [
      "is made by a test that does not read it",
      "./datasets/",
      "unknown",
      'directory_prefix = "./datasets/"\n',
      "tests/test_fit.py",
    ],
    [
      "is put out by a run, by its name",
      "./evaluate/results_by_set.csv",
      "generated",
      'aws s3 cp ./evaluate/results_by_set.csv "s3://bucket/x"\ncat ./evaluate/results_by_set.csv\n',
      "bench.sh",
    ],
  ])("%s", (_rule, raw, wanted, text, path) => {
    expect(classOf(raw, text, {}, path)).toBe(wanted);
  });
});

describe("what a path is taken for if it never was here", () => {
  it.each<[rule: string, raw: string, wanted: string, text: string, path: string]>([
    ["a word of a list of options", "mode", "unknown", "```\n├── mode\n└── json\n```\n", "cli/COMMANDS.md"],
    ["a file of a planned tree", "new.py", "placeholder", "```\n├── new.py\n└── other.py\n```\n", "guide.md"],
    [
      "words with a slash in a change log",
      "fit/evaluate",
      "unknown",
      "Renamed `fit/evaluate`.\n",
      "CHANGELOG.md",
    ],
    [
      "a file in a change log",
      "fit/evaluate.py",
      "provenance",
      "Renamed `fit/evaluate.py`.\n",
      "CHANGELOG.md",
    ],
    [
      "an id under a key for a name, though checkpoints are outputs",
      "openai/clip-base",
      "external",
      "checkpoint_name: openai/clip-base\n",
      "conf/a.yaml",
    ],
    ["an output folder of a machine", "/tmp/output", "machine", 'OUT_DIR = "/tmp/output"\n', "train.py"],
    [
      "a usual name that other code writes",
      "main.py",
      "unknown",
      'name = "main.py"\nprint(f"see {name}")\nfiles = ["main.py"]\n',
      "a/list.py",
    ],
  ])("%s", (_rule, raw, wanted, text, path) => {
    expect(classOf(raw, text, { files: { "b/make.py": 'open("out/main.py", "w")\n' } }, path)).toBe(wanted);
  });
});

describe("what a build, a site or a host accounts for", () => {
  it.each<[rule: string, raw: string, wanted: string, text: string, path: string, more: Partial<Repository>]>(
    [
      [
        "a page below a folder that an anchored rule ignores, never committed",
        "../api/a.md",
        "generated",
        "[a](../api/a.md)\n",
        "docs/guide/x.md",
        { files: { ".gitignore": "/docs/api\n" } },
      ],
      [
        "the same page, once committed",
        "../api/a.md",
        "stale",
        "[a](../api/a.md)\n",
        "docs/guide/x.md",
        { files: { ".gitignore": "/docs/api\n" }, past: { "docs/api/a.md": {} } },
      ],
      [
        "a picture that a web project serves from its root",
        "/ui.png",
        "resolves",
        "![u](/ui.png)\n",
        "docs/guide/x.md",
        { files: { "docs/public/ui.png": "x" } },
      ],
      ["a route of a page", "/error-handling", "unknown", "[e](/error-handling)\n", "content/x.mdx", {}],
      [
        "a document named from the repository's root",
        "/docs/gone.md",
        "stale",
        "[e](/docs/gone.md)\n",
        "guide/x.md",
        {},
      ],
      [
        "what a package publishes",
        "./lib/index.js",
        "generated",
        '{"main": "./lib/index.js"}\n',
        "packages/a/package.json",
        { past: { "packages/a/lib/index.js": {} } },
      ],
      [
        "a page made of a template",
        "accepted",
        "generated",
        ".. toctree::\n\n   accepted\n",
        "docs/index.rst",
        { files: { "docs/accepted.rst.tmpl": "x" } },
      ],
      [
        "a generated file by its attribute",
        "pkg/version.py",
        "generated",
        "pkg/version.py linguist-generated\n",
        ".gitattributes",
        { past: { "pkg/version.py": {} } },
      ],
      [
        "a pattern in a folder that is here",
        "../src/**/*.mts",
        "unknown",
        '{"include": ["../src/**/*.mts"]}\n',
        "packages/a/conf/tsconfig.json",
        { files: { "packages/a/src/a.ts": "x" }, past: { "src/a.mts": {} } },
      ],
      [
        "a usual path, once another project's",
        "src/index.ts",
        "unknown",
        "Start with `src/index.ts`.\n",
        "packages/docs/guide.md",
        { files: { "packages/docs/package.json": "{}" }, past: { "src/index.ts": {} } },
      ],
      [
        "the same path in the project that had it",
        "src/index.ts",
        "stale",
        "Start with `src/index.ts`.\n",
        "packages/docs/guide.md",
        { files: { "packages/docs/package.json": "{}" }, past: { "packages/docs/src/index.ts": {} } },
      ],
      [
        "a value in a test's example of a project",
        "lib/other.js",
        "unknown",
        '{"entrypoints": ["lib/other.js"]}\n',
        "tests/fixtures/one/tool.json",
        { past: { "tests/fixtures/one/lib/other.js": {} } },
      ],
      [
        "an archive that a workflow's earlier step makes",
        "packages/a/package.tgz",
        "generated",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: mv packages/a/package.tgz out.tgz\n",
        ".github/workflows/a.yml",
        {},
      ],
      [
        "a file that never was in a folder of a usual name",
        "src/area.test.ts",
        "unknown",
        "Say `src/area.test.ts` is one.\n",
        "docs/x.md",
        { past: { "src/old.ts": {} } },
      ],
      [
        "an entry of a workspace that its key names",
        "src/node/cli.ts",
        "resolves",
        '{"workspaces": {"packages/tool": {"entry": ["src/node/cli.ts"]}}}\n',
        "knip.json",
        { files: { "packages/tool/src/node/cli.ts": "x" }, past: { "src/node/cli.ts": {} } },
      ],
      [
        "a page of another project's documentation",
        "a.rst",
        "resolves",
        ":doc:`python:library/pickle` and :doc:`a`\n\n.. include:: a.rst\n",
        "docs/x.rst",
        { files: { "docs/a.rst": "x" } },
      ],
      ["an id of a hub as a link", "org/Model-7B", "unknown", "[m](org/Model-7B)\n", "docs/x.md", {}],
      ["a file of a hub", "hf:org/repo/a.gguf", "external", "Take `hf:org/repo/a.gguf`.\n", "docs/x.md", {}],
      [
        "release notes keep what they say",
        "pkg/old.py",
        "provenance",
        "`pkg/old.py` goes away.\n",
        "doc/release/1.9.0-notes.rst",
        { past: { "pkg/old.py": {} } },
      ],
      [
        "a script seen from another folder of the repository",
        "scripts/check.mjs",
        "resolves",
        "Run `node scripts/check.mjs`.\n",
        "README.md",
        { files: { "bindings/scripts/check.mjs": "x" }, past: { "scripts/other.mjs": {} } },
      ],
      [
        "what a tool puts into a folder of its own",
        ".tool/a.json",
        "unknown",
        "It writes `.tool/a.json`.\n",
        "docs/a.md",
        {},
      ],
    ],
  )("%s", (_rule, raw, wanted, text, path, more) => {
    expect(classOf(raw, text, more, path)).toBe(wanted);
  });
});
