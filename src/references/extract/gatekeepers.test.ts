import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Extractor, Mention } from "../schema.ts";
import { codeOwners, dockerIgnore, gitAttributes, ignoreRules } from "./gatekeeper-patterns.ts";
import { gitModules } from "./gatekeeper-submodules.ts";
import { condaEnvironment, dependabot, documentationSite, labeler, preCommit } from "./gatekeeper-yaml.ts";
import { extractorFor } from "./index.ts";
import { job } from "./job.ts";

function shown({ raw, path, kind, strength, encoding, keep, prefix, glob }: Mention): string {
  const tail = [
    encoding,
    keep === undefined ? "" : `keep=${keep}`,
    prefix && `prefix=${prefix}`,
    glob && "glob",
  ];
  return `${raw} -> ${path} | ${[kind, strength, ...tail].filter(Boolean).join(" ")}`;
}

const cases: [name: string, path: string, extractor: Extractor, text: string, expected: string[]][] = [
  [
    ".gitignore: anchored rules alone",
    ".gitignore",
    ignoreRules,
    "# c\n*.pyc\n__pycache__/\n/data/raw/\nout/x.log\n!/data/raw/keep.txt\n**/tmp/\n\\#x/y\n",
    [
      "/data/raw/ -> data/raw/ | pattern weak plain keep=1",
      "out/x.log -> out/x.log | pattern weak plain",
      "/data/raw/keep.txt -> data/raw/keep.txt | pattern weak plain keep=1",
      "\\#x/y -> #x/y | pattern weak plain",
    ],
  ],
  [
    ".dockerignore: every rule",
    ".dockerignore",
    dockerIgnore,
    "*\n!src\r\n/data\n",
    [
      "* -> * | pattern weak plain glob",
      "src -> src | pattern weak plain",
      "/data -> data | pattern weak plain keep=1",
    ],
  ],
  [
    ".gitattributes",
    ".gitattributes",
    gitAttributes,
    '*.bin filter=lfs\ndata/*.bin filter=lfs diff=lfs\n"a b/c.txt" text\n[attr]x y\n',
    ["data/*.bin -> data/*.bin | pattern soft plain glob", "a b/c.txt -> a b/c.txt | pattern soft plain"],
  ],
  [
    "CODEOWNERS",
    ".github/CODEOWNERS",
    codeOwners,
    "* @all\n*.md @writers\n/ai/x/ @t\ndocs/ @d\n/a\\ b/c @t # note\n[Section]\n",
    [
      "/ai/x/ -> ai/x/ | pattern soft plain keep=1",
      "docs/ -> docs/ | pattern soft plain",
      "/a\\ b/c -> a b/c | pattern soft plain keep=1",
    ],
  ],
  [
    "pre-commit",
    ".pre-commit-config.yaml",
    preCommit,
    `exclude: ^(third_party/|docs/conf\\.py)
repos:
  - repo: https://host.example/a/b
    rev: v1
    hooks:
      - id: flake8
        args: [--config, conf/flake8.cfg]
        files: ^src/
  - repo: local
    hooks:
      - id: mine
        entry: python tools/check.py
`,
    [
      "third_party/ -> third_party/ | pattern soft regex",
      "docs/conf\\.py -> docs/conf.py | pattern soft regex",
      "conf/flake8.cfg -> conf/flake8.cfg | argument soft shell",
      "src/ -> src/ | pattern soft regex",
      "tools/check.py -> tools/check.py | command hard shell",
    ],
  ],
  [
    "labeler, both forms",
    ".github/labeler.yml",
    labeler,
    "docs:\n  - docs/**\n  - '*.md'\ncode:\n  - changed-files:\n      - any-glob-to-any-file: ['src/**', lib/*]\n",
    [
      "docs/** -> docs/** | pattern soft yaml glob",
      "*.md -> *.md | pattern soft yaml glob",
      "src/** -> src/** | pattern soft yaml glob",
      "lib/* -> lib/* | pattern soft yaml glob",
    ],
  ],
  [
    "dependabot",
    ".github/dependabot.yml",
    dependabot,
    'updates:\n  - package-ecosystem: pip\n    directory: "/svc"\n  - directory: /\n',
    ["/svc -> svc | value hard yaml keep=1"],
  ],
  [
    "mkdocs: navigation below the documents' folder",
    "mkdocs.yml",
    documentationSite,
    "docs_dir: site\nnav:\n  - Home: index.md\n  - guide/a.md\n  - https://host.example\ntheme:\n  name: material\n  custom_dir: overrides\n",
    [
      "site -> site | value hard yaml",
      "index.md -> site/index.md | link hard yaml prefix=site",
      "guide/a.md -> site/guide/a.md | link hard yaml prefix=site",
      "overrides -> overrides | value hard yaml",
    ],
  ],
  [
    "conda environment",
    "environment.yml",
    condaEnvironment,
    "name: x\ndependencies:\n  - python=3.11\n  - conda-forge/label/x::y\n  - pip:\n      - -r requirements.txt\n      - -e ./lib\n      - torch\n",
    ["requirements.txt -> requirements.txt | include hard yaml", "./lib -> ./lib | context hard yaml"],
  ],
  [
    ".gitmodules",
    ".gitmodules",
    gitModules,
    '[submodule "a"]\n\tpath = third_party/a\n\turl = ../a.git\n',
    ["third_party/a -> third_party/a | value soft plain"],
  ],
  [
    "a Kubernetes job: what it runs lies in an image",
    "k8s/train-job.yaml",
    job,
    `apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      containers:
        - image: org/img:1
          workingDir: /app
          command: ["python", "train.py", "--config=conf/a.yaml"]
        - command:
            - /bin/bash
            - -c
          args:
            - |
              cd sub
              bash run.sh
`,
    [
      "train.py -> train.py | argument soft yaml",
      "conf/a.yaml -> conf/a.yaml | argument soft yaml",
      "sub -> sub | command soft shell",
      "run.sh -> sub/run.sh | command soft shell prefix=sub",
    ],
  ],
  [
    "kustomization.yaml",
    "k8s/kustomization.yaml",
    job,
    "resources:\n  - job.yaml\n  - ../base\n  - https://host.example/x.yaml\nconfigMapGenerator:\n  - name: c\n    files: [app.json=conf/a.json]\n",
    [
      "job.yaml -> job.yaml | include hard yaml",
      "../base -> ../base | include hard yaml",
      "conf/a.json -> conf/a.json | include hard yaml",
    ],
  ],
];

describe("rules about paths, documentation sites, jobs", () => {
  it.each(cases)("%s", (_, path, extractor, text, expected) => {
    expect(extractorFor(path, "")).toBe(extractor);
    expect(extractor.extract(text, path).mentions.map(shown)).toEqual(expected);
  });

  it("spans hold what they say, in damaged files too", () => {
    const piece = fc.constantFrom(
      '"',
      "'",
      "[",
      "]",
      "{",
      "}",
      "(",
      ",",
      ":",
      "#",
      "\\",
      "é",
      "\r\n",
      "\n",
      "  - ",
      "/",
    );
    const at = fc.nat({ max: 400 });
    let seen = 0;
    fc.assert(
      fc.property(
        fc.nat({ max: cases.length - 1 }),
        at,
        fc.nat({ max: 30 }),
        piece,
        (which, from, cut, put) => {
          const [, path, extractor, text] = cases[which] as (typeof cases)[number];
          const bytes = Buffer.from(`é${text.slice(0, from)}${put}${text.slice(from + cut)}`, "utf8");
          for (const { start, end, raw } of extractor.extract(bytes.toString("latin1"), path).mentions) {
            seen += 1;
            expect(bytes.subarray(start, end).toString("utf8")).toBe(raw);
          }
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
    expect(seen).toBeGreaterThan(1000);
  });
});
