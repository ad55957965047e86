export { cacheFolder } from "./cache-folder.ts";
export { canonicalJson } from "./canonical-json.ts";
export { checkedYaml } from "./checked-yaml.ts";
export { errorCatalogue } from "./error-catalogue.data.ts";
export { errorDocument, TrainingReadyError, type ErrorCode, type ExitCode } from "./errors.ts";
export {
  blocks,
  decodeValues,
  encodeValues,
  fileTypes,
  readGguf,
  tensorBytes,
  writeGguf,
  type GgufFile,
  type GgufScalar,
  type GgufTensor,
  type GgufTensorInfo,
  type GgufValue,
  type TensorType,
} from "./gguf/index.ts";
export { gitBlobId, sha256, sha256File } from "./hashing.ts";
export { jsonLine, readJsonLines, type JsonLine } from "./json-lines.ts";
export { createLog, type Log, type LogFields, type LogLevel } from "./log.ts";
export { markdownText } from "./markdown-text.ts";
export { didYouMean, editDistance, nearestName } from "./nearest.ts";
export {
  escapeHtml,
  html,
  Markup,
  message,
  pagePolicy,
  pageStyle,
  pageWithin,
  sectionedPage,
  type Content,
  type PageSection,
} from "./page/index.ts";
export { drain, eventStamper, type EventEnvelope, type JobEvent } from "./progress-events.ts";
export { findSecrets, redactSecrets, type SecretKind, type SecretMatch } from "./secret-filter.ts";
export { startThread } from "./start-thread.ts";
export { clockOf, isTimeZone } from "./time-zone.ts";
export { visibleText } from "./terminal-text.ts";
export { tool } from "./tool-version.ts";
export { isDiskRefusal, syncNames, writeFailed, writeFileAtomic } from "./write-file.ts";
export { folderOf, followFrom, isBelow, nameOf, relativePath } from "./tree-paths.ts";
