import type { Random } from "./random.ts";

/** What a seed calls things: the five packages, the vanished folder, data sets, people's repository. */
export type Names = {
  /** Those of the hand-made audit. */
  isDefault: boolean;
  lightning: string;
  therapeutic: string;
  home: string;
  ovh: string;
  consolidated: string;
  pipeline: string;
  pipelines: string;
  vanished: string;
  /** Folder of configurations and of checks in the Lightning package. */
  config: string;
  checks: string;
  /** The real package of the data pipeline, imported by its own name. */
  library: string;
  owner: string;
  repository: string;
  formerRepository: string;
  /** Data sets that were never committed. */
  ultimate: string;
  crisis: string;
  voices: string;
  bucket: string;
  version: string;
};

const two = (value: number): string => String(value).padStart(2, "0");

const ai = (name: string): string => `ai/${name}`;

/** Seed 1 has the names that the audit has; others vary. */
export function namesFor(random: Random, seed: number): Names {
  const choose = <T>(list: readonly [T, ...T[]]): T => (seed === 1 ? list[0] : random.pick(list));
  const day = seed === 1 ? "20251028_204104" : dateStamp(random);
  const owner = choose(["harbour-lab", "quiet-river", "northfold", "lantern-works"]);
  const repository = choose(["companion", "steady-voice", "haven-model", "listening-post"]);
  return {
    isDefault: seed === 1,
    lightning: ai(
      choose(["lightning_training_package", "lightning_studio_package", "studio_training_package"]),
    ),
    therapeutic: ai(`therapeutic_ai_training_package_${day}`),
    home: ai("training_ready"),
    ovh: ai("ovh"),
    consolidated: ai("training_data_consolidated"),
    pipeline: ai("dataset_pipeline"),
    pipelines: ai("pipelines"),
    vanished: ai(choose(["lightning", "lightning", "lightning_lab", "h100_lab"])),
    config: choose(["config", "conf", "settings"]),
    checks: choose(["validation_scripts", "validation", "serving_checks"]),
    library: choose(["dialogue_records", "session_records", "turn_store"]),
    owner,
    repository,
    formerRepository: `${repository}-${choose(["prototype", "draft", "old"])}`,
    ultimate: choose(["ULTIMATE_FINAL_DATASET", "MERGED_FINAL_DATASET", "FULL_DIALOGUE_SET"]),
    crisis: choose(["crisis_scenarios", "edge_prompts", "hard_cases"]),
    voices: choose(["voice_pairs", "teaching_voice", "mentor_transcripts"]),
    bucket: choose(["companion-training", "haven-data", "lab-training-data"]),
    version: choose(["v5.0", "v5.1", "v6.0"]),
  };
}

function dateStamp(random: Random): string {
  const day = `2025${two(random.integer(8, 11))}${two(random.integer(1, 28))}`;
  const time = `${two(random.integer(8, 21))}${two(random.integer(0, 59))}${two(random.integer(0, 59))}`;
  return `${day}_${time}`;
}
