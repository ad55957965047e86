export { argumentShape } from "./argument-shape.ts";
export { evaluateWord } from "./evaluate.ts";
export { ShellLexer } from "./lexer.ts";
export { ShellSession, type ShellScan, type ShellStart } from "./recorder.ts";
export { scanArguments, scanShell, type ShellOptions } from "./scan.ts";
export type { Word } from "./tokens.ts";
export { fileFolder, joinValue, parentOf, rootFolder, startFolder, unknown } from "./values.ts";
export { literalOf, spanOf } from "./word-span.ts";
