import { htmlToText, looksLikeHtml } from "./html-text.ts";

/** What was mended in a text; recorded with the record. */
export type Repair = "control" | "surrogate" | "mojibake" | "html" | "data-uri" | "space";

// Anything that cleaning may touch; most texts have none of it.
const suspicious =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u2007\u202f\ufeff\ufffd<&]|[ÂÃâ]|data:|[\ud800-\udfff]/;
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/g;

// Windows-1252 characters of the bytes 0x80-0x9f; the others below 0x100 are their own code points.
const windows1252 = new Map<number, number>(
  Array.from("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ", (character, index) => [
    character.codePointAt(0) as number,
    [
      0x80, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8e, 0x91, 0x92, 0x93, 0x94,
      0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9e, 0x9f,
    ][index] as number,
  ]),
);
const tail = "[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";
// UTF-8 read as Windows-1252: a lead byte's character, then as many trail bytes' characters as it asks for.
const mojibake = new RegExp(
  `[\\u00c2-\\u00df]${tail}|[\\u00e0-\\u00ef]${tail}{2}|[\\u00f0-\\u00f4]${tail}{3}`,
  "g",
);
const strict = new TextDecoder("utf-8", { fatal: true });

function mendMojibake(text: string): string {
  return text.replace(mojibake, (match) => {
    const bytes = Array.from(match, (character) => {
      const code = character.codePointAt(0) as number;
      return windows1252.get(code) ?? code;
    });
    if (bytes.some((byte) => byte > 255)) return match;
    try {
      return strict.decode(Uint8Array.from(bytes));
    } catch {
      return match;
    }
  });
}

/**
 * A text without mark-up, control characters, broken encodings and odd spaces, with what was mended; undefined if too
 * much of it is unreadable.
 * @example
 * cleanText("<p>It&#39;s fine</p>") // { text: "It's fine", repairs: ["html"] }
 */
export function cleanText(raw: string): { text: string; repairs: Repair[] } | undefined {
  if (!suspicious.test(raw)) return { text: raw.trim(), repairs: [] };
  const repairs: Repair[] = [];
  let text = raw;
  const mend = (repair: Repair, mended: string): void => {
    if (mended !== text) repairs.push(repair);
    text = mended;
  };
  text = text.replaceAll("\r\n", "\n").replaceAll(/[\r\u0085]/g, "\n");
  mend("surrogate", text.toWellFormed());
  mend("mojibake", mendMojibake(text));
  const before = text.length;
  mend("control", text.replace(controls, ""));
  const unreadable = before - text.length + (text.match(/\ufffd/g)?.length ?? 0);
  if (unreadable > 4 && unreadable > before / 10) return undefined;
  if (looksLikeHtml(text)) mend("html", htmlToText(text));
  mend("data-uri", text.replace(/data:[\w.+/-]{3,80};base64,[A-Za-z0-9+/=]{40,}/g, ""));
  mend("space", text.replaceAll(/[\u00a0\u2007\u202f]/g, " "));
  return { text: text.trim(), repairs };
}
