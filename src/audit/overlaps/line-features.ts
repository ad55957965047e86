import type { Language } from "./language.ts";
import { mix } from "./tokens.ts";

/** Hashes of a text's telling lines and defined names, repeats included. */
export type LineFeatures = { lines: number[]; definitions: number[] };

const wordCode = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  if (/[A-Za-z0-9]/.test(String.fromCharCode(code)) || code >= 128) wordCode[code] = 1;
}
/** Letters and digits that a line must have to tell anything. */
const tellingWords = 4;

// Imports, and lines that a script has by habit: they say nothing of where it came from.
const habitLine =
  /^(?:import |from [\w.]+ import|#include|#!|using |use |package |const \{? ?[\w, ]+ ?\}? = require\(|if __name__ ?==|main\(|parser = |args = |return parser|logg(?:er|ing)\b.{0,12}(?:getLogger|basicConfig)|set -[a-z]+)/;
/** Names that many programs define, whatever they do. */
const habitNames =
  /^(?:main|run|setup|train|test|evaluate|parse_(?:args|arguments)|get_(?:args|parser)|usage|forward|__\w+__|setUp|tearDown)$/;
const definitionLine =
  /^(?:async def|def|class|export (?:default )?(?:async )?(?:function|class|const|interface|type)|(?:async )?function|interface|func|fn|struct) +([A-Za-z_$][\w$]*)|^([A-Za-z_][\w-]*) *\(\) *\{/;
// First characters of a habit (1) and of a definition (2): the patterns are tried only there.
const opening = new Uint8Array(256);
for (const character of "if#upcmarls") opening[character.charCodeAt(0)]! |= 1;
for (const character of "adcefis") opening[character.charCodeAt(0)]! |= 2;

const basis = 0x811c9dc5 | 0;
const prime = 0x01000193;

/** FNV-1a (Fowler, Noll, Vo), 32 bits, mixed. */
export function hashText(text: string): number {
  let value = basis;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), prime);
  return mix(value);
}

const newline = 10;
const comma = 44;

/** Reads lines without their white space and trailing commas; those before `start` (a licence) count for nothing. */
export function lineFeatures(body: Buffer, language: Language, start: number): LineFeatures {
  const lines: number[] = [];
  const definitions: number[] = [];
  const isProse = language === "text";
  const length = body.length;
  let first = -1; // where the line's text begins
  let value = basis;
  let words = 0;
  let commas = 0; // held until something follows them
  for (let at = start; at <= length; at++) {
    const code = at < length ? (body[at] as number) : newline;
    if (code > 32) {
      if (code === comma && !isProse) {
        commas++;
        continue;
      }
      if (first < 0) first = at;
      for (; commas > 0; commas--) value = Math.imul(value ^ comma, prime);
      value = Math.imul(value ^ code, prime);
      words += wordCode[code] as number;
      continue;
    }
    if (code !== newline) continue;
    if (words >= tellingWords) {
      const opener = isProse ? 0 : (opening[body[first] as number] as number);
      // `name() {` of a shell
      const isShell = !isProse && at - first < 80 && body[at - 1] === 123 && body[at - 3] === 41;
      const line = opener > 0 || isShell ? body.toString("latin1", first, Math.min(at, first + 160)) : "";
      const match = (opener & 2) > 0 || isShell ? definitionLine.exec(line) : null;
      const name = match?.[1] ?? match?.[2];
      if (name !== undefined && !habitNames.test(name)) definitions.push(hashText(name));
      if ((opener & 1) === 0 || !habitLine.test(line)) lines.push(mix(value));
    }
    first = -1;
    value = basis;
    words = 0;
    commas = 0;
  }
  return { lines, definitions };
}

/** Eight hex digits of a 32-bit value. */
export function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
