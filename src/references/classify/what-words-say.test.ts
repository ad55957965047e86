import { describe, expect, it } from "vitest";
import { judge, resolve, show, type Repository } from "../resolve-references.test-support.ts";
import { classOf } from "./class-of.test-support.ts";

describe("a list says that files are missing", () => {
  it.each<[rule: string, wanted: string, text: string]>([
    ["after the path", "declared-missing", "- `data/a.csv` (missing)\n"],
    ["as a sentence", "declared-missing", "`data/a.csv` is not included.\n"],
    ["above the list", "declared-missing", "## Not in the repository\n\n- `data/a.csv`\n"],
    ["but not as a symptom in a table", "missing-data", "| `data/a.csv` missing or not sourced | run x |\n"],
    ["but not as a condition", "missing-data", "| fails when `data/a.csv` missing |\n"],
    ["but not where it is made if it is missing", "missing-data", "Makes `data/a.csv` if not present.\n"],
    ["but not as an error's heading", "missing-data", "## c. Gateway not found\n\n- `data/a.csv`\n"],
    ["but not as a possibility", "missing-data", "Some rows might be missing:\n\n- `data/a.csv`\n"],
  ])("%s", (_rule, wanted, text) => {
    expect(classOf("data/a.csv", text, {}, "README.md")).toBe(wanted);
  });
});

describe("records keep what they say of files that are gone", () => {
  const gone = { past: { "old/values.yaml": {}, "pkg/x/apex.py": {} } };
  it.each<[rule: string, raw: string, wanted: string, text: string, path: string]>([
    ["a plan", "old/values.yaml", "provenance", "- [x] Delete `old/values.yaml`\n", "docs/rename/plan.md"],
    ["a proposal", "old/values.yaml", "provenance", "Update `old/values.yaml`.\n", "docs/rfcs/0001-x.md"],
    ["not in a guide", "old/values.yaml", "stale", "Update `old/values.yaml`.\n", "docs/guide.md"],
    [
      "not for links",
      "../../old/values.yaml",
      "stale",
      "[v](../../old/values.yaml)\n",
      "docs/rename/plan.md",
    ],
    [
      "a list of where files came from",
      "old/values.yaml",
      "provenance",
      "## Where the files came from\n\n- `old/values.yaml`\n",
      "notes.md",
    ],
    ["no attribute", "self.log", "unknown", "- `self.log` is kept\n", "CHANGELOG.md"],
    ["no name of a hub", "x/apex", "unknown", "- `x/apex` removal\n", "CHANGELOG.md"],
  ])("%s", (_rule, raw, wanted, text, path) => {
    expect(classOf(raw, text, gone, path)).toBe(wanted);
  });

  it("a variable that holds a source is no record, a key of data is", () => {
    const run = 'source_file = os.path.join(folder, f"part_{n}")\n';
    expect(resolve({ files: { "a.py": run } }).references.map(show)).not.toContain("part_{n}: provenance");
    expect(judge('{"source_file": "old/a.py"}\n', { past: { "old/a.py": {} } }, "list.json")).toEqual([
      "old/a.py: provenance",
    ]);
  });
});

describe("a path inside an image", () => {
  const files = {
    "p/Dockerfile": "FROM python:3.11\nCOPY src/ /app/\nWORKDIR /app\n",
    "p/src/train.py": "import torch\n",
    "p/src/requirements.txt": "torch\n",
  };
  const past = { "p/train.py": { movedTo: ["p/src/train.py"] } };
  const job = (start: string): Partial<Repository> => ({
    files: { ...files, "p/slurm/run.sbatch": `#!/bin/bash\nexport SCRIPT=./train.py\n${start}` },
    past,
    packages: ["p"],
  });
  const classIn = (start: string): string | undefined =>
    resolve({ files: {}, ...job(start) }).references.find(({ raw }) => raw === "./train.py")?.class;

  it("is seen from its working folder by a script that starts containers", () => {
    expect(classIn("ARGS=(--container-image $IMAGE)\nsrun ${ARGS[@]} torchrun $SCRIPT\n")).toBe("external");
  });

  it("is stale in a script that starts none", () => {
    expect(classIn("torchrun $SCRIPT\n")).toBe("stale");
  });
});

describe("what a repository's own code accounts for", () => {
  it.each<[rule: string, raw: string, wanted: string, more: Partial<Repository>, text: string, path: string]>(
    [
      [
        "a build's folder above one that a Makefile makes",
        "staging/",
        "generated",
        { files: { "img/Makefile": "all:\n\tmkdir -p staging/cc\n\tcp -r ../cc staging/\n" } },
        "FROM x\nCOPY staging/ /app\n",
        "img/Dockerfile",
      ],
      [
        "data in a folder that a script makes",
        "data/fbank/cuts.jsonl.gz",
        "generated",
        { files: { "prepare.sh": "mkdir -p data/fbank\npython3 compute.py\n" } },
        'load_manifest("data/fbank/cuts.jsonl.gz")\n',
        "local/show.py",
      ],
      [
        "a value that is left to be filled in",
        "$out/data",
        "dynamic",
        {},
        "out= # set me\ncp -r a.txt $out/data\n",
        "run.sh",
      ],
      ["an address without a scheme", "g.co/lab/x.md", "external", {}, "[lab](g.co/lab/x.md)\n", "README.md"],
      ["a host's name alone", "eksctl.io", "external", {}, "[eksctl](eksctl.io)\n", "README.md"],
      [
        "what a build brings into an image's folder by a pattern",
        "requirements.txt",
        "external",
        { files: { "p/src/a.py": "x = 1\n" }, past: { "p/src/requirements.txt": {} } },
        "FROM x\nRUN git clone https://h.org/o/r.git\nCOPY ./src /workspace\nRUN cp -r r/examples/* workspace/\n" +
          "WORKDIR /workspace\nRUN pip install -r requirements.txt\n",
        "p/Dockerfile",
      ],
      [
        "a rule that keeps files out",
        "release/**",
        "unknown",
        { past: { "release/app/a.ts": {} } },
        '{"ignore": ["release/**", "docs/**"]}\n',
        "knip.json",
      ],
      ["a route of a service", "/items/", "unknown", {}, '{"paths": {"/items/": {"get": {}}}}\n', "api.json"],
      [
        "a bare name in a sentence of which a file is here",
        "plot.py",
        "unknown",
        { files: { "b/plot.py": "x = 1\n" }, past: { "a/plot.py": {} } },
        "# This mirrors the style of plot.py.\nimport os\n",
        "a/other.py",
      ],
    ],
  )("%s", (_rule, raw, wanted, more, text, path) => {
    expect(classOf(raw, text, more, path)).toBe(wanted);
  });

  it("one of several places of a variable", () => {
    const code =
      'root = os.path.dirname(__file__)\nplace = os.path.join(os.path.dirname(root), "v.info")\n' +
      'if not os.path.exists(place):\n    place = os.path.join(root, "v.info")\nwith open(place) as f:\n    pass\n';
    const past = { "src/lib/v.info": {} };
    expect(judge(code, { files: { "src/v.info": "1" }, past }, "src/lib/__version__.py")).toEqual([
      "v.info: resolves src/v.info",
      "v.info: unknown src/lib/v.info",
    ]);
    expect(judge(code, { past }, "src/lib/__version__.py").at(-1)).toContain("stale");
  });

  it("but not a program that was here once", () => {
    const more = { files: { "b.sh": "cp x.py tools/convert.py\n" }, past: { "tools/convert.py": {} } };
    expect(classOf("tools/convert.py", "```\npython tools/convert.py --a b\n```\n", more, "README.md")).toBe(
      "stale",
    );
  });

  it("a row of a table is no path", () => {
    const rows = 'SETS=(\nxnli,ar,en,"yes/no/perhaps",test\nGEM/wiki_id,id,"tldr_id"\n)\n';
    expect(judge(rows, {}, "eval.sh")).toEqual([]);
    expect(judge("merge a/x.json,b/y.json,c/z.json\n", {}, "merge.sh")).toHaveLength(3);
  });

  it("parts that are known only at run time are no blanks to fill in", () => {
    const code = 'open(os.path.join(folder, "cached_{}_{}_{}.bin".format(a, b, c)))\n';
    expect(judge(code, {}, "run.py")).toEqual([expect.stringMatching(/^cached_.*: dynamic/)]);
  });
});
