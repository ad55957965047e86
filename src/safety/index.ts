export {
  draftConfiguration,
  safetyPolicyJsonSchema,
  safetyResourcesJsonSchema,
  type RiskThresholds,
  type SafetyConfiguration,
  type SafetyTexts,
} from "./configuration.ts";
export { isUnderstoodQuestion, screenConversation, type ConversationRisk } from "./conversation.ts";
export { textsInLanguage, type TextsInLanguage } from "./languages.ts";
export { HoldBack } from "./hold-back.ts";
export {
  markOf,
  framed,
  protocolReply,
  resourcesOf,
  watchLine,
  type SafetyAction,
  type SafetySource,
} from "./protocol.ts";
export { answersAt, isOld, isVerified, oldAfterDays, reachOf, type Resource } from "./resource.ts";
export {
  hasSafety,
  initSafety,
  readSafety,
  safetyPaths,
  writeSignOff,
  type HomeSafety,
} from "./safety-folder.ts";
export { levelNumber, riskLevels, screenText, type Assessment, type RiskLevel } from "./screen.ts";
export {
  configurationHash,
  coveredCountries,
  partsOf,
  refusalsOf,
  shownResources,
  type SignOff,
  type Standing,
} from "./sign-off.ts";
