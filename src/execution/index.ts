export { runUnits, type LocalOptions, type Stage, type UnitOutcome } from "./local-engine.ts";
