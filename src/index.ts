export { TrainingReadyError, type ErrorCode } from "./shared/index.ts";
