/** The commits of the sample's history, oldest first, and what each is said to do. */
export const stages = {
  start: "Start the data pipeline and the Lightning experiments",
  experiments: "Add MoE architecture, procedures and a first inference service",
  pipelines: "Add persona and edge case pipelines",
  therapeutic: "Cut the therapeutic training package from the experiments",
  lightning: "Package the enhanced run for the studio",
  tuning: "Tune batch sizes, add gradient clipping",
  service: "Serve with a response cache and latency figures",
  ovh: "Run training on OVH",
  home: "Start training_ready: phases, storage first",
  manifests: "Write the package manifests",
  fork: "Add clipping to the studio's service",
  v5: "Release v5.0 of the therapeutic package",
  cleanup: "Remove ai/lightning, its documents move to the package",
  data: "Keep only the manifest of the consolidated data",
  packages: "Bring the packages up to date",
  polish: "Polish documents after the release",
  notes: "Add notes, notebooks and platform files",
  links: "Link shared folders",
  checks: "Check paths and owners in CI",
} as const;

export type Stage = keyof typeof stages;
export const stageNames = Object.keys(stages) as Stage[];
