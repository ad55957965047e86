import { NAME, OPERATOR, type Tokens } from "./lexer.ts";
import { isWord, textOf, type Statement } from "./statements.ts";

const keywords = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False print exec".split(
    " ",
  ),
);

/** Adds names assigned left of `=`, `:` (annotation), `in` of a `for`, after `as`: all plain names at depth of a tuple. */
function targetsBefore(tokens: Tokens, from: number, to: number, into: Set<string>): void {
  for (let i = from; i < to; i++) {
    if (tokens.kinds[i] !== NAME) {
      const opens = i > from && /^[[(]$/.test(textOf(tokens, i)) && /[\w\])]$/.test(textOf(tokens, i - 1));
      if (!opens) continue;
      // A subscript or call: what stands in it is no target.
      for (let depth = 1; depth > 0 && ++i < to;) {
        const text = textOf(tokens, i);
        if (/^[[({]$/.test(text)) depth++;
        else if (/^[\])}]$/.test(text)) depth--;
      }
      continue;
    }
    const before = i > from ? textOf(tokens, i - 1) : "";
    const after = i + 1 < to ? textOf(tokens, i + 1) : "";
    if (before === "." || after === "." || after === "[" || after === "(") continue;
    const name = textOf(tokens, i);
    if (!keywords.has(name)) into.add(name);
  }
}

/** Adds what a statement at module level (not inside a function or class) binds; `global` names of functions too. */
export function collectDefinitions(tokens: Tokens, statement: Statement, into: Set<string>): void {
  const { first, last, block } = statement;
  const word = tokens.kinds[first] === NAME ? textOf(tokens, first) : "";
  if (word === "global") {
    for (let i = first + 1; i < last; i++) if (tokens.kinds[i] === NAME) into.add(textOf(tokens, i));
    return;
  }
  if (block.lazy || insideClass(statement)) return;
  const at = word === "async" ? first + 1 : first;
  if (isWord(tokens, at, "def") || isWord(tokens, at, "class")) {
    into.add(textOf(tokens, at + 1));
    return;
  }
  if (isWord(tokens, at, "for")) {
    let end = at + 1;
    while (end < last && !isWord(tokens, end, "in")) end++;
    targetsBefore(tokens, at + 1, end, into);
    return;
  }
  if (isWord(tokens, at, "with") || word === "except") {
    for (let i = at + 1; i < last; i++) {
      if (tokens.kinds[i] === NAME && isWord(tokens, i, "as")) {
        let end = i + 1;
        while (end < last && ![",", ":"].includes(textOf(tokens, end))) end++;
        targetsBefore(tokens, i + 1, Math.max(end, i + 2), into);
      }
    }
    return;
  }
  if (word === "type" && tokens.kinds[first + 1] === NAME) into.add(textOf(tokens, first + 1));
  let from = first;
  let depth = 0;
  for (let i = first; i < last; i++) {
    if (tokens.kinds[i] !== OPERATOR) continue;
    const text = textOf(tokens, i);
    if (text === "(" || text === "[" || text === "{") depth++;
    else if (text === ")" || text === "]" || text === "}") depth--;
    else if (text === ":=") targetsBefore(tokens, i - 1, i, into);
    else if (depth === 0 && (text === "=" || text === ":")) {
      if (!(text === ":" && keywords.has(word))) targetsBefore(tokens, from, i, into);
      if (text === ":") break;
      from = i + 1;
    }
  }
}

function insideClass(statement: Statement): boolean {
  for (let block = statement.block as Statement["block"] | undefined; block; block = block.parent) {
    if (block.kind === "class") return true;
  }
  return false;
}

// Ways of a module to get names that its text does not show.
const dynamicNames =
  /\bglobals\(\)\s*(?:\[|\.\s*(?:update|setdefault))|\bsys\.modules\[\s*__name__\s*\]|\bsetattr\(\s*(?:sys\.modules|\w*module\w*|__import__)|(?:^|\n)exec\(|\bvars\(\)\s*\[|\blocals\(\)\s*\[/;

/** True if names may appear in the module that no statement of it binds. */
export function hasDynamicNames(tokens: Tokens): boolean {
  return tokens.mayBindAtRunTime && dynamicNames.test(tokens.text);
}
