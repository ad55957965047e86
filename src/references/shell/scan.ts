import { enterArguments, type Meaning } from "./arguments.ts";
import { ShellLexer } from "./lexer.ts";
import { maskPrompts } from "./prompts.ts";
import { Recorder, scriptStart, type ShellScan, type ShellSession, type ShellStart } from "./recorder.ts";
import { ShellScanner } from "./scanner.ts";
import { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { joinValue, startFolder, unknown } from "./values.ts";

export type ShellOptions = {
  /** Offset of the text in its file, or a function from a position in the text to one in the file. */
  offset?: number | ((at: number) => number);
  /** Line of an offset in the file. */
  lineOf: (offset: number) => number;
  /** Where the text starts; default: a script of its own. */
  start?: ShellStart;
  /** The folder below the start that commands run in at first; `null` if nobody knows it. */
  cwd?: string | null;
  /** Documentation: lines may begin with `$ `; then only those are commands. */
  prompts?: boolean;
  /** Variables that are known before the text. */
  variables?: Readonly<Record<string, string>>;
  /** What to read of the text; default: all. */
  from?: number;
  to?: number;
  /** Several parts of the text that one shell runs in turn; instead of `from` and `to`. */
  parts?: readonly { from: number; to: number }[];
  /** The text with blanks for what is no shell (comments that another format takes out), of the same length. */
  masked?: string;
  /** Shared by texts that run one after another. */
  session?: ShellSession;
};

function prepare(text: string, options: ShellOptions): { source: string; state: ShellState } {
  const { offset = 0, masked = text } = options;
  const source = options.prompts === true ? maskPrompts(masked) : masked;
  const recorder = new Recorder(
    text,
    options.start ?? scriptStart,
    typeof offset === "number" ? (at) => at + offset : offset,
    options.lineOf,
    options.session,
  );
  const start = options.start?.image ?? startFolder;
  const cwd = options.cwd === null ? unknown : joinValue(start, options.cwd ?? ".");
  const state = new ShellState(recorder, source, cwd);
  for (const [name, value] of Object.entries(options.variables ?? {})) state.variables.set(name, value);
  return { source, state };
}

/** Reads a list of words (the value of a variable, the arguments of a container) as operands and options. */
export function scanArguments(text: string, options: ShellOptions & { meaning?: Meaning }): ShellScan {
  const { source, state } = prepare(text, options);
  const lexer = new ShellLexer(source, options.from ?? 0, options.to ?? source.length);
  const words: Word[] = [];
  for (let token = lexer.next(); token !== undefined; token = lexer.next())
    if (token.type === "word") words.push(token);
  enterArguments(state, words, options.meaning);
  return state.recorder.scan;
}

/** Reads shell text: what it names, what it runs and what it writes. Never throws for the text's contents. */
export function scanShell(text: string, options: ShellOptions): ShellScan {
  const { source, state } = prepare(text, options);
  const scanner = new ShellScanner(source, state);
  const parts = options.parts ?? [{ from: options.from ?? 0, to: options.to ?? source.length }];
  for (const { from, to } of parts) scanner.run(from, to);
  return state.recorder.scan;
}
