export { instrumentNamed, instruments, scoreSheet } from "./instruments/index.ts";
export { casesSchema, computeCases, statistics } from "./statistics-cases.ts";
export { decide, type Verdict } from "./verdict/index.ts";
