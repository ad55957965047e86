import type { ImportMention } from "../schema.ts";
import { NAME, type Tokens } from "./lexer.ts";
import { guardOf, isWord, textOf, type Statement } from "./statements.ts";

type Names = { names: string[]; bound: string[]; star: boolean };

function mentionOf(
  tokens: Tokens,
  statement: Statement,
  span: { start: number; end: number },
  module: string,
  level: number,
  taken: Names,
): ImportMention {
  const { block } = statement;
  const guard = guardOf(tokens, block);
  return {
    start: span.start,
    end: span.end,
    line: 0,
    module,
    level,
    names: taken.names,
    star: taken.star,
    guarded: guard !== undefined,
    typeChecking: block.typeChecking,
    lazy: block.lazy,
    ...guard,
    ...(block.main ? { main: true } : {}),
  };
}

/** A dotted name at `at`: its text without blanks, its span, and the token after it. */
function dottedName(
  tokens: Tokens,
  at: number,
  last: number,
): { name: string; start: number; end: number; next: number } {
  let name = "";
  let i = at;
  const start = tokens.starts[at] as number;
  let end = start;
  for (; i < last; i++) {
    const text = textOf(tokens, i);
    const isDot = text === ".";
    if (!isDot && (tokens.kinds[i] !== NAME || (name !== "" && !name.endsWith(".")))) break;
    name += text;
    end = tokens.ends[i] as number;
  }
  return { name, start, end, next: i };
}

function namesTaken(tokens: Tokens, from: number, last: number): Names {
  const taken: Names = { names: [], bound: [], star: false };
  for (let i = from; i < last; i++) {
    if (tokens.kinds[i] !== NAME) {
      if (textOf(tokens, i) === "*") taken.star = true;
      continue;
    }
    const name = textOf(tokens, i);
    taken.names.push(name);
    if (isWord(tokens, i + 1, "as") && i + 2 < last) {
      taken.bound.push(textOf(tokens, i + 2));
      i += 2;
    } else taken.bound.push(name);
  }
  return taken;
}

/**
 * The imports of a statement, none if it is another one, and the names they bind. Lines are filled in by the caller.
 * The span is the module's name with its leading dots.
 */
export function importsOfStatement(
  tokens: Tokens,
  statement: Statement,
): { imports: ImportMention[]; bound: string[] } | undefined {
  const { first, last } = statement;
  if (tokens.kinds[first] !== NAME) return undefined;
  if (isWord(tokens, first, "import")) {
    const imports: ImportMention[] = [];
    const bound: string[] = [];
    let at = first + 1;
    while (at < last) {
      const { name, start, end, next } = dottedName(tokens, at, last);
      if (name === "" || name.endsWith(".") || name.startsWith(".")) break;
      imports.push(
        mentionOf(tokens, statement, { start, end }, name, 0, { names: [], bound: [], star: false }),
      );
      at = next;
      if (isWord(tokens, at, "as") && at + 1 < last) {
        bound.push(textOf(tokens, at + 1));
        at += 2;
      } else bound.push(name.split(".")[0] as string);
      if (at < last && textOf(tokens, at) !== ",") break;
      at++;
    }
    return imports.length === 0 ? undefined : { imports, bound };
  }
  if (!isWord(tokens, first, "from")) return undefined;
  let at = first + 1;
  let level = 0;
  const start = tokens.starts[at] as number;
  let end = start;
  while (at < last && textOf(tokens, at) === ".") {
    level++;
    end = tokens.ends[at++] as number;
  }
  let module = "";
  if (!(isWord(tokens, at, "import") && level > 0)) {
    const dotted = dottedName(tokens, at, last);
    if (dotted.name === "" || dotted.name.endsWith(".")) return undefined;
    module = dotted.name;
    end = dotted.end;
    at = dotted.next;
  }
  if (at >= last || !isWord(tokens, at, "import")) return undefined;
  const taken = namesTaken(tokens, at + 1, last);
  if (taken.names.length === 0 && !taken.star) return undefined;
  return {
    imports: [mentionOf(tokens, statement, { start, end }, module, level, taken)],
    bound: taken.bound,
  };
}
