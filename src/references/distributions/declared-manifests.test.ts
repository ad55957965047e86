import { describe, expect, it } from "vitest";
import { isManifest, readManifest } from "./declared-manifests.ts";
import { installedBy, requirementName } from "./requirement-lines.ts";

describe("a requirement", () => {
  it.each([
    ["torch==2.1 ; python_version > '3.8'", "torch"],
    ["Flash_Attn[extra] >= 2 # why", "flash-attn"],
    ["zope.interface", "zope-interface"],
    ["name @ git+https://host/x/other.git@v1", "name"],
    ["git+https://host/x/my_repo.git@main#subdirectory=y", "my-repo"],
    ["-e git+ssh://git@host/x/y.git#egg=Real_Name", "real-name"],
    ["https://host/wheels/torch_scatter-2.1-cp311-linux.whl", "torch-scatter"],
    ["-r other.txt", undefined],
    ["--index-url https://x", undefined],
    ["-e .", undefined],
    ["./local/wheel.whl", undefined],
    ["# comment", undefined],
    ["", undefined],
  ])("%s", (line, expected) => {
    expect(requirementName(line)).toBe(expected);
  });
});

describe("install commands", () => {
  it("name distributions, over continued lines, without options and files", () => {
    expect(
      installedBy(
        "RUN pip install --no-cache-dir 'torch>=2' \\\n   numpy && pip3 install -r r.txt\nuv pip install wandb; conda install -c conda-forge faiss-gpu\npoetry add rich\n",
      ).sort(),
    ).toEqual(["faiss-gpu", "numpy", "rich", "torch", "wandb"]);
  });
});

describe("a manifest", () => {
  it("is known by its name", () => {
    const names = [
      "requirements.txt",
      "a/requirements-dev.txt",
      "requirements/base.in",
      "x/requirements_moe.txt",
      "pyproject.toml",
      "setup.py",
      "setup.cfg",
      "environment.yml",
      "conda_env.yaml",
      "Pipfile",
    ];
    expect(names.filter((name) => !isManifest(name))).toEqual([]);
    expect(["notes.txt", "my_setup.py", "config.yaml", "requirements.md"].filter(isManifest)).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    [
      "pyproject.toml",
      '[project]\nname = "A_b"\ndependencies = ["torch>=2"]\n[project.optional-dependencies]\ndev = ["pytest"]\n[project.scripts]\nrun = "a.b:main"\n[tool.setuptools.packages.find]\nwhere = ["lib"]\n[dependency-groups]\ntest = ["ruff"]\n',
      {
        dependencies: ["torch", "pytest", "ruff"],
        project: { name: "a-b", sources: ["lib"], scripts: [{ name: "run", target: "a.b:main" }] },
      },
    ],
    [
      "pyproject.toml",
      '[tool.poetry]\nname = "x"\npackages = [{ include = "x", from = "python" }]\n[tool.poetry.dependencies]\npython = "^3.10"\nNumPy = "1"\n[tool.poetry.group.dev.dependencies]\nblack = "*"\n',
      {
        dependencies: ["python", "numpy", "black"],
        project: { name: "x", sources: ["python"], scripts: [] },
      },
    ],
    ["pyproject.toml", "[tool.ruff]\nline-length = 100\n", { dependencies: undefined, project: undefined }],
    ["pyproject.toml", "[project\nname = ", { dependencies: undefined, project: undefined }],
    [
      "setup.py",
      "from setuptools import setup, find_packages\nsetup(name='thing', package_dir={'': 'src'}, packages=find_packages('src'), install_requires=['a>=1', 'b'], entry_points={'console_scripts': ['go = thing.cli:main']})\n",
      {
        project: {
          name: "thing",
          sources: ["src", "src"],
          scripts: [{ name: "go", target: "thing.cli:main" }],
        },
      },
    ],
    [
      "setup.cfg",
      "[metadata]\nname = thing\n[options]\npackage_dir =\n    = src\ninstall_requires =\n    a>=1\n    b; python_version<'3.9'\n[options.extras_require]\nx = c\n[flake8]\nmax-line-length = 9\n",
      { dependencies: ["a", "b", "c"], project: { name: "thing", sources: ["src"], scripts: [] } },
    ],
    [
      "environment.yml",
      "name: e\nchannels:\n  - pytorch\ndependencies:\n  - python=3.10\n  - pytorch::torch=2\n  - pip:\n    - wandb>=1\n",
      { project: undefined },
    ],
    [
      "Pipfile",
      '[packages]\nrequests = "*"\n[requires]\npython_version = "3.11"\n',
      { dependencies: ["requests"], project: undefined },
    ],
  ])("%s is read", (name, text, expected) => {
    expect(readManifest(name, text)).toMatchObject(expected as Record<string, unknown>);
  });

  it("of conda has its own and pip's packages", () => {
    const text = "dependencies:\n  - python=3.10\n  - pytorch::torch=2\n  - pip:\n    - wandb>=1\n";
    expect(readManifest("environment.yml", text)?.dependencies).toEqual(["python", "torch", "wandb"]);
  });
});
