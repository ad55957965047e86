import { lineCounter } from "../byte-text.ts";
import type { Extraction, Mention } from "../schema.ts";
import { commandsOf, enterCommandPaths } from "./command-strings.ts";
import { collectDefinitions, hasDynamicNames } from "./definitions.ts";
import { enterDotted } from "./dotted-strings.ts";
import { importsOfStatement } from "./import-statements.ts";
import { tokenize } from "./lexer.ts";
import { MentionSink } from "./mention-sink.ts";
import { mentionsInProse } from "./prose.ts";
import { PathStatements } from "./path-statements.ts";
import { PathStrings } from "./path-strings.ts";
import { Scopes } from "./scopes.ts";
import { guardOf, visitStatements, type Block } from "./statements.ts";
import { pathTextOf } from "./string-literals.ts";
import { hole } from "./values.ts";

/** Where a piece of Python lies in its file: `offset` of its first byte (or a map of offsets), lines of file offsets. */
export type ScanPlace = {
  offset?: number | ((at: number) => number);
  lineOf?: (offset: number) => number;
};

/** What Python says. All lists are present; `__getattr__` in `defines` also stands for names made at run time. */
export type PythonScan = Required<
  Pick<
    Extraction,
    "mentions" | "imports" | "commands" | "searchPaths" | "defines" | "hasMain" | "writes" | "notes"
  >
>;

/**
 * Reads a Python text: a file, a Markdown fence, a notebook cell (magics are skipped), a heredoc. Any version, broken
 * ones too; never throws. `text` is latin1-decoded bytes, offsets of the answer are those of `place`.
 */
export function scanPython(text: string, place: ScanPlace = {}): PythonScan {
  const tokens = tokenize(text);
  const scan: PythonScan = {
    mentions: [],
    imports: [],
    commands: [],
    searchPaths: [],
    defines: [],
    hasMain: false,
    writes: [],
    notes: [],
  };
  const defines = new Set<string>();
  const sink = new MentionSink(text);
  const scopes = new Scopes();
  const prose: Mention[] = [];
  let block: Block | undefined;
  const paths = new PathStrings(sink, scopes, {
    command(value) {
      scan.commands.push(...commandsOf(value));
      prose.push(...enterCommandPaths(value, text, sink));
    },
    dotted: (value, kind) => {
      if (block !== undefined) enterDotted(value, kind, sink, scan.imports, block, guardOf(tokens, block));
    },
    message(value) {
      for (const { start, end } of value.pieces) prose.push(...mentionsInProse(text, start, end, "soft"));
    },
    searchPath(value, position, at) {
      const known =
        value === undefined || value.text.includes(hole) || value.text.startsWith("/") ? undefined : value;
      if (value?.text.startsWith("/") === true) return;
      scan.searchPaths.push({
        path: known === undefined ? null : pathTextOf(known),
        line: tokens.starts[at] as number,
        base: known?.base === "file" ? "file" : "cwd",
        position,
        lazy: block?.lazy === true,
      });
    },
  });
  const statements = new PathStatements(tokens, scopes, paths, (value) => {
    for (const { start, end } of value.pieces) prose.push(...mentionsInProse(text, start, end, "weak"));
  });
  visitStatements(tokens, (statement) => {
    block = statement.block;
    if (block.main) scan.hasMain = true;
    const found = importsOfStatement(tokens, statement);
    if (found === undefined) {
      collectDefinitions(tokens, statement, defines);
      statements.read(statement);
      return;
    }
    scan.imports.push(...found.imports);
    // `from . import x` binds `x` only if something else makes it: readers of `imports` judge that.
    const own = found.imports[0]?.level === 1 && found.imports[0].module === "";
    if (block.lazy) return;
    for (const name of found.bound) if (!own || !found.imports[0]?.names.includes(name)) defines.add(name);
  });
  if (hasDynamicNames(tokens)) defines.add("__getattr__");
  for (let i = 0; i < tokens.comments.length; i += 2) {
    prose.push(
      ...mentionsInProse(text, tokens.comments[i] as number, tokens.comments[i + 1] as number, "weak"),
    );
  }
  scan.defines = [...defines];
  scan.writes = [...sink.writes];
  scan.mentions = withoutOverlaps([...sink.mentions, ...prose]);
  scan.notes = tokens.troubles
    .slice(0, 3)
    .map(({ offset, message }) => ({ code: "syntax", message, line: offset }));
  settle(scan, text, place);
  return scan;
}

/** In order of place; of two that overlap the earlier found one, which knows more. */
function withoutOverlaps(mentions: readonly Mention[]): Mention[] {
  const taken = new Map<number, Mention>();
  for (const one of mentions) if (!taken.has(one.start)) taken.set(one.start, one);
  const sorted = [...taken.values()].sort((a, b) => a.start - b.start);
  return sorted.filter((one, at) => at === 0 || one.start >= (sorted[at - 1] as Mention).end);
}

/** Turns offsets in the text into those of the file, and gives everything its line. */
function settle(scan: PythonScan, text: string, place: ScanPlace): void {
  const { offset = 0 } = place;
  const placeOf = typeof offset === "function" ? offset : (at: number): number => at + offset;
  const lineOf = place.lineOf ?? lineCounter(text);
  for (const one of [...scan.mentions, ...scan.imports, ...scan.commands]) {
    one.start = placeOf(one.start);
    one.end = placeOf(one.end);
    one.line = lineOf(one.start);
  }
  for (const one of [...scan.searchPaths, ...scan.notes]) one.line = lineOf(placeOf(one.line ?? 0));
}
