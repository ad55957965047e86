export { configSchema, type HomeConfig } from "./config.ts";
export { type DataConfig, type SourceConfig } from "./data-config.ts";
export { configFileName, parseConfig, readConfig } from "./config-file.ts";
export {
  artifactRoles,
  manifestSchema,
  type Artifact,
  type ArtifactRole,
  type DatasetEntry,
  type HomeManifest,
} from "./manifest.ts";
