export { progressApp, progressRoutes } from "./app.ts";
export { openApi } from "./openapi.ts";
export { serveProgress, type ServingProgress } from "./serve-progress.ts";
