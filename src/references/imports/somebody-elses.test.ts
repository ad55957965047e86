import { describe, expect, it } from "vitest";
import { mainGuard as main, rowsOf } from "./small-tree.test-support.ts";

describe("an import of somebody else's package", () => {
  it("is not a module that once lay beside the file inside a package, nor one of a bare known name", async () => {
    const rows = await rowsOf(
      {
        "src/home/__init__.py": "",
        "src/home/utils/__init__.py": "",
        "src/home/utils/files.py": "def f():\n  import tqdm\n  import chronos\n",
        "tests/test_a.py": "import datasets\n",
        "tests/test_b.py": "import old_helper\n",
      },
      { past: ["src/home/utils/tqdm.py", "src/home/utils/chronos.py", "datasets.py", "tests/old_helper.py"] },
    );
    expect(rows).toEqual([
      "src/home/utils/files.py:2 tqdm optional",
      "src/home/utils/files.py:3 chronos optional",
      "tests/test_a.py:1 datasets installed-elsewhere",
      "tests/test_b.py:1 old_helper internal-missing tests/old_helper.py",
    ]);
  });

  it("is not the subpackage of its name beside a script that lies inside a package", async () => {
    const rows = await rowsOf({
      "lib/__init__.py": "",
      "lib/onnx/__init__.py": "",
      "lib/convert.py": `from onnx.onnx_pb import TensorProto\n${main}`,
    });
    expect(rows).toEqual(["lib/convert.py:1 onnx.onnx_pb installed-elsewhere"]);
  });

  it("is not a copy of a well-known package elsewhere that has the distribution's name", async () => {
    const rows = await rowsOf({
      "a/vendored/setup.py": "from setuptools import setup\nsetup(name='transformers')\n",
      "a/vendored/transformers/__init__.py": "",
      "b/pyproject.toml": '[project]\nname = "tool"\ndependencies = ["transformers"]\n',
      "b/tool/__init__.py": "",
      "b/tool/run.py": "from transformers.cache_utils import Cache\n",
    });
    expect(rows.filter((row) => row.startsWith("b/"))).toEqual([
      "b/tool/run.py:1 transformers.cache_utils installed-elsewhere",
    ]);
  });
});

describe("an import that may fail", () => {
  it("is optional where the code asks for its file, expects the failure, or skips the test", async () => {
    const rows = await rowsOf(
      {
        "pkg/__init__.py":
          "import os\nif os.path.isfile(os.path.join(os.path.dirname(__file__), '__about__.py')):\n  from pkg.__about__ import *\n",
        "tests/test_a.py":
          "import pytest\ndef test_gone():\n  with pytest.raises(ModuleNotFoundError):\n    import old_helper\n" +
          "@pytest.mark.skipif(\n  not module_available('old'),\n  reason='x')\ndef test_mixed():\n  from old.thing import x\n" +
          "def test_plain():\n  from old.thing import x\n",
      },
      { past: ["pkg/__about__.py", "tests/old_helper.py", "old/thing.py"] },
    );
    expect(rows.filter((row) => !row.includes("pytest"))).toEqual([
      "pkg/__init__.py:3 pkg.__about__ optional pkg/__about__.py",
      "tests/test_a.py:4 old_helper optional tests/old_helper.py",
      "tests/test_a.py:9 old.thing optional old/thing.py",
      "tests/test_a.py:11 old.thing internal-missing old/thing.py",
    ]);
  });

  it("inside a function is good if one of the starts can reach it", async () => {
    const rows = await rowsOf({
      "one/run.py": `import shared\n${main}`,
      "one/shared.py": "def late():\n  import near\n",
      "one/near.py": "",
      "two/run.py": `import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), '..', 'one'))\nimport shared\n${main}`,
      "three/run.py": "",
    });
    expect(rows.filter((row) => row.includes("near"))).toEqual(["one/shared.py:2 near resolves one/near.py"]);
  });
});

describe("requirements", () => {
  it("ordered in folders below `requirements` speak for what holds them", async () => {
    const rows = await rowsOf({
      "requirements/fabric/base.txt": "typing-extensions\n",
      "src/a.py": "import typing_extensions\nimport rich\n",
    });
    expect(rows).toEqual(["src/a.py:1 typing_extensions installed-elsewhere", "src/a.py:2 rich undeclared"]);
  });

  it("of a project or of its pages' builder do not govern what a documentation shows", async () => {
    const rows = await rowsOf({
      "pyproject.toml": '[project]\nname = "x"\ndependencies = ["numpy"]\n',
      "docs/requirements.txt": "sphinx\n",
      "docs/tutorials/a.py": "import pandas\n",
      "src/a.py": "import pandas\n",
    });
    expect(rows).toEqual([
      "docs/tutorials/a.py:1 pandas installed-elsewhere",
      "src/a.py:1 pandas undeclared",
    ]);
  });

  it("of which one begins with a name that nobody else is known for provide it", async () => {
    const rows = await rowsOf({
      "requirements.txt": "chronos-forecasting\ntorch-geometric\npandas-stubs\n",
      "a.py": "import chronos, torch, pandas\n",
    });
    expect(rows).toEqual([
      "a.py:1 chronos installed-elsewhere",
      "a.py:1 torch undeclared",
      "a.py:1 pandas undeclared",
    ]);
  });

  it("that a notebook installs itself are declared for it", async () => {
    const cell = (text: string): string =>
      JSON.stringify({
        cells: [{ cell_type: "code", source: text.split(/(?<=\n)/), outputs: [], metadata: {} }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      });
    const rows = await rowsOf({
      "requirements.txt": "numpy\n",
      "a.ipynb": cell('!pip install --quiet kfp "rich>=3"\nimport kfp\nimport rich\nimport boto3\n'),
    });
    expect(rows.map((row) => row.replace(/^\S+ /, ""))).toEqual([
      "kfp installed-elsewhere",
      "rich installed-elsewhere",
      "boto3 undeclared",
    ]);
  });
});

describe("stubs and built modules", () => {
  it("take names from the stub beside the module, and their tools' modules are nobody's requirement", async () => {
    const rows = await rowsOf({
      "pyproject.toml": '[project]\nname = "own"\ndependencies = ["rich"]\n',
      "own/__init__.py": "",
      "own/a.py": "x = 1\n",
      "own/a.pyi": "class _Bool: ...\n",
      "own/b.pyi":
        "from _typeshed import StrPath\nfrom typing_extensions import TypeVar\nfrom .a import _Bool\n",
    });
    expect(rows).toEqual([
      "own/b.pyi:1 _typeshed installed-elsewhere",
      "own/b.pyi:2 typing_extensions installed-elsewhere",
      "own/b.pyi:3 .a resolves own/a.py",
    ]);
  });

  it("that a build file names are not missing, and no other distribution's", async () => {
    const rows = await rowsOf(
      {
        "pyproject.toml": '[project]\nname = "own"\ndependencies = ["rich"]\n',
        "own/__init__.py": "",
        "own/core/__init__.py": "from own.core._fast import f\nfrom ._slow import g\n",
        "own/core/meson.build": "py.extension_module('_fast', ['fast.c'])\n",
      },
      { past: ["own/core/_fast.py", "own/core/_slow.py"] },
    );
    expect(rows).toEqual([
      "own/core/__init__.py:1 own.core._fast installed-elsewhere",
      "own/core/__init__.py:2 ._slow internal-missing own/core/_slow.py",
    ]);
  });

  it("are not told by an `__init__.py` that something else writes", async () => {
    const rows = await rowsOf(
      {
        "jz/run.py": "from models.t5 import Model\n",
        "make.py": "open('out/__init__.py', 'w')\n",
      },
      { past: ["jz/models/t5/__init__.py"] },
    );
    expect(rows).toEqual(["jz/run.py:1 models.t5 internal-missing jz/models/t5/__init__.py"]);
  });

  it("lie where the build's settings put them", async () => {
    const rows = await rowsOf(
      {
        "py/pyproject.toml":
          '[project]\nname = "own"\ndependencies = []\n[tool.maturin]\npython-source = "py_src"\n',
        "py/py_src/own/__init__.py": "",
        "py/py_src/own/parts.py": "x = 1\n",
        "py/tests/test_a.py": "from own.parts import x\n",
      },
      { past: ["py/own/parts.py"] },
    );
    expect(rows).toEqual(["py/tests/test_a.py:1 own.parts resolves py/py_src/own/parts.py"]);
  });
});
