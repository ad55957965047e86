import { evaluateWord, literalOf, ShellLexer, spanOf, type Word } from "../shell/index.ts";

/** An argument of an instruction: the bytes it takes, and its value with variables put in. */
export type Argument = { start: number; end: number; value: string; word?: Word };

const jsonString = /"((?:[^"\\\n]|\\.)*)"/g;

/** The strings of the JSON form (`["a", "b"]`); undefined for the shell form. */
export function jsonArguments(text: string, from: number, to: number): Argument[] | undefined {
  const body = text.slice(from, to);
  if (!/^[ \t]*\[[\s\S]*\][ \t\r]*$/.test(body) || /^[ \t]*\[\[/.test(body)) return undefined;
  const found: Argument[] = [];
  let end = body.indexOf("[") + 1;
  for (const match of body.matchAll(jsonString)) {
    if (!/^[\s,]*$/.test(body.slice(end, match.index))) return undefined;
    end = match.index + match[0].length;
    const start = from + match.index + 1;
    const raw = match[1] as string;
    found.push({ start, end: start + raw.length, value: raw.replace(/\\(["\\/])/g, "$1") });
  }
  return /^[\s,]*\][ \t\r]*$/.test(body.slice(end)) ? found : undefined;
}

/** The words of the shell form, options (`--from=x`) included. */
export function shellArguments(
  text: string,
  from: number,
  to: number,
  variables: ReadonlyMap<string, string>,
): Argument[] {
  const lexer = new ShellLexer(text, from, to);
  const found: Argument[] = [];
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.type !== "word") continue;
    const span = spanOf(token);
    found.push({ ...span, value: wordValue(token, text, variables), word: token });
  }
  return found;
}

/** A word's value where only the Dockerfile's own variables count: `$HOME` and the like are the image's. */
export function wordValue(word: Word, text: string, variables: ReadonlyMap<string, string>): string {
  const literal = literalOf(word);
  if (literal !== undefined) return literal;
  return evaluateWord(word, text, { variables, cwd: "\u0002", depth: 0 }).value.replace(
    /\u0001[A-Z\u0080-\u00ff]/g,
    "\u0002",
  );
}
