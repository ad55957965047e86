export {
  modelFile,
  startInference,
  type InferenceOptions,
  type RunningInference,
} from "./inference/start.ts";
