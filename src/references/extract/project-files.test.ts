import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Extractor, Mention } from "../schema.ts";
import { extractorFor } from "./index.ts";
import { projectIni } from "./project-ini.ts";
import { devContainer, editorSettings, packageJson, typescriptConfig } from "./project-json.ts";
import { manifestIn } from "./project-manifest-in.ts";
import { pyproject } from "./project-pyproject.ts";
import { setupPy } from "./project-setup.ts";
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
    "package.json",
    "ui/package.json",
    packageJson,
    `{"name": "a/b", "main": "dist/index.js", "workspaces": ["packages/*"],
 "scripts": {"build": "cd web && node scripts/build.mjs", "lint": "eslint src"},
 "dependencies": {"x": "file:../x", "y": "^1.0.0"}}`,
    [
      "dist/index.js -> dist/index.js | value weak json",
      "packages/* -> packages/* | value hard json glob",
      "web -> web | command soft shell",
      "scripts/build.mjs -> web/scripts/build.mjs | command hard shell prefix=web",
      "src -> src | argument soft shell",
      "../x -> ../x | context hard json",
    ],
  ],
  [
    "tsconfig.json with comments",
    "tsconfig.build.json",
    typescriptConfig,
    `{ // c
  "extends": "./tsconfig.json", "include": ["src", "tests/**/*.ts",],
  "compilerOptions": {"outDir": "dist", "paths": {"@/*": ["./src/*"]}, "types": ["node"]},
  "references": [{"path": "../core"}]
}`,
    [
      "./tsconfig.json -> ./tsconfig.json | include hard json",
      "src -> src | pattern soft json",
      "tests/**/*.ts -> tests/**/*.ts | pattern soft json glob",
      "dist -> dist | value weak json",
      "./src/* -> ./src/* | value soft json glob",
      "../core -> ../core | value hard json",
    ],
  ],
  [
    ".vscode",
    ".vscode/launch.json",
    editorSettings,
    `{"configurations": [{"program": "\${workspaceFolder}/src/train.py", "cwd": "\${workspaceFolder}"}], "recommendations": ["a.py"]}`,
    ["src/train.py -> src/train.py | value soft json"],
  ],
  [
    "devcontainer.json",
    ".devcontainer/devcontainer.json",
    devContainer,
    `{"build": {"dockerfile": "Dockerfile", "context": ".."}, "postCreateCommand": "bash scripts/setup.sh", "image": "a/b:1"}`,
    [
      "Dockerfile -> Dockerfile | value hard json",
      ".. -> .. | value hard json",
      "scripts/setup.sh -> scripts/setup.sh | command hard shell",
    ],
  ],
  [
    "setup.py",
    "setup.py",
    setupPy,
    `from setuptools import setup, find_packages
setup(
    name="x",
    packages=find_packages("src", exclude=["tests"]),
    package_dir={"": "src"},
    package_data={"pkg.sub": ["data/*.json", 'a.txt']},
    scripts=["bin/run.sh"],  # "no"
    entry_points={"console_scripts": ["run = pkg.cli:main"]},
)
`,
    [
      "src -> src | value hard python",
      "src -> src | value hard python",
      "data/*.json -> pkg/sub/data/*.json | pattern soft python prefix=pkg/sub glob",
      "a.txt -> pkg/sub/a.txt | pattern soft python prefix=pkg/sub",
      "bin/run.sh -> bin/run.sh | value hard python",
      "pkg.cli -> pkg.cli | module soft dotted",
    ],
  ],
];

describe("project files", () => {
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
