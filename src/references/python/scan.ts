import { lineCounter } from "../byte-text.ts";
import type { Extraction } from "../schema.ts";
import { collectDefinitions, hasDynamicNames } from "./definitions.ts";
import { importsOfStatement } from "./import-statements.ts";
import { tokenize } from "./lexer.ts";
import { statementsOf } from "./statements.ts";

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
  const lineOf = place.lineOf ?? lineCounter(text);
  const { offset = 0 } = place;
  const placeOf = typeof offset === "function" ? offset : (at: number): number => at + offset;
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
  for (const statement of statementsOf(tokens)) {
    if (statement.block.main) scan.hasMain = true;
    const found = importsOfStatement(tokens, statement);
    if (found === undefined) {
      collectDefinitions(tokens, statement, defines);
      continue;
    }
    scan.imports.push(...found.imports);
    // `from . import x` binds `x` only if something else makes it: readers of `imports` judge that.
    const own = found.imports[0]?.level === 1 && found.imports[0].module === "";
    if (statement.block.lazy) continue;
    for (const name of found.bound) if (!own || !found.imports[0]?.names.includes(name)) defines.add(name);
  }
  if (hasDynamicNames(text)) defines.add("__getattr__");
  scan.defines = [...defines];
  for (const one of scan.imports) {
    one.start = placeOf(one.start);
    one.end = placeOf(one.end);
    one.line = lineOf(one.start);
  }
  for (const trouble of tokens.troubles.slice(0, 3)) {
    scan.notes.push({ code: "syntax", message: trouble.message, line: lineOf(placeOf(trouble.offset)) });
  }
  return scan;
}
