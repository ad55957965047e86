export { runUnits, type LocalOptions, type Stage, type UnitOutcome } from "./local-engine.ts";
export { runQueued, type QueueOptions } from "./queue-engine.ts";
