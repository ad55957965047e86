import { describe, expect, it } from "vitest";
import { entriesOf, mainGuard as main, rowsOf } from "./small-tree.test-support.ts";

describe("edits of the search path", () => {
  const library = { "lib/helper.py": "def f(): pass\n" };
  const edit = "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\n";

  it("help what is imported after them", async () => {
    expect(await rowsOf({ ...library, "run.py": `${edit}import helper\n${main}` })).toEqual([
      "run.py:3 helper resolves lib/helper.py",
    ]);
  });

  it("do not help what is imported before them", async () => {
    const files = { ...library, "run.py": `import helper\n${edit}${main}` };
    expect(await rowsOf(files)).toEqual(["run.py:1 helper internal-missing lib/helper.py"]);
    expect(await entriesOf(files)).toEqual(["script run.py .: helper"]);
  });

  it("may be made by helpers, in tests too", async () => {
    const text = (call: string): string => `import os\n${call}\n    from helper import f\n`;
    const files = {
      ...library,
      "test_a.py": text("with ExtendSysPath(os.path.join(os.path.dirname(__file__), 'lib')):"),
      "test_b.py":
        "import os\ndef test(monkeypatch):\n    monkeypatch.syspath_prepend(os.path.join(os.path.dirname(__file__), 'lib'))\n    import helper\n",
    };
    expect(await rowsOf(files)).toEqual([
      "test_a.py:3 helper resolves lib/helper.py",
      "test_b.py:4 helper resolves lib/helper.py",
    ]);
  });
});

describe("what a build makes", () => {
  it("modules of SWIG's interfaces", async () => {
    expect(
      await rowsOf({
        "pkg/__init__.py": "from . import fast\nfrom . import _fast\n",
        "pkg/fast.i": "%module fast\n",
      }),
    ).toEqual([
      "pkg/__init__.py:1 . resolves pkg/__init__.py",
      "pkg/__init__.py:2 . resolves pkg/__init__.py",
    ]);
  });
});

describe("what a manifest declares", () => {
  it("knows a base image by its argument's default", async () => {
    const files = {
      "requirements.txt": "nibabel\n",
      Dockerfile: "ARG BASE=pytorch/pytorch:2.1\nFROM ${BASE}\n",
      "run.py": `import torch\nimport pandas\n${main}`,
    };
    expect(await rowsOf(files)).toEqual(["run.py:1 torch installed-elsewhere", "run.py:2 pandas undeclared"]);
  });

  it("knows what repositories hold that are installed by address", async () => {
    const files = {
      "requirements.txt":
        "git+https://github.com/mlcommons/logging.git@1.0\nhttps://github.com/acme/tabulator/archive/refs/tags/1.0.zip\n",
      "run.py": `from mlperf_logging import mllog\nimport tabulator\nimport pandas\n${main}`,
    };
    expect(await rowsOf(files)).toEqual([
      "run.py:1 mlperf_logging installed-elsewhere",
      "run.py:2 tabulator installed-elsewhere",
      "run.py:3 pandas undeclared",
    ]);
  });
});
