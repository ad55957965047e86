import { createHash } from "node:crypto";
import { isSettings, type Language } from "./language.ts";
import { hex, lineFeatures } from "./line-features.ts";
import { notebookText } from "./notebook-text.ts";
import { readTokens, type TokenSink } from "./tokens.ts";
import { Winnower } from "./winnow.ts";

/**
 * What of a text is compared. `lines`: hashes of its telling lines without white space; `shingles`: winnowed runs of
 * tokens; `definitions`: hashes of defined names; repeats stay. Equal `stream`: the same tokens, in the same blocks,
 * comments aside. Equal `words`, of settings: the same words in any order.
 */
export type Fingerprint = {
  language: Language;
  lines: Uint32Array;
  shingles: Uint32Array;
  definitions: Uint32Array;
  stream: string;
  words: string;
};

/** Part of a cache's key: raise it whenever a fingerprint changes. */
export const fingerprintVersion = 2;

const longestLicence = 8192;

/** Where a leading comment that is a licence or copyright notice ends; 0 without one. */
function licenceEnd(body: Buffer, language: Language): number {
  if (language !== "python" && language !== "script" && language !== "braces" && language !== "yaml")
    return 0;
  const text = body.toString("latin1", 0, Math.min(body.length, longestLicence));
  let end = 0;
  let inBlock = false;
  for (let at = 0; at < text.length;) {
    const next = text.indexOf("\n", at);
    const stop = next < 0 ? text.length : next;
    const line = text.slice(at, stop).trim();
    if (inBlock) {
      if (line.includes("*/") || line.endsWith('"""')) inBlock = false;
    } else if (line.startsWith("/*")) inBlock = !line.includes("*/");
    else if (line.startsWith('"""') && language === "python") inBlock = !line.slice(3).includes('"""');
    else if (line !== "" && !line.startsWith("#") && !line.startsWith("//")) break;
    at = stop + 1;
    end = Math.min(at, text.length);
  }
  return /copyright|licen[cs]e|all rights reserved/i.test(text.slice(0, end)) ? end : 0;
}

class StreamReader implements TokenSink {
  readonly winnower = new Winnower();
  tokens = 0;
  #a = 0x811c9dc5 | 0;
  #b = 0x9e3779b9 | 0;
  #sumA = 0;
  #sumB = 0;
  #words = 0;
  readonly #isSettings: boolean;

  constructor(isSettings: boolean) {
    this.#isSettings = isSettings;
  }

  token(value: number): void {
    this.tokens++;
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = (Math.imul(this.#b, 31) + value) | 0;
    // A word, not a mark; their order is no matter in settings alone.
    if (this.#isSettings && value >>> 8 !== 0) {
      this.#words++;
      this.#sumA = (this.#sumA + value) | 0;
      this.#sumB = (this.#sumB + Math.imul(value ^ (value >>> 15), 0x85ebca6b)) | 0;
    }
    this.winnower.token(value);
  }

  indent(levels: number): void {
    const value = levels + 0x10000;
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = (Math.imul(this.#b, 31) + value) | 0;
  }

  get words(): string {
    return `${this.#words}.${hex(this.#sumA)}${hex(this.#sumB)}`;
  }

  get digest(): string {
    return `${this.tokens}.${hex(this.#a)}${hex(this.#b)}`;
  }
}

const nothing = new Uint32Array(0);

/** Tells only whether two texts are equal but for line ends and white space at their end. */
function plainFingerprint(body: Buffer): Fingerprint | undefined {
  const text = body.includes(13)
    ? Buffer.from(body.toString("latin1").replaceAll("\r\n", "\n"), "latin1")
    : body;
  let end = text.length;
  while (end > 0 && (text[end - 1] as number) <= 32) end--;
  if (end === 0) return undefined;
  const stream = `${end}.${createHash("sha1").update(text.subarray(0, end)).digest("hex")}`;
  return { language: "other", lines: nothing, shingles: nothing, definitions: nothing, stream, words: "" };
}

/** The fingerprint of a file's bytes. Undefined for binaries, empty texts, and notebooks that are no JSON. */
export function fingerprint(bytes: Uint8Array, language: Language): Fingerprint | undefined {
  let body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (body.subarray(0, 8192).includes(0)) return undefined;
  let grammar: Language = language;
  if (language === "notebook") {
    const source = notebookText(body.toString("utf8"));
    if (source === undefined) return undefined;
    body = Buffer.from(source, "utf8");
    grammar = "python";
  }
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) body = body.subarray(3);
  if (language === "other") return plainFingerprint(body);
  const start = licenceEnd(body, grammar);
  const { lines, definitions } = lineFeatures(body, grammar, start);
  const reader = new StreamReader(isSettings(language));
  readTokens(start > 0 ? body.subarray(start) : body, grammar, reader);
  if (reader.tokens === 0) return undefined;
  return {
    language,
    lines: Uint32Array.from(lines),
    shingles: Uint32Array.from(reader.winnower.finish()),
    definitions: Uint32Array.from(definitions),
    stream: reader.digest,
    words: reader.words,
  };
}
