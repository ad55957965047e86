export { configSchema, type HomeConfig } from "./config.ts";
export { type DataConfig, type GenerateConfig, type GenerateTask, type SourceConfig } from "./data-config.ts";
export { configFileName, parseConfig, readConfig } from "./config-file.ts";
export { configJsonSchema, newConfigText } from "./config-text.ts";
export { findConfig } from "./find-config.ts";
export { findHome, readManifest } from "./find-home.ts";
export { emptyManifest, manifestFileName, manifestText, planHome, writeHome } from "./init.ts";
export { homeFolders, roleFolder } from "./layout.ts";
export {
  artifactRoles,
  manifestJsonSchema,
  manifestSchema,
  type Artifact,
  type ArtifactRole,
  type DatasetEntry,
  type HomeManifest,
} from "./manifest.ts";
