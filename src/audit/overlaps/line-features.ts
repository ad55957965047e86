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

const importLine =
  /^(?:import |from [\w.]+ import|#include|using |use |package |const \{? ?[\w, ]+ ?\}? = require\()/;
const definitionLine =
  /^(?:async def|def|class|export (?:default )?(?:async )?(?:function|class|const|interface|type)|(?:async )?function|interface|func|fn|struct) +([A-Za-z_$][\w$]*)|^([A-Za-z_][\w-]*) *\(\) *\{/;
// First characters of an import (1) and of a definition (2): the patterns are tried only there.
const opening = new Uint8Array(256);
for (const character of "if#upc") opening[character.charCodeAt(0)]! |= 1;
for (const character of "adcefis") opening[character.charCodeAt(0)]! |= 2;

/** FNV-1a (Fowler, Noll, Vo), 32 bits, mixed. */
export function hashText(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return mix(value);
}

const comma = 44;

/** Reads lines; those before `start` (a licence) count for nothing. */
export function lineFeatures(body: Buffer, language: Language, start: number): LineFeatures {
  const lines: number[] = [];
  const definitions: number[] = [];
  const isProse = language === "text";
  const length = body.length;
  let at = 0;
  while (at < length) {
    const next = body.indexOf(10, at);
    const end = next < 0 ? length : next;
    let last = end;
    while (last > at) {
      const code = body[last - 1] as number;
      if (code > 32 && (isProse || code !== comma)) break;
      last--;
    }
    let first = at;
    while (first < last && (body[first] as number) <= 32) first++;
    if (first < last) {
      let value = 0x811c9dc5;
      let words = 0;
      for (let place = first; place < last; place++) {
        const code = body[place] as number;
        if (code <= 32) continue;
        value = Math.imul(value ^ code, 0x01000193);
        words += wordCode[code] as number;
      }
      const mixed = mix(value);
      const firstCode = body[first] as number;
      if (at >= start && words >= tellingWords) {
        const opener = isProse ? 0 : (opening[firstCode] as number);
        // `name() {` of a shell
        const isShell = !isProse && last - first < 80 && body[last - 1] === 123 && body[last - 3] === 41;
        const line = opener > 0 || isShell ? body.toString("latin1", first, Math.min(last, first + 160)) : "";
        const match = (opener & 2) > 0 || isShell ? definitionLine.exec(line) : null;
        if (match !== null) definitions.push(hashText((match[1] ?? match[2]) as string));
        if ((opener & 1) === 0 || !importLine.test(line)) lines.push(mixed);
      }
    }
    at = end + 1;
  }
  return { lines, definitions };
}

/** Eight hex digits of a 32-bit value. */
export function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
