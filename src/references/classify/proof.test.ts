import { describe, expect, it } from "vitest";
import { judge, type Repository } from "../resolve-references.test-support.ts";

const own = "https://github.com/own/repo";

/** What the rules say of the only mention of `raw`. */
function classOf(raw: string, text: string, more: Partial<Repository>, path: string): string | undefined {
  const lines = judge(text, more, path).filter((line) => line.startsWith(`${raw}: `));
  expect(lines.length).toBeGreaterThan(0);
  return lines[0]?.slice(raw.length + 2).split(" ")[0];
}

describe("what proves that a path should be here", () => {
  it.each<[rule: string, raw: string, wanted: string, text: string, path: string, more: Partial<Repository>]>(
    [
      [
        "a file of almost that name elsewhere says nothing of a name joined to a folder of run time",
        "readme.md",
        "unknown",
        'notes = store.join(folder, "readme.md")\n',
        "api/notes.py",
        { files: { "README.md": "x" } },
      ],
      [
        "a link in other letters is broken where letters count",
        "readme.md",
        "stale",
        "[r](readme.md)\n",
        "docs/x.md",
        { files: { "docs/README.md": "x" } },
      ],
      [
        "a bare name in code, once a file beside it: a build may put it elsewhere",
        "gallery.json",
        "unknown",
        'NAMES = {"tasks_file": "gallery.json"}\n',
        "app/combine.py",
        { past: { "app/gallery.json": {} } },
      ],
      [
        "the same name, computed from the file's own place",
        "gallery.json",
        "stale",
        'import os\nopen(os.path.join(os.path.dirname(__file__), "gallery.json"))\n',
        "app/combine.py",
        { past: { "app/gallery.json": {} } },
      ],
      [
        "a bare name in prose, once a file of another folder",
        "setup.py",
        "unknown",
        "Only what that package's `setup.py` names.\n",
        "release/guide.md",
        { past: { "setup.py": {} } },
      ],
      [
        "a bare name in prose, once a file beside the page",
        "easy.sh",
        "stale",
        "Run `easy.sh` first.\n",
        "release/guide.md",
        { past: { "release/easy.sh": {} } },
      ],
      [
        "a script that a variable names with `./`, once beside the package's others",
        "./train.py",
        "stale",
        "export TRAIN_SCRIPT=./train.py\n",
        "pack/slurm/run.sh",
        { packages: ["pack"], files: { "pack/src/train.py": "x" }, past: { "pack/train.py": {} } },
      ],
      [
        "a link to a folder named like a repository that something clones",
        "../slurm/README.md",
        "stale",
        "```bash\ngit clone https://github.com/other/slurm\n```\nSee [it](../slurm/README.md).\n",
        "nemo/guide.md",
        {},
      ],
      [
        "an argument below a folder that is gone: the command may make it",
        "data/short/wiki_29",
        "unknown",
        "```bash\npython tools/pre.py --input data/short/wiki_29\n```\n",
        "notes/a.md",
        { past: { "notes/data/old.txt": {} } },
      ],
      [
        "what a script removes need not exist",
        "tutorials/eda",
        "unknown",
        "rm -rf tutorials/eda\n",
        "build.sh",
        { past: { "tutorials/eda/a.md": {} } },
      ],
      [
        "a reader's own script in a tutorial",
        "array-test.slurm",
        "unknown",
        "```bash\nsbatch array-test.slurm\n```\n",
        "guide/slurm.md",
        {},
      ],
      [
        "a documented script of which one of almost that name is here",
        "download-prepare.py",
        "stale",
        "```bash\npython download-prepare.py\n```\n",
        "guide/use.md",
        { files: { "guide/download_prepare.py": "x" } },
      ],
      [
        "a script that fetches the script it runs",
        "./adjust.py",
        "generated",
        "python -m wget https://example.org/tools/adjust.py\npython ./adjust.py\n",
        "ci/run.sh",
        {},
      ],
      [
        "a bare script in a script whose other scripts are here",
        "second.py",
        "stale",
        "python first.py\npython second.py\n",
        "jobs/run.sh",
        { files: { "jobs/first.py": "x" } },
      ],
      [
        "a bare script in a script of which nothing else is here",
        "second.py",
        "unknown",
        "python second.py\n",
        "jobs/run.sh",
        {},
      ],
      [
        "a pattern below an argument is no dead folder",
        "**/*.tar",
        "unknown",
        'from pathlib import Path\nfor one in sorted(Path(sys.argv[1]).glob("**/*.tar")): pass\n',
        "tools/a.py",
        {},
      ],
      [
        "a route of a site's page",
        "fabric/",
        "unknown",
        '<a href="fabric/">Fabric</a>\n',
        "docs/crossroad.html",
        {},
      ],
      [
        "a pattern of pages that a build fetches",
        "notebooks/**/*",
        "unknown",
        ".. toctree::\n   :glob:\n\n   notebooks/**/*\n",
        "docs/notebooks.rst",
        {},
      ],
      [
        "a linter's bare pattern holds in every folder",
        "__init__.py",
        "unknown",
        '[tool.ruff.lint.per-file-ignores]\n"__init__.py" = ["F401"]\n',
        "pyproject.toml",
        {},
      ],
      [
        "an ignore rule of a folder that only vanished",
        "/tests/save_dir/",
        "unknown",
        "/tests/save_dir/\n",
        ".gitignore",
        { past: { "tests/save_dir/a.txt": {} } },
      ],
      [
        "an ignore rule of a folder that moved",
        "/tests/save_dir/",
        "stale",
        "/tests/save_dir/\n",
        ".gitignore",
        {
          files: { "checks/save_dir/README.md": "x" },
          past: { "tests/save_dir/README.md": { movedTo: ["checks/save_dir/README.md"] } },
        },
      ],
      [
        "a folder of a drawn tree that a set-up makes",
        "bats/",
        "unknown",
        "```\ntests/\n├── a.py\n├── b.py\n├── c.py\n└── bats/\n```\n",
        "README.md",
        { files: { "tests/a.py": "x", "tests/b.py": "x", "tests/c.py": "x" } },
      ],
      [
        "`..` from a file leads to its folder",
        "../../setup.py",
        "resolves",
        'import os\nPATH = os.path.join(__file__, "../../setup.py")\n',
        "app/cli/a.py",
        { files: { "app/setup.py": "x" } },
      ],
      [
        "an entry of a table of contents under another suffix",
        "sheet.rst",
        "resolves",
        "```{toctree}\n\nsheet.rst\n```\n",
        "docs/index.md",
        { files: { "docs/sheet.md": "x" }, past: { "docs/sheet.rst": {} } },
      ],
      [
        "an address of another branch",
        `${own}/blob/cookbook/a/b.md`,
        "external",
        `[x](${own}/blob/cookbook/a/b.md)\n`,
        "README.md",
        {},
      ],
      [
        "an address of the branch that is checked out",
        `${own}/blob/develop/a/b.md`,
        "stale",
        `[x](${own}/blob/develop/a/b.md)\n`,
        "README.md",
        { config: { repositoryUrls: [own], branch: "develop" } },
      ],
      [
        "a tracked file that this clone lacks",
        "docs/demo.gif",
        "missing-data",
        "![demo](docs/demo.gif)\n",
        "README.md",
        { absent: ["docs/demo.gif"] },
      ],
    ],
  )("%s", (_rule, raw, wanted, text, path, more) => {
    expect(classOf(raw, text, more, path)).toBe(wanted);
  });
});

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
