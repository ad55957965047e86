export { Admission } from "./admission.ts";
export {
  defaultContext,
  EngineError,
  samplingDefaults,
  type ChatMessage,
  type Engine,
  type EngineInfo,
  type EngineState,
  type GenerateEvent,
  type GenerateRequest,
  type Sampling,
} from "./engine.ts";
export { startLlama } from "./llama-engine.ts";
export { writeScriptedGguf } from "./scripted-gguf.ts";
export { StopText } from "./stop-text.ts";
export { connectEngine, engineKinds, type EngineKind } from "./http-engine.ts";
export { planServing, type ServePlan } from "./plan.ts";
export {
  evaluateScreen,
  type LabelledText,
  type ScreenEvaluation,
  type ScreenScores,
} from "./bench/evaluate-screen.ts";
export { benchProfiles, measureLoad, type BenchReport, type Slo } from "./bench/load.ts";
export type { Share } from "./bench/statistics.ts";
