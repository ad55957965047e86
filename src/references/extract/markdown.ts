import { lineCounter, utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";

const inlineLink = /(!?)\[[^\]\n]*\]\(\s*<?([^)\s>]+)/g;

/** Markdown: links and images. */
export const markdown: Extractor = {
  format: "markdown",
  version: 1,
  matches: (path) => /\.(?:md|markdown|mdx)$/i.test(path),
  extract(text): Extraction {
    const lineOf = lineCounter(text);
    const extraction: Extraction = { mentions: [], notes: [] };
    for (const match of text.matchAll(inlineLink)) {
      const target = match[2] as string;
      const start = match.index + match[0].length - target.length;
      const raw = utf8Of(target.replace(/[#?].*$/, ""));
      if (raw === "") continue;
      extraction.mentions.push({
        start,
        end: start + Buffer.byteLength(raw),
        line: lineOf(start),
        raw,
        path: raw,
        kind: match[1] === "!" ? "image" : "link",
        strength: "hard",
        bases: [{ kind: "file" }],
        use: "read",
        encoding: "percent",
      });
    }
    return extraction;
  },
};
