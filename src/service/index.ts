export { progressApp, progressRoutes } from "./app.ts";
export { openApi } from "./openapi.ts";
export { serveProgress, type ServingProgress } from "./serve-progress.ts";
export {
  modelFile,
  startInference,
  type InferenceOptions,
  type RunningInference,
} from "./inference/start.ts";
