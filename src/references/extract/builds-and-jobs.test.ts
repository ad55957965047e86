import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Extraction, Extractor, Mention } from "../schema.ts";
import { compose } from "./compose.ts";
import { continuousIntegration } from "./continuous-integration.ts";
import { workflow } from "./workflow.ts";

function shown({ raw, path, bases, kind, strength, key, prefix, glob }: Mention): string {
  const base =
    bases.map((one) => ("path" in one ? `${one.kind}:${one.path}` : one.kind)).join(",") || "nowhere";
  const tail = [key, prefix && `prefix=${prefix}`, glob && "glob"].filter(Boolean);
  return `${raw} -> ${path} @${base} | ${[kind, strength, ...tail].join(" ")}`;
}

const commandsOf = ({ commands }: Extraction) =>
  commands?.map(({ words, cwd, cwdBase }) => `${cwdBase}:${cwd} ${words.join(" ")}`);

describe("compose", () => {
  it.each([
    ["docker-compose.yml", true],
    ["compose.yaml", true],
    ["deploy/docker-compose.prod.yml", true],
    ["my-compose.yaml", true],
    ["decompose.yml", false],
    [".github/workflows/compose.yml", false],
  ])("%s: %s", (path, expected) => expect(compose.matches(path, "")).toBe(expected));

  it("reads builds, mounts, environment files and commands", () => {
    const extraction = compose.extract(
      `services:
  train:
    build:
      context: ./training
      dockerfile: docker/Dockerfile.train
    image: registry.example/a/b:1
    env_file: [.env, "conf/train.env"]
    volumes:
      - ./data:/data:ro
      - cache:/root/.cache
      - \${HOME}/x:/y
      - type: bind
        source: ../models
        target: /models
    working_dir: /app
    environment:
      PYTHONPATH: /app/src
    command: ["python", "train.py", "--config", "conf/a.yaml"]
  serve:
    build: .
    command: bash -c "cd svc && python serve.py"
    extends:
      file: base.yml
include:
  - other/compose.yml
configs:
  nginx:
    file: ./nginx.conf
`,
      "docker-compose.yml",
    );
    expect(extraction.mentions.map(shown)).toEqual([
      "./training -> ./training @file | context hard context",
      "docker/Dockerfile.train -> ./training/docker/Dockerfile.train @file | value hard dockerfile prefix=training",
      ".env -> .env @file | include soft env_file",
      "conf/train.env -> conf/train.env @file | include soft env_file",
      "./data -> ./data @file | mount soft",
      "${HOME}/x -> {…}/x @nowhere | mount soft",
      "../models -> ../models @file | mount soft",
      "train.py -> train.py @image:/app | command soft",
      ". -> . @file | context hard context",
      "svc -> {…}/svc @nowhere | command soft cd",
      "serve.py -> {…}/serve.py @nowhere | command hard",
      "base.yml -> base.yml @file | include hard",
      "other/compose.yml -> other/compose.yml @file | include hard",
      "./nginx.conf -> ./nginx.conf @file | mount hard",
    ]);
    expect(extraction.builds).toEqual([
      {
        line: 4,
        context: "./training",
        dockerfile: "./training/docker/Dockerfile.train",
        bases: [{ kind: "file" }],
      },
      { line: 20, context: ".", bases: [{ kind: "file" }] },
    ]);
    expect(extraction.commands?.[0]).toMatchObject({
      words: ["python", "train.py", "--config", "conf/a.yaml"],
      cwdBase: "image",
      cwd: "/app",
      environment: { PYTHONPATH: "/app/src" },
      build: { context: "./training" },
    });
  });
});

describe("workflow", () => {
  it("follows working directories, environments, local actions and filters", () => {
    const extraction = workflow.extract(
      `on:
  push:
    paths: ["pkg/**", '!docs/*.md']
env:
  TOOL: tools/run.py
defaults:
  run:
    working-directory: pkg
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/setup
      - run: python train.py && python ../\${TOOL}
      - run: |
          cd sub
          pip install -r requirements.txt
        working-directory: other
      - name: elsewhere
        shell: python
        run: open("x.py")
      - uses: actions/setup-python@v5
        with:
          cache-dependency-path: pkg/requirements*.txt
      - run: bash x.sh
        working-directory: \${{ matrix.folder }}
  b:
    uses: ./.github/workflows/other.yml
  c:
    uses: org/repo/.github/workflows/x.yml@main
  d:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: svc
          file: svc/Dockerfile.gpu
`,
      ".github/workflows/a.yml",
    );
    expect(extraction.mentions.map(shown)).toEqual([
      "pkg/** -> pkg/** @root,above | pattern soft paths glob",
      "docs/*.md -> docs/*.md @root,above | pattern soft paths glob",
      "tools/run.py -> tools/run.py @file,package,root | value soft env.TOOL",
      "pkg -> pkg @root,above | context hard working-directory",
      "./.github/actions/setup -> ./.github/actions/setup @root,above | include hard uses",
      "train.py -> pkg/train.py @root,above | command hard prefix=pkg",
      "../${TOOL} -> tools/run.py @root,above | command hard prefix=pkg",
      "sub -> other/sub @root,above | command soft cd prefix=other",
      "requirements.txt -> other/sub/requirements.txt @root,above | include hard r prefix=other/sub",
      "other -> other @root,above | context hard working-directory",
      "pkg/requirements*.txt -> pkg/requirements*.txt @root,above | value hard cache-dependency-path glob",
      "x.sh -> {…}/x.sh @nowhere | command hard",
      "./.github/workflows/other.yml -> ./.github/workflows/other.yml @root,above | include hard uses",
      "svc -> svc @root,above | context hard context",
      "svc/Dockerfile.gpu -> svc/Dockerfile.gpu @root,above | value hard file",
    ]);
    expect(commandsOf(extraction)).toEqual([
      "root:pkg python train.py",
      "root:pkg python ../tools/run.py",
      "root:other/sub pip install -r requirements.txt",
      "root:{…} bash x.sh",
    ]);
    expect(extraction.builds).toEqual([
      {
        line: 36,
        context: "svc",
        dockerfile: "svc/Dockerfile.gpu",
        bases: [{ kind: "root" }, { kind: "above" }],
      },
    ]);
  });

  it("knows its own checkout and another repository's in a folder", () => {
    const { mentions } = workflow.extract(
      `jobs:
  a:
    steps:
      - uses: actions/checkout@v4
        with: {path: own}
      - uses: actions/checkout@v4
        with:
          repository: org/theirs
          path: theirs
      - run: cd own && bash a.sh && cd ../theirs && bash b.sh
      - run: bash c.sh
        working-directory: own/sub
`,
      ".github/workflows/a.yml",
    );
    expect(mentions.filter(({ kind }) => kind === "context").map(shown)).toEqual([
      "own/sub -> sub @root,above | context hard working-directory",
    ]);
    expect(mentions.filter(({ kind, use }) => kind === "command" && use === "run").map(shown)).toEqual([
      "a.sh -> a.sh @folder: | command hard",
      "b.sh -> b.sh @clone: | command soft",
      "c.sh -> sub/c.sh @folder: | command hard prefix=sub",
    ]);
  });
});

describe("continuous integration", () => {
  it("runs a list's items one after another, from the root", () => {
    const extraction = continuousIntegration.extract(
      `include:
  - local: /ci/base.yml
variables:
  SRC: pkg
train:
  image: org/image:1
  script:
    - cd $SRC
    - python train.py
  rules:
    - changes: [pkg/**/*]
  artifacts:
    paths: [out/]
`,
      ".gitlab-ci.yml",
    );
    expect(extraction.mentions.map(shown)).toEqual([
      "ci/base.yml -> ci/base.yml @root,above | include hard local",
      "train.py -> pkg/train.py @root,above | command hard prefix=pkg",
      "pkg/**/* -> pkg/**/* @root,above | pattern soft changes glob",
    ]);
    expect(commandsOf(extraction)).toEqual(["root:pkg python train.py"]);
  });
});

describe.each<[string, Extractor]>([
  ["compose", compose],
  ["workflow", workflow],
  ["ci", continuousIntegration],
])("%s on any text", (_, extractor) => {
  it("does not throw, and its spans hold what they say", () => {
    const piece = fc.constantFrom(
      ..."services:|jobs:|a:|  b:|    steps:|      - run: |      - uses: ./a/b|build: ./x|context: é/y|script:| - python x.py|\"|'|{|}|[|]| a/b.sh|: |\r\n|\n|\n|\n  |\n    |#|-c 'x".split(
        "|",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(""), "utf8");
        for (const { start, end, raw } of extractor.extract(bytes.toString("latin1"), ".gitlab-ci.yml")
          .mentions)
          expect(bytes.subarray(start, end).toString("utf8")).toBe(raw);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
