export { buildPlaces, contextsInUse, type BuildSources, type ContextUse } from "./builds.ts";
export { imageEnvironments, type ImageEnvironment } from "./image-environments.ts";
export type { ImageTree } from "./image-tree.ts";
export { imagePath } from "./paths.ts";
