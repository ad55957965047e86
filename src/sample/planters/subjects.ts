import { posix } from "node:path";
import type { ReferenceClass } from "../answers.ts";
import type { Random } from "../random.ts";
import type { ReferenceMeaning, World } from "../world.ts";

/** Something that a text can speak of. `path` is logical, or as it stands where no file of the repository is meant. */
export type Subject = {
  path: string;
  class: ReferenceClass;
  more: ReferenceMeaning;
  /** True if `path` starts at the folder above `ai/`. */
  isPlace: boolean;
};

const place = (path: string, verdict: ReferenceClass, more: ReferenceMeaning = {}): Subject => ({
  path,
  class: verdict,
  more,
  isPlace: true,
});
const word = (path: string, verdict: ReferenceClass, more: ReferenceMeaning = {}): Subject => ({
  path,
  class: verdict,
  more,
  isPlace: false,
});

/** What there is to speak of in this repository, per class. Each call of `take` gives another one while they last. */
export class Subjects {
  readonly #lists: Map<string, Subject[]>;
  readonly #all: Record<string, Subject[]>;
  readonly #random: Random;

  constructor(w: World, random: Random) {
    const { names: n } = w;
    const old = (name: string): Subject => place(`${n.vanished}/${name}`, "stale");
    const certain = (name: string, to: string): Subject =>
      place(`${n.vanished}/${name}`, "stale", {
        fix: { to: `${n.therapeutic}/${to}`, certainty: "certain" },
      });
    const data = (folder: string, name: string): Subject =>
      place(`${folder}/${name}`, "missing-data", { dataset: name });
    this.#random = random;
    w.datasets.set("train.parquet", {
      state: "remote",
      pointer: `s3://${n.bucket}/prepared/train.parquet`,
      optional: true,
    });
    w.datasets.set("questions.jsonl", {
      state: "remote",
      pointer: `gs://${n.bucket}-eu/eval/questions.jsonl`,
      optional: true,
    });
    this.#all = {
      document: [
        `${n.therapeutic}/docs/QUICK_START_GUIDE.md`,
        `${n.therapeutic}/docs/LIGHTNING_H100_QUICK_DEPLOY.md`,
        `${n.therapeutic}/README.md`,
        `${n.lightning}/PACKAGE_MANIFEST.md`,
        `${n.home}/S3_EXECUTION_ORDER.md`,
        `${n.home}/RUNBOOK.md`,
        `${n.ovh}/README.md`,
        `${n.ovh}/DATASET_EXPANSION_DISCOVERY_PLAN.md`,
      ].map((path) => place(path, "resolves")),
      script: [
        `${n.therapeutic}/training_scripts/train_optimized.py`,
        `${n.lightning}/scripts/train_enhanced.py`,
        `${n.lightning}/scripts/data_preparation.py`,
        `${n.ovh}/train_ovh.py`,
        `${n.ovh}/process_datasets_streaming.py`,
        `${n.pipelines}/edge_case_pipeline_standalone/generate.py`,
        `${n.home}/scripts/run_voice_ingestion.py`,
      ].map((path) => place(path, "resolves")),
      settings: [
        `${n.therapeutic}/configs/moe_training_config.json`,
        `${n.lightning}/${n.config}/enhanced_training_config.json`,
        `${n.home}/configs/phases.yaml`,
        `${n.consolidated}/final/MASTER_STAGE_MANIFEST.json`,
        `${n.pipelines}/dual_persona_training/training_config.json`,
      ].map((path) => place(path, "resolves")),
      oldDocument: [
        old("TRAINING_PROCEDURES.md"),
        old("USER_GUIDE.md"),
        old("MODEL_ARCHITECTURE_PERFORMANCE.md"),
        certain("H100_QUICK_DEPLOY.md", "docs/LIGHTNING_H100_QUICK_DEPLOY.md"),
        place(`${n.vanished}/RUNBOOK.md`, "stale", {
          fix: { to: `${n.home}/RUNBOOK.md`, certainty: "likely" },
        }),
      ],
      oldScript: [
        old("data_loader.py"),
        old("train_moe_h100.py"),
        certain("inference_optimizer.py", "training_scripts/inference_optimizer.py"),
        certain("progress_tracking_api.py", "training_scripts/progress_tracking_api.py"),
      ],
      oldSettings: [old("serving.yaml")],
      data: [
        data(`${n.therapeutic}/data`, `${n.crisis}.jsonl`),
        data(`${n.lightning}/data`, `${n.ultimate}.jsonl`),
        data(`${n.therapeutic}/data/voice`, `${n.voices}.jsonl`),
      ],
      machine: [
        "/home/mara/datasets/turns.jsonl",
        "/mnt/scratch/checkpoints/best.pt",
        "/kaggle/input/synthetic-dialogues/train.csv",
        "/Users/jonas/models/adapter.safetensors",
      ].map((path) => word(path, "machine")),
      external: [
        word(`s3://${n.bucket}/prepared/train.parquet`, "external", { dataset: "train.parquet" }),
        word("https://objects.example.org/models/adapter.safetensors", "external"),
        word(`gs://${n.bucket}-eu/eval/questions.jsonl`, "external", { dataset: "questions.jsonl" }),
      ],
      placeholder: [
        word("path/to/config.json", "placeholder"),
        word("/path/to/your/data.jsonl", "placeholder", { accept: ["machine"] }),
        word("path/to/checkpoint.pt", "placeholder"),
      ],
    };
    this.#lists = new Map(Object.entries(this.#all).map(([kind, list]) => [kind, random.shuffle(list)]));
  }

  take(kind: string): Subject {
    const left = this.#lists.get(kind) as Subject[];
    const next = left.pop();
    if (next !== undefined) return next;
    this.#lists.set(kind, this.#random.shuffle(this.#all[kind] as Subject[]));
    return this.take(kind);
  }
}

/** How a path is spelled: from above `ai/`, from the text's own folder, or for a tool at the repository's root. */
export type Spelling = "documented" | "relative" | "rooted";

/** From a file to a path; what lies below is sometimes written with `./`. */
function relativePath(w: World, file: string, path: string): string {
  const relative = posix.relative(posix.dirname(file), path);
  const isBelow = !relative.startsWith("../");
  return isBelow && w.random.fork(`dot ${file} ${path}`).chance(0.5) ? `./${relative}` : relative;
}

/** The subject as it stands in a file, with its meaning. `as` turns the spelled path into the text of the span. */
export function spell(
  w: World,
  subject: Subject,
  file: string,
  spelling: Spelling,
  as: (path: string) => string = (path) => path,
): string {
  if (!subject.isPlace) return w.reference(as(subject.path), subject.class, undefined, subject.more);
  const path =
    spelling === "documented"
      ? subject.path
      : spelling === "rooted"
        ? w.rooted(subject.path)
        : relativePath(w, file, subject.path);
  return w.reference(as(path), subject.class, subject.path, subject.more);
}
