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
