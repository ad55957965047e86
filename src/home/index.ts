export { configSchema, type HomeConfig } from "./config.ts";
export { findConfig } from "./find-config.ts";
export { configFileName, parseConfig, readConfig } from "./config-file.ts";
export {
  artifactRoles,
  manifestSchema,
  type Artifact,
  type ArtifactRole,
  type DatasetEntry,
  type HomeManifest,
} from "./manifest.ts";
