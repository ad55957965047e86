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
export { engineGuard, type Guard, type Judgement } from "./guard/guard.ts";
export { anyTenant, oneTenant, type Tenancy } from "./tenancy.ts";
export { watchLoopDelay } from "./loop-delay.ts";
export { StopText } from "./stop-text.ts";
export { connectEngine } from "./http/connect.ts";
export { engineKinds, type EngineKind } from "./http/engine-profile.ts";
export { launchFlags, planServing, type ServePlan } from "./plan.ts";
export {
  evaluateScreen,
  type LabelledText,
  type ScreenEvaluation,
  type ScreenScores,
} from "./bench/evaluate-screen.ts";
export { compareReports, type Comparison } from "./bench/compare.ts";
export { measureOptimizer, type GridSetting, type OptimizerReport } from "./bench/optimizer.ts";
export type { PairRatios, PairReport } from "./bench/pairs.ts";
export { benchProfiles, measureLoad, type BenchReport, type Slo } from "./bench/load.ts";
export type { Share } from "./bench/statistics.ts";
export { LiveReply } from "./live-reply.ts";
export {
  localLocks,
  type Claimed,
  type LocalLocks,
  type RateKeeper,
  type ReplayKeeper,
  type SharedStatus,
  type Slots,
  type TurnLocks,
} from "./coordination.ts";
export { RateLimits } from "./rate-limits.ts";
export { joinRedis, type SharedService } from "./redis/shared-service.ts";
export { Replays, replayKey, type HandedReplay, type HandedReplays, type ReplayPlace } from "./replays.ts";
export {
  addKey,
  defaultLimits,
  keyRegistry,
  keyRoles,
  listKeys,
  revokeKey,
  scopes,
  scopesOfRole,
  type ApiKey,
  type KeyRegistry,
  type Scope,
} from "./state/api-keys.ts";
export type {
  Conversation,
  Conversations,
  SessionName,
  SessionSettings,
  Turn,
} from "./state/conversation.ts";
export { eraseState, type Erased } from "./state/erase-state.ts";
export { memoryConversations } from "./state/memory-conversations.ts";
export { lockState, openState, statePaths, type ClientName, type State } from "./state/open-state.ts";
export { openOutbox, type Handed, type Outbox, type Receiver } from "./state/outbox.ts";
export { openRiskTrail, type ReviewItem, type RiskNote, type RiskTrail } from "./state/risk-trail.ts";
export { storedConversations } from "./state/stored-conversations.ts";
export { countedOnly, mergeMetrics, Metrics, metricsText, type MetricsSnapshot } from "./metrics.ts";
