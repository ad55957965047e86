export { processUnit } from "./process-unit.ts";
export { acquire, type Plan } from "./acquire.ts";
export { buildDataSet, type BuildOptions, type BuildResult } from "./build.ts";
export { checkDataSet, manifestRoot, readManifest } from "./manifest.ts";
export { splitNames, type Manifest, type PinnedSource } from "./schema.ts";
