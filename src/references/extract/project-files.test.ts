import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Extractor, Mention } from "../schema.ts";
import { codeOwners, dockerIgnore, gitAttributes, ignoreRules } from "./gatekeeper-patterns.ts";
import { extractorFor } from "./index.ts";
import { projectIni } from "./project-ini.ts";
import { manifestIn } from "./project-manifest-in.ts";
import { pyproject } from "./project-pyproject.ts";
import { requirements } from "./project-requirements.ts";

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
    "pyproject.toml",
    "pyproject.toml",
    pyproject,
    `[project]
readme = "README.md"
license = { file = "LICENSE" }
dependencies = ["torch>=2", "a/b"]
[project.scripts]
run-it = "pkg.cli:main"
[tool.setuptools]
packages = ["pkg", "pkg.sub"]
[tool.setuptools.packages.find]
where = ["src"]
[tool.setuptools.package-data]
"pkg.sub" = ["data/*.json"]
[tool.pytest.ini_options]
testpaths = ["tests", "pkg/tests"]
addopts = "-ra --ignore=tests/old"
[tool.ruff.lint.per-file-ignores]
"tests/*" = ["E501"]
[[tool.mypy.overrides]]
module = ["pkg.old.*", "torch"]
[tool.mypy]
exclude = "^(build/|docs/conf\\\\.py)"
[tool.uv.workspace]
members = ["packages/*"]
[tool.black]
line-length = 100
`,
    [
      "README.md -> README.md | value hard toml",
      "LICENSE -> LICENSE | value hard toml",
      "pkg.cli -> pkg.cli | module soft dotted",
      "pkg -> pkg | module hard dotted",
      "pkg.sub -> pkg.sub | module hard dotted",
      "src -> src | value hard toml",
      "data/*.json -> pkg/sub/data/*.json | pattern soft toml prefix=pkg/sub glob",
      "tests -> tests | value soft toml",
      "pkg/tests -> pkg/tests | value soft toml",
      "tests/old -> tests/old | argument weak shell",
      "tests/* -> tests/* | pattern soft toml glob",
      "pkg.old.* -> pkg.old.* | module weak dotted glob",
      "torch -> torch | module weak dotted",
      "build/ -> build/ | pattern soft regex",
      "docs/conf\\\\.py -> docs/conf.py | pattern soft regex",
      "packages/* -> packages/* | value hard toml glob",
    ],
  ],
  [
    "setup.cfg",
    "setup.cfg",
    projectIni,
    `[metadata]
long_description = file: README.md, CHANGES.md
version = attr: pkg.__version__
[options]
packages = find:
package_dir =
    = src
install_requires =
    a/b
[options.entry_points]
console_scripts =
    run = pkg.cli:main
[options.package_data]
pkg = data/*.json
[tool:pytest]
testpaths = tests pkg/tests
[flake8]
exclude = .git,build/x
per-file-ignores =
    pkg/__init__.py:F401
    a.py,b/c.py:E1
`,
    [
      "README.md -> README.md | include hard plain",
      "CHANGES.md -> CHANGES.md | include hard plain",
      "pkg.__version__ -> pkg.__version__ | module soft dotted",
      "src -> src | value hard plain",
      "pkg.cli -> pkg.cli | module soft dotted",
      "data/*.json -> pkg/data/*.json | pattern soft plain prefix=pkg glob",
      "tests -> tests | value soft plain",
      "pkg/tests -> pkg/tests | value soft plain",
      ".git -> .git | pattern weak plain",
      "build/x -> build/x | pattern weak plain",
      "pkg/__init__.py -> pkg/__init__.py | pattern soft plain",
      "a.py -> a.py | pattern soft plain",
      "b/c.py -> b/c.py | pattern soft plain",
    ],
  ],
  [
    "tox.ini with commands, deps and a bumped file",
    "tox.ini",
    projectIni,
    `[testenv]
deps =
    -r requirements/dev.txt
    pytest
commands =
    python scripts/check.py --config conf/a.yaml
[bumpversion:file:pkg/__init__.py]
`,
    [
      "requirements/dev.txt -> requirements/dev.txt | include hard plain",
      "scripts/check.py -> scripts/check.py | command hard shell",
      "conf/a.yaml -> conf/a.yaml | argument soft shell",
      "pkg/__init__.py -> pkg/__init__.py | value hard plain",
    ],
  ],
  [
    "requirements",
    "requirements-dev.txt",
    requirements,
    `-r requirements.txt # base
--constraint=constraints.txt
-e ./libs/a[extra]
-e git+https://host.example/x/y#egg=y
../b
torch==2.4
name @ file:./libs/c
-e .
https://host.example/w.whl
`,
    [
      "requirements.txt -> requirements.txt | include hard plain",
      "constraints.txt -> constraints.txt | include hard plain",
      "./libs/a -> ./libs/a | context hard plain",
      "../b -> ../b | context hard plain",
      "./libs/c -> ./libs/c | context hard plain",
    ],
  ],
  [
    "MANIFEST.in",
    "MANIFEST.in",
    manifestIn,
    "include README.md docs/a.txt\nrecursive-include pkg/data *.json *.txt\ngraft assets\nprune build\nglobal-exclude *.pyc\n",
    [
      "README.md -> README.md | pattern soft plain",
      "docs/a.txt -> docs/a.txt | pattern soft plain",
      "pkg/data -> pkg/data | pattern soft plain",
      "assets -> assets | pattern soft plain",
      "build -> build | pattern weak plain",
    ],
  ],
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
];

describe("project files and rules about paths", () => {
  it.each(cases)("%s", (_, path, extractor, text, expected) => {
    expect(extractorFor(path, "")).toBe(extractor);
    expect(extractor.extract(text, path).mentions.map(shown)).toEqual(expected);
  });

  it("never throws, and spans hold what they say", () => {
    const pieces = fc.constantFrom(
      ..."[a]|[tool.ruff]|[options]|packages|=|exclude = |\"|'|[|]|{|}|,|-r |é/x.txt|include |/a/b/|!|#|\\|\n|\r\n|    |(|file: ".split(
        "|",
      ),
    );
    let seen = 0;
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 30 }),
        fc.integer({ min: 0, max: cases.length - 1 }),
        (parts, at) => {
          const [, path, extractor] = cases[at] as (typeof cases)[number];
          const bytes = Buffer.from(parts.join(""), "utf8");
          for (const { start, end, raw } of extractor.extract(bytes.toString("latin1"), path).mentions) {
            seen += 1;
            expect(bytes.subarray(start, end).toString("utf8")).toBe(raw);
          }
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
    expect(seen).toBeGreaterThan(100);
  });
});
