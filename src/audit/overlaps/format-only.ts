import { parse as parseToml } from "./toml-value.ts";
import { canonicalJson } from "../../shared/index.ts";
import { parseAllDocuments } from "yaml";
import type { Fingerprint } from "./fingerprint.ts";
import { isSettings } from "./language.ts";
import { parseLooseJson } from "./loose-json.ts";
import { requirementLines } from "./requirements.ts";

/** Tokens that two texts must have before equality of them says anything. */
const leastTokens = 8;

function canonicalOfJson(text: string): string | undefined {
  const value = parseLooseJson(text, "\u0000"); // so that NaN is no string "NaN"
  return value === undefined ? undefined : canonicalJson(value);
}

function canonicalOfYaml(text: string): string | undefined {
  const documents = parseAllDocuments(text, { logLevel: "silent" });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
  return documents.map((document) => canonicalJson(document.toJS({ maxAliasCount: 100 }))).join("\n");
}

function canonicalOf(text: string, language: string): string | undefined {
  try {
    if (language === "json") return canonicalOfJson(text);
    if (language === "yaml") return canonicalOfYaml(text);
    if (language === "requirements") return requirementLines(text).sort().join("\n");
    const value = parseToml(text);
    return value === undefined ? undefined : canonicalJson(value);
  } catch {
    return undefined; // NaN in YAML has no canonical form; nested too deeply; too many aliases
  }
}

function tokensOf(print: Fingerprint): number {
  return Number(print.stream.slice(0, print.stream.indexOf(".")));
}

/** As latin1: bytes that are no UTF-8 stay apart. */
function withoutMark(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/^\u00ef\u00bb\u00bf/, "");
}

/** What alone makes two texts of different bytes differ, in words; undefined if more than their format differs. */
export function formatDifference(
  a: { bytes: Buffer; print: Fingerprint },
  b: { bytes: Buffer; print: Fingerprint },
): string | undefined {
  const { language } = a.print;
  // Cheap, and true of all that follows.
  if (isSettings(language) ? a.print.words !== b.print.words : a.print.stream !== b.print.stream)
    return undefined;
  if (language !== b.print.language || Math.min(tokensOf(a.print), tokensOf(b.print)) < leastTokens)
    return undefined;
  const [textA, textB] = [a, b].map(({ bytes }) => withoutMark(bytes)) as [string, string];
  const [linesA, linesB] = [textA.replaceAll("\r\n", "\n"), textB.replaceAll("\r\n", "\n")];
  if (linesA === linesB) return textA === textB ? "a byte order mark" : "line ends (CRLF)";
  if (linesA.trimEnd() === linesB.trimEnd()) return "white space at the end of the file";
  if (language === "other") return undefined; // bytes that are no UTF-8
  if (language === "notebook") return "outputs, counters or metadata";
  if (!isSettings(language)) return "white space, quotes or comments";
  const canonical = canonicalOf(linesA, language);
  if (canonical === undefined || canonical !== canonicalOf(linesB, language)) return undefined;
  return language === "requirements" ? "order or comments" : "order of keys, white space or comments";
}
