export { instruments } from "./registry.data.ts";
export type { Direction, Instrument } from "./schema.ts";
export { wordingOf, type Wording } from "./wording.ts";
export { instrumentNamed, scoreSheet, type RiskAnswer, type Score } from "./score.ts";
