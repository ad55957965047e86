import { describe, expect, it } from "vitest";
import { TreeIndex, type FileEntry } from "../../repository/index.ts";
import { findPackages, type Signal } from "./find-packages.ts";
import { roleOf } from "./roles.ts";
import { signalsOf, type SignalKind } from "./signals.ts";

const train = `import torch\nfrom transformers import Trainer\n\ndef main():\n    Trainer(model=None).train()\n\nif __name__ == "__main__":\n    main()\n`;

describe("signals", () => {
  const table: [string, string, SignalKind[]][] = [
    ["train.py", train, ["entry-script"]],
    ["plain.py", "import json\n\nif __name__ == '__main__':\n    print(json.dumps(1))\n", []],
    ["layers.py", "import torch\nfrom torch import nn\n\nclass A(nn.Module):\n    pass\n", []],
    ["server.py", "from fastapi import FastAPI\nimport torch\napp = FastAPI()\n", ["serving-script"]],
    ["web.py", "from fastapi import FastAPI\napp = FastAPI()\n", []],
    ["config.json", '{"learning_rate": 1, "num_train_epochs": 3, "warmup_steps": 10}', ["training-config"]],
    ["package.json", '{"name": "x", "scripts": {"optimizer": "y"}}', []],
    ["requirements.txt", "numpy\ntorch==2.1\n", ["requirements"]],
    ["requirements-dev.txt", "pytest\nruff\n", []],
    ["Dockerfile.training", "FROM nvidia/cuda:12\nCOPY . .\n", ["gpu-image"]],
    ["Dockerfile", "FROM node:20\n", []],
    ["job.yaml", "resources:\n  limits:\n    nvidia.com/gpu: 1\n", ["job-file"]],
    ["run.sbatch", "#!/bin/bash\n#SBATCH --gres=gpu:8\n", ["job-file"]],
    ["MASTER_STAGE_MANIFEST.json", "{}", ["data-manifest"]],
    ["manifest.json", "{}", ["package-manifest"]],
    ["PACKAGE_MANIFEST.md", "# Files\n", ["package-manifest"]],
    [
      "QUICK_START_GUIDE.md",
      "# Training\nTrain the MoE on an H100: training with LoRA, epochs and checkpoints.\n",
      ["training-guide"],
    ],
    ["README.md", "# Training\nTrain the MoE on an H100: training with LoRA, epochs and checkpoints.\n", []],
  ];
  for (const [name, text, wanted] of table) {
    it(`of ${name} are ${wanted.join(", ") || "none"}`, () => expect(signalsOf(name, text)).toEqual(wanted));
  }
});

const entry = (path: string): FileEntry => ({ path, blob: path, size: 10, mode: "file", state: "tracked" });
const signal = (kind: SignalKind, path: string): Signal => ({ kind, path });

function find(paths: string[], signals: Signal[], pins: Parameters<typeof findPackages>[0]["pins"] = []) {
  const { packages, possible } = findPackages({ index: new TreeIndex(paths.map(entry)), signals, pins });
  return {
    packages: packages.map(({ path, files, pinned }) => ({ path, files, pinned })),
    possible: possible.map((one) => one.path),
  };
}

describe("packages", () => {
  it("are the lowest folders with two kinds of signals; scripts and configs are parts", () => {
    const paths = [
      "ai/a/scripts/train.py",
      "ai/a/configs/x.json",
      "ai/a/README.md",
      "ai/b/train.py",
      "ai/b/Dockerfile",
      "web/app.py",
    ];
    const signals = [
      signal("entry-script", paths[0] as string),
      signal("training-config", paths[1] as string),
      signal("entry-script", "ai/b/train.py"),
      signal("gpu-image", "ai/b/Dockerfile"),
    ];
    expect(find(paths, signals).packages).toEqual([
      { path: "ai/a", files: 3, pinned: false },
      { path: "ai/b", files: 2, pinned: false },
    ]);
  });

  it("need two kinds: one kind, however often, is only possible", () => {
    const paths = ["x/train.py", "x/finetune.py"];
    expect(
      find(
        paths,
        paths.map((path) => signal("entry-script", path)),
      ),
    ).toEqual({ packages: [], possible: ["x"] });
  });

  it("include a lone training guide, a folder of data manifests and a folder named as the home", () => {
    const paths = [
      "ai/QUICK_START_GUIDE.md",
      "ai/consolidated/final/MASTER_STAGE_MANIFEST.json",
      "ai/training_ready/scripts/run_phase1.py",
      "docs/training.md",
    ];
    const signals = [
      signal("training-guide", paths[0] as string),
      signal("data-manifest", paths[1] as string),
      signal("entry-script", paths[2] as string),
      signal("training-guide", paths[3] as string),
    ];
    expect(find(paths, signals).packages.map((one) => one.path)).toEqual([
      "ai/QUICK_START_GUIDE.md",
      "ai/consolidated",
      "ai/training_ready",
    ]);
  });

  it("follow pins before detection", () => {
    const paths = ["a/train.py", "a/requirements.txt", "b/notes.txt"];
    const signals = [signal("entry-script", "a/train.py"), signal("requirements", "a/requirements.txt")];
    const pins = [
      { path: "a", as: "ignore" as const },
      { path: "b", as: "source" as const },
    ];
    expect(find(paths, signals, pins).packages).toEqual([{ path: "b", files: 1, pinned: true }]);
  });

  it("list a vendored tree as one and do not enter dependencies", () => {
    const inner = [
      "v/LICENSE",
      "v/setup.py",
      "v/examples/a/train.py",
      "v/examples/a/requirements.txt",
      "v/Dockerfile",
    ];
    const outer = ["node_modules/p/train.py", "node_modules/p/requirements.txt"];
    const signals = [
      signal("entry-script", inner[2] as string),
      signal("requirements", inner[3] as string),
      signal("entry-script", outer[0] as string),
      signal("requirements", outer[1] as string),
    ];
    expect(find([...inner, ...outer], signals).packages).toEqual([{ path: "v", files: 5, pinned: false }]);
  });

  it("that lie inside another are counted apart", () => {
    const paths = ["p/train.py", "p/requirements.txt", "p/q/train.py", "p/q/Dockerfile"];
    const kinds = ["entry-script", "requirements", "entry-script", "gpu-image"] as const;
    expect(
      find(
        paths,
        paths.map((path, index) => signal(kinds[index] as SignalKind, path)),
      ).packages,
    ).toEqual([
      { path: "p", files: 2, pinned: false },
      { path: "p/q", files: 2, pinned: false },
    ]);
  });
});

describe("roles", () => {
  const none = { signals: [], hasMain: false, definesModel: false };
  const table: [string, Partial<Parameters<typeof roleOf>[1]>, string][] = [
    ["p/scripts/train.py", { signals: ["entry-script"], hasMain: true }, "script"],
    ["p/training_scripts/moe_architecture.py", { definesModel: true }, "model"],
    ["p/data_pipeline/dual_persona_loader.py", {}, "pipeline"],
    ["p/configs/moe.json", { signals: ["training-config"] }, "config"],
    ["p/configs/requirements_moe.txt", {}, "requirements"],
    ["p/data/x.jsonl", {}, "data"],
    ["p/final/MASTER_STAGE_MANIFEST.json", { signals: ["data-manifest"] }, "data"],
    ["p/docs/guide.md", {}, "doc"],
    ["p/Dockerfile.training", { signals: ["gpu-image"] }, "platform"],
    ["ai/ovh/run-training.sh", {}, "platform"],
    ["p/utils/logger.py", {}, "utility"],
    ["p/tests/test_x.py", {}, "test"],
    ["p/experimental/idea.py", { hasMain: true }, "experimental"],
    ["p/thing.xyz", {}, "unplaced"],
  ];
  for (const [path, facts, role] of table) {
    it(`${path} is ${role}`, () => expect(roleOf(path, { ...none, ...facts })).toBe(role));
  }
});
