export { screenConversation, type ConversationRisk } from "./conversation.ts";
export { HoldBack } from "./hold-back.ts";
export { protocolReply, resourcesOf, watchLine, type SafetyAction } from "./protocol.ts";
export { replacementText, supportivePrompt } from "./protocol-texts.data.ts";
export { levelNumber, riskLevels, screenText, type Assessment, type RiskLevel } from "./screen.ts";
