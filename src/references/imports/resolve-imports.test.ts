import { describe, expect, it } from "vitest";
import { mainGuard as main, resolved, rowsOf } from "./small-tree.test-support.ts";

describe("an import", () => {
  it("resolves beside a script, in packages and by relative names", async () => {
    expect(
      await rowsOf({
        "s/run.py": `import helper\nfrom pkg import thing, sub\nimport pkg.sub\n${main}`,
        "s/helper.py": "",
        "s/pkg/__init__.py": "from .sub import thing\n",
        "s/pkg/sub.py": "thing = 1\n",
      }),
    ).toEqual([
      "s/pkg/__init__.py:1 .sub resolves s/pkg/sub.py",
      "s/run.py:1 helper resolves s/helper.py",
      "s/run.py:2 pkg resolves s/pkg/__init__.py",
      "s/run.py:3 pkg.sub resolves s/pkg/sub.py",
    ]);
  });

  it("of other people's packages is never missing, and the standard library is only counted", async () => {
    const { imports, summary } = await resolved({
      "run.py": `import os, torch\nimport some_company_tool.x\n${main}`,
    });
    expect(imports.map((row) => row.class)).toEqual(["installed-elsewhere", "installed-elsewhere"]);
    expect(summary).toMatchObject({ imports: 3, standard: 1, "installed-elsewhere": 2 });
  });

  it("is internal-missing where a package lacks the module, also relative and without a parent", async () => {
    expect(
      await rowsOf(
        {
          "run.py": `from pkg.gone import x\nfrom .other import y\n${main}`,
          "pkg/__init__.py": "from . import away\nfrom .away import z\n",
        },
        { past: ["pkg/away.py"] },
      ),
    ).toEqual([
      "pkg/__init__.py:1 . internal-missing pkg/away.py",
      "pkg/__init__.py:2 .away internal-missing pkg/away.py",
      "run.py:1 pkg.gone internal-missing pkg/gone.py",
      "run.py:2 .other internal-missing other.py",
    ]);
  });

  it("is internal-missing where history had the module, and where only another folder of the package has it", async () => {
    const files = {
      "p/scripts/run.py": `import old_helper\nfrom moe import Model\nfrom moe import Other\n${main}`,
      "p/models/moe.py": "class Model: pass\n",
    };
    expect(await rowsOf(files, { packages: ["p"], past: ["p/scripts/old_helper.py"] })).toEqual([
      "p/scripts/run.py:1 old_helper internal-missing p/scripts/old_helper.py",
      "p/scripts/run.py:2 moe internal-missing p/models/moe.py",
      "p/scripts/run.py:3 moe installed-elsewhere",
    ]);
  });

  it("resolves in a sibling project that a manifest asks for by its distribution's name, and what that asks for", async () => {
    const project = (name: string, dependencies: string): string =>
      `[project]\nname = "${name}"\ndependencies = [${dependencies}]\n`;
    expect(
      await rowsOf({
        "api/pyproject.toml": project("my-api", '"My.Kit==1.0"'),
        "api/run.py": `import kit\nimport base\nimport stray.part\n${main}`,
        "sdk/pyproject.toml": project("my-kit", '"my-base"'),
        "sdk/src/kit/__init__.py": "",
        "base/pyproject.toml": project("my-base", ""),
        "base/src/base/__init__.py": "",
        "other/pyproject.toml": project("my-stray", ""),
        "other/src/stray/__init__.py": "",
        "other/src/stray/part.py": "",
      }),
    ).toEqual([
      "api/run.py:1 kit resolves sdk/src/kit/__init__.py",
      "api/run.py:2 base resolves base/src/base/__init__.py",
      "api/run.py:3 stray.part internal-missing other/src/stray/part.py",
    ]);
  });

  it("of a package named like the subpackage around the file is somebody else's, but not beside a script", async () => {
    const text = "from chronos import Pipeline\n";
    const rows = await rowsOf({
      "lib/models/__init__.py": "",
      "lib/models/chronos/__init__.py": "",
      "lib/models/chronos/model.py": text,
      "flat/chronos/__init__.py": "",
      "flat/chronos/model.py": text,
    });
    expect(rows).toEqual([
      "flat/chronos/model.py:1 chronos name-missing flat/chronos/__init__.py",
      "lib/models/chronos/model.py:1 chronos installed-elsewhere",
    ]);
  });

  it("is name-missing where the module has no such name, and not where names may come from elsewhere", async () => {
    const rows = await rowsOf({
      "run.py": `from a import x, y\nfrom b import x\nfrom c import x\nfrom d import x, y\n${main}`,
      "a.py": "x = 1\n",
      "b.py": "from elsewhere import *\n",
      "c.py": "def __getattr__(name): pass\n",
      "d.py": "from a import *\n",
    });
    expect(rows.filter((row) => row.startsWith("run.py"))).toEqual([
      "run.py:1 a name-missing a.py",
      "run.py:2 b resolves b.py",
      "run.py:3 c resolves c.py",
      "run.py:4 d name-missing d.py",
    ]);
  });

  it("without a parent package is told apart when a file runs as a script", async () => {
    const { imports, entries } = await resolved({
      "odd-folder/run.py": `from .helper import x\n${main}`,
      "odd-folder/helper.py": "x = 1\n",
    });
    expect(imports.map((row) => row.class)).toEqual(["relative-without-parent"]);
    expect(entries.map(({ mode, loads, missing }) => ({ mode, loads, missing }))).toEqual([
      { mode: "script", loads: false, missing: [".helper"] },
    ]);
  });

  it("is optional if another branch works, and missing if every branch of what was ours fails", async () => {
    expect(
      await rowsOf(
        {
          "run.py": `try:\n  from pkg.a import x\nexcept ImportError:\n  from b import x\ntry:\n  import gone\nexcept ImportError:\n  gone = None\n${main}`,
          "pkg/__init__.py": "",
          "b.py": "x = 1\n",
        },
        { past: ["gone.py"] },
      ),
    ).toEqual([
      "run.py:2 pkg.a optional pkg/a.py",
      "run.py:4 b resolves b.py",
      "run.py:6 gone internal-missing gone.py",
    ]);
  });

  it("follows symlinks of files and folders, and misses what a dead one stood for", async () => {
    expect(
      await rowsOf(
        {
          "a/run.py": `import shared\nimport lib.x\n${main}`,
          "b/shared.py": "import near\n",
          "b/lib/x.py": "",
        },
        { links: { "a/shared.py": "../b/shared.py", "a/lib": "../b/lib", "a/near.py": "nowhere.py" } },
      ),
    ).toEqual([
      "a/run.py:1 shared resolves a/shared.py",
      "a/run.py:2 lib.x resolves a/lib/x.py",
      "b/shared.py:1 near internal-missing a/near.py",
    ]);
  });

  it("of a bare folder's name is somebody else's package if one is known by it", async () => {
    expect(
      await rowsOf({
        "p/run.py": `from datasets import load_dataset\nfrom datasets.ours import x\nfrom tools import gone\n${main}`,
        "p/datasets/ours.py": "x = 1\n",
        "p/tools/a.py": "",
      }),
    ).toEqual([
      "p/run.py:1 datasets installed-elsewhere",
      "p/run.py:2 datasets.ours resolves p/datasets/ours.py",
      "p/run.py:3 tools internal-missing p/tools/gone.py",
    ]);
  });

  it("of a module that a build or a script makes is not missing", async () => {
    expect(
      await rowsOf({
        "pkg/__init__.py":
          "from ._version import v\nfrom .fast import f\nfrom . import data_pb2\nfrom .made import m\nfrom .ext import e\n",
        "pkg/fast.pyx": "",
        "setup.py":
          "from setuptools import Extension, setup\nsetup(name='pkg', ext_modules=[Extension('pkg.ext', [])])\n",
        "make.py": "open('pkg/made.py', 'w').write('m = 1')\n",
      }),
    ).toEqual([
      "pkg/__init__.py:1 ._version installed-elsewhere",
      "pkg/__init__.py:2 .fast resolves pkg/fast",
      "pkg/__init__.py:3 . resolves pkg/__init__.py",
      "pkg/__init__.py:4 .made installed-elsewhere",
      "pkg/__init__.py:5 .ext installed-elsewhere",
      "setup.py:1 setuptools installed-elsewhere",
    ]);
  });

  it("is undeclared only where a manifest governs, and not where another spelling declares it", async () => {
    const rows = await rowsOf({
      "a/requirements.txt":
        "PyYAML>=6 # why\nscikit_learn\n-r other.txt\ngit+https://host/x/my-tool.git@v1\n",
      "a/run.py": `import yaml, sklearn, my_tool, requests\nimport setuptools\ndef f():\n  import rich\n${main}`,
      "b/run.py": `import requests\n${main}`,
      "c/configs/requirements_moe.txt": "torch\n",
      "c/Dockerfile": "FROM pytorch/pytorch:2\nRUN pip install 'einops==0.7' \\\n  && pip install wandb\n",
      "c/run.py": `import torch, torchvision, einops, wandb, PIL\n${main}`,
    });
    expect(rows.filter((row) => !row.endsWith("installed-elsewhere"))).toEqual([
      "a/run.py:1 requests undeclared",
      "a/run.py:4 rich optional",
      "c/run.py:1 PIL undeclared",
    ]);
  });

  it("has a verdict per entry, and the worst one names the row", async () => {
    const { imports } = await resolved(
      {
        "one/run.py": `import shared\n${main}`,
        "one/near.py": "",
        "two/run.py": `import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), '..', 'one'))\nimport shared\n${main}`,
        "one/shared.py": "import near\n",
        "three/run.py": `import shared\n${main}`,
        "three/other.py": "",
      },
      { links: { "three/shared.py": "../one/shared.py" } },
    );
    const row = imports.find(({ path }) => path === "one/shared.py");
    expect(row).toMatchObject({ class: "internal-missing", target: "one/near.py" });
    expect(row?.byEntry.map((one) => `${one.entry} ${one.class}`)).toEqual([
      "script:one/run.py resolves",
      "script:three/run.py internal-missing",
      "script:two/run.py resolves",
    ]);
  });

  it("sees identical copies of which only one loads", async () => {
    const copy = "from helper import x\n";
    expect(
      await rowsOf({
        "a/run.py": copy + main,
        "a/helper.py": "x = 1\n",
        "b/run.py": copy + main,
        "c/x.py": "",
      }),
    ).toEqual(["a/run.py:1 helper resolves a/helper.py", "b/run.py:1 helper internal-missing a/helper.py"]);
  });

  it("named by a string is judged, in a function that calls for it", async () => {
    expect(
      await rowsOf({
        "run.py": `import importlib\ndef f():\n  importlib.import_module("pkg.gone")\n  importlib.import_module("pkg.here")\n${main}`,
        "pkg/__init__.py": "",
        "pkg/here.py": "",
      }),
    ).toEqual(["run.py:3 pkg.gone internal-missing pkg/gone.py", "run.py:4 pkg.here resolves pkg/here.py"]);
  });

  it("of broken and Python 2 files is judged as far as it can be read", async () => {
    expect(
      await rowsOf(
        {
          "run.py": `import urllib2, helper\nprint "x"\nx = (1,\nimport gone_one\n${main}`,
          "helper.py": "def f(:\n",
        },
        { past: ["gone_one.py"] },
      ),
    ).toEqual(["run.py:1 helper resolves helper.py", "run.py:4 gone_one internal-missing gone_one.py"]);
  });
});
