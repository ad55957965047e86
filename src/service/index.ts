export { progressApp, progressRoutes } from "./app.ts";
export { eraseFromState } from "./erase-inference.ts";
export { startTracker, type ThreadTracker } from "./tracker-thread/start-tracker.ts";
export { openApi } from "./openapi.ts";
export { openProgress, serveProgress, type OpenProgress, type ServingProgress } from "./serve-progress.ts";
export {
  modelFile,
  startInference,
  type InferenceOptions,
  type RunningInference,
} from "./inference/start.ts";
export { hasTracker, homeState, stateFolder } from "./inference/state-folder.ts";
