export { instruments } from "./registry.data.ts";
export type { Direction, Instrument } from "./schema.ts";
export { bandOf, instrumentNamed, scoreSheet, type RiskAnswer, type Score } from "./score.ts";
