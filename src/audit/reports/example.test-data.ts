import type { ImportReference, Reference } from "../../references/index.ts";
import type { FileEntry } from "../../repository/index.ts";
import { buildFindings } from "../findings/build.ts";
import type { FindingContext, FindingRows } from "../findings/schema.ts";
import type { AuditReport, PackageReport } from "../report.ts";

// A synthetic repository of scattered training packages: made up for tests, no real project.

const commit = "5e1f0c2d3b4a59687786950a1b2c3d4e5f607182";

const file = (path: string, blob: string, size = 400): FileEntry => ({
  path,
  blob: blob.padEnd(40, "0"),
  size,
  mode: "file",
  state: "tracked",
});

export const exampleFiles: FileEntry[] = [
  file("ai/QUICK_START.md", "a1", 2100),
  file("ai/cloud_package/README.md", "c1", 3000),
  file("ai/cloud_package/config/moe.json", "c2", 900),
  file("ai/cloud_package/models/moe_architecture.py", "c3", 9000),
  file("ai/cloud_package/requirements.txt", "c4", 120),
  file("ai/cloud_package/scripts/data_preparation.py", "c5", 4000),
  file("ai/cloud_package/scripts/train_moe.py", "c6", 12000),
  file("ai/full_package/README.md", "d1", 5000),
  file("ai/full_package/configs/moe.json", "d2", 950),
  file("ai/full_package/docs/QUICK_START.md", "a1", 2100),
  file("ai/full_package/manifest.json", "d3", 1800),
  file("ai/full_package/training_scripts/inference_service.py", "d4", 11000),
  file("ai/full_package/training_scripts/moe_architecture.py", "d5", 9900),
  file("ai/full_package/training_scripts/train_moe.py", "d6", 14000),
  file("ai/full_package/utils/logger.py", "e1", 700),
  file("ai/platform/Dockerfile.training", "f1", 600),
  file("ai/platform/run-training.sh", "f2", 300),
  file("ai/platform/train_platform.py", "f3", 7000),
  file("ai/platform/utils/logger.py", "e1", 700),
  { ...file("ai/platform/.env", "f4", 90), state: "tracked-ignored" },
  file("ai/platform/notes.md~", "f5", 20),
];

const reference = (path: string, line: number, raw: string, rest: Partial<Reference>): Reference => ({
  path,
  line,
  start: line * 40,
  end: line * 40 + raw.length,
  kind: "link",
  raw,
  class: "resolves",
  confidence: "certain",
  evidence: [],
  ...rest,
});

const gone = {
  kind: "history",
  text: "the folder `ai/legacy` was removed",
  commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
};

function stale(path: string, line: number, target: string, kind: string, fix?: string): Reference {
  const row = reference(path, line, target, {
    class: "stale",
    kind,
    target,
    base: "root",
    tried: [
      { base: "file", target: `${path.slice(0, path.lastIndexOf("/"))}/${target}` },
      { base: "root", target },
    ],
    evidence: [
      ...(target.startsWith("ai/legacy") ? [gone] : []),
      ...(fix === undefined
        ? []
        : [
            {
              kind: "moved",
              text: `the same bytes live at \`${fix}\``,
              path: fix,
              commit: "77aa88bb99cc00dd11ee22ff33aa44bb55cc66dd",
            },
          ]),
    ],
  });
  return fix === undefined
    ? row
    : { ...row, fix: { start: row.start, end: row.end, text: fix, certainty: "certain" } };
}

const references: Reference[] = [
  stale(
    "ai/QUICK_START.md",
    12,
    "ai/legacy/train_moe.py",
    "inline-code",
    "ai/full_package/training_scripts/train_moe.py",
  ),
  stale("ai/QUICK_START.md", 31, "ai/legacy/USER_GUIDE.md", "link"),
  stale("ai/full_package/manifest.json", 9, "ai/legacy/PROCEDURES.md", "value"),
  stale("ai/platform/Dockerfile.training", 7, "ai/platform/requirements.txt", "copy"),
  stale("ai/cloud_package/README.md", 40, "ai/cloud_package/readme.md", "link"),
  reference("ai/full_package/manifest.json", 14, "ai/data/dual_persona.jsonl", {
    class: "missing-data",
    kind: "value",
    target: "ai/data/dual_persona.jsonl",
    evidence: [{ kind: "suffix", text: "a data suffix, never committed" }],
  }),
  reference("ai/cloud_package/README.md", 18, "data/ULTIMATE.jsonl", {
    class: "missing-data",
    kind: "inline-code",
    target: "ai/cloud_package/data/ULTIMATE.jsonl",
    evidence: [
      {
        kind: "size",
        text: "the text names a size of 2.49 GB",
        path: "ai/cloud_package/README.md",
        line: 18,
      },
    ],
  }),
  reference("ai/platform/run-training.sh", 3, "/mnt/scratch/anna/checkpoints", {
    class: "machine",
    kind: "argument",
    evidence: [{ kind: "absolute", text: "an absolute path outside every mount" }],
  }),
  reference("ai/cloud_package/README.md", 5, "scripts/train_moe.py", {
    target: "ai/cloud_package/scripts/train_moe.py",
    base: "file",
  }),
  reference("ai/QUICK_START.md", 3, "full_package/README.md", {
    target: "ai/full_package/README.md",
    base: "file",
  }),
  reference("ai/platform/run-training.sh", 8, "../full_package/training_scripts/train_moe.py", {
    kind: "command",
    target: "ai/full_package/training_scripts/train_moe.py",
    base: "file",
  }),
  reference("ai/full_package/manifest.json", 20, "ai/legacy/train_moe.py", {
    class: "provenance",
    kind: "list",
    target: "ai/legacy/train_moe.py",
  }),
];

const imports: ImportReference[] = [
  {
    path: "ai/full_package/training_scripts/train_moe.py",
    line: 8,
    start: 120,
    end: 136,
    module: "moe_architecture",
    class: "resolves",
    target: "ai/full_package/training_scripts/moe_architecture.py",
    byEntry: [],
  },
  {
    path: "ai/cloud_package/scripts/train_moe.py",
    line: 11,
    start: 210,
    end: 224,
    module: "training_utils",
    class: "internal-missing",
    target: "ai/cloud_package/scripts/training_utils.py",
    byEntry: [{ entry: "e1", class: "internal-missing" }],
  },
  {
    path: "ai/platform/train_platform.py",
    line: 4,
    start: 40,
    end: 44,
    module: "peft",
    class: "undeclared",
    target: "peft",
    byEntry: [],
  },
];

export const examplePackages: PackageReport[] = [
  {
    name: "cloud_package",
    path: "ai/cloud_package",
    signals: [
      { kind: "entry-script", path: "ai/cloud_package/scripts/train_moe.py" },
      { kind: "requirements", path: "ai/cloud_package/requirements.txt" },
    ],
    files: 6,
    bytes: 29_020,
    pinned: false,
    purpose: { text: "Trains in the cloud.", path: "ai/cloud_package/README.md", line: 3 },
    contents: [
      {
        role: "script",
        paths: ["ai/cloud_package/scripts/data_preparation.py", "ai/cloud_package/scripts/train_moe.py"],
      },
      { role: "model", paths: ["ai/cloud_package/models/moe_architecture.py"] },
    ],
  },
  {
    name: "full_package",
    path: "ai/full_package",
    signals: [
      { kind: "entry-script", path: "ai/full_package/training_scripts/train_moe.py" },
      { kind: "manifest", path: "ai/full_package/manifest.json" },
    ],
    files: 8,
    bytes: 45_450,
    pinned: false,
  },
  {
    name: "platform",
    path: "ai/platform",
    signals: [{ kind: "image", path: "ai/platform/Dockerfile.training" }],
    files: 6,
    bytes: 8_710,
    pinned: true,
  },
];

const rows: FindingRows = {
  groups: [
    {
      blob: "a1".padEnd(40, "0"),
      bytes: 2100,
      paths: ["ai/QUICK_START.md", "ai/full_package/docs/QUICK_START.md"],
    },
    {
      blob: "e1".padEnd(40, "0"),
      bytes: 700,
      paths: ["ai/full_package/utils/logger.py", "ai/platform/utils/logger.py"],
    },
  ],
  folders: [
    { a: "ai/full_package/utils", b: "ai/platform/utils", identical: 1, similar: 0, onlyA: [], onlyB: [] },
    {
      a: "ai/cloud_package",
      b: "ai/full_package",
      identical: 0,
      similar: 3,
      onlyA: ["ai/cloud_package/scripts/data_preparation.py"],
      onlyB: ["ai/full_package/manifest.json", "ai/full_package/training_scripts/inference_service.py"],
    },
  ],
  copies: [
    {
      a: "ai/cloud_package/scripts/train_moe.py",
      b: "ai/full_package/training_scripts/train_moe.py",
      relation: "older",
      containment: 0.91,
      commit,
      behind: 3,
      evidence: [{ kind: "history", text: "equal blobs at that commit", commit }],
    },
    {
      a: "ai/cloud_package/models/moe_architecture.py",
      b: "ai/full_package/training_scripts/moe_architecture.py",
      relation: "diverged",
      containment: 0.74,
      commit,
      evidence: [{ kind: "fork", text: "both sides added lines", commit }],
    },
  ],
  configs: [
    {
      a: "ai/cloud_package/config/moe.json",
      b: "ai/full_package/configs/moe.json",
      differences: [
        { key: "experts", a: 4, b: 8 },
        { key: "tracker.api_key", a: "only-for-this-test", b: "" },
        { key: "system_prompt", a: "x".repeat(120), b: "short" },
      ],
    },
  ],
  references,
  imports,
  entries: [
    {
      id: "e1",
      path: "ai/cloud_package/scripts/train_moe.py",
      command: "python scripts/train_moe.py",
      cwd: "ai/cloud_package",
      mode: "script",
      environment: {},
      loads: false,
      missing: ["training_utils"],
    },
    {
      id: "e2",
      path: "ai/full_package/training_scripts/train_moe.py",
      command: "torchrun train_moe.py",
      cwd: "ai/full_package/training_scripts",
      mode: "script",
      environment: {},
      loads: true,
      missing: [],
    },
    {
      id: "e3",
      path: "ai/platform/serve.py",
      command: "python serve.py",
      cwd: "ai/platform",
      mode: "script",
      environment: {},
      loads: false,
      missing: [],
    },
  ],
};

const paths = new Map(exampleFiles.map((one) => [one.path, one]));
const folders = new Set(
  exampleFiles.flatMap(({ path }) =>
    path.split("/").map((_, index, parts) => parts.slice(0, index).join("/")),
  ),
);

export const exampleContext: FindingContext = {
  packages: examplePackages,
  files: paths,
  has: (path) => paths.has(path) || folders.has(path),
  secrets: [{ path: "ai/platform/.env", kind: "huggingface-token", line: 2, start: 30, end: 67 }],
  notes: [
    { path: "ai/platform/train_platform.py", code: "syntax", message: "a bracket is never closed", line: 88 },
  ],
};

export const exampleRows = rows;

/** The whole report of the made-up repository. */
export const exampleReport: AuditReport = {
  summary: {
    files: exampleFiles.length,
    bytes: 83_180,
    packages: examplePackages.length,
    groups: rows.groups.length,
  },
  repository: { root: "/home/someone/scattered", commit, dirty: true, mount: null, historyReaches: null },
  packages: examplePackages,
  ...rows,
  boilerplate: { groups: 1, files: 4 },
  datasets: [
    {
      name: "ai/data/dual_persona.jsonl",
      state: "missing",
      mentions: [{ path: "ai/full_package/manifest.json", line: 14 }],
    },
    {
      name: "ULTIMATE.jsonl",
      state: "remote",
      pointer: "s3://bucket/ULTIMATE.jsonl",
      mentions: [{ path: "ai/cloud_package/README.md", line: 18 }],
    },
  ],
  findings: buildFindings(rows, exampleContext),
  warnings: [
    {
      code: "file-large",
      message: "12000000 bytes: not read for references",
      path: "ai/cloud_package/log.txt",
    },
    { code: "no-git", message: "history is cut here" },
  ],
};
