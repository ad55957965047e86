import type { ArtifactRole } from "./manifest.ts";

/** The folders of a home, in the order of its README, with what belongs in each. */
export const homeFolders = [
  { path: "docs", holds: "all documentation; docs/archive keeps what was superseded" },
  { path: "scripts", holds: "what is run: training, inference, preparation" },
  { path: "configs", holds: "configuration and requirements" },
  { path: "pipelines", holds: "data pipelines and loaders" },
  { path: "models", holds: "model architectures" },
  { path: "data", holds: "manifests and small data; large data is pointed to in home.json" },
  { path: "platforms", holds: "one folder per platform, inner structure kept" },
  { path: "utils", holds: "modules that the others share" },
  { path: "experimental", holds: "work without a place yet" },
  { path: "tests", holds: "tests of the above" },
] as const;

/** The folder of a home in which files of a role go. */
export const roleFolder: Record<ArtifactRole, string> = {
  script: "scripts",
  model: "models",
  pipeline: "pipelines",
  config: "configs",
  requirements: "configs",
  data: "data",
  doc: "docs",
  platform: "platforms",
  utility: "utils",
  test: "tests",
  experimental: "experimental",
  unplaced: "experimental",
};
