import type { Extractor } from "../schema.ts";
import { SpecialReader } from "../structure/special-reader.ts";

const fileList = /^[ \t]*(include|exclude)[ \t]+/;
const folder = /^[ \t]*(recursive-include|recursive-exclude|graft|prune)[ \t]+/;

/** MANIFEST.in: what a source distribution takes along. */
export const manifestIn: Extractor = {
  format: "manifest-in",
  version: 2,
  matches: (path) => /(?:^|\/)MANIFEST\.in$/.test(path),
  extract(text) {
    const reader = new SpecialReader(text);
    for (let at = 0; at < text.length;) {
      const newline = text.indexOf("\n", at);
      const end = newline < 0 ? text.length : newline;
      const line = text.slice(at, end).replace(/[ \t]*#.*$/, "");
      const files = fileList.exec(line);
      const below = folder.exec(line);
      const lead = (files ?? below)?.[0].length ?? line.length;
      for (const { 0: word, index } of line.slice(lead).matchAll(/[^\s]+/g)) {
        const key = (files ?? below)?.[1] as string;
        const start = at + lead + index;
        if (!/^[*?]/.test(word) && word !== ".") {
          reader.path(
            { start, end: start + word.length },
            {
              kind: "pattern",
              strength: /exclude|prune/.test(key) ? "weak" : "soft",
              use: "read",
              key,
              encoding: "plain",
              // A repository of several distributions may use it from its root.
              bases: word.includes("/") ? [{ kind: "file" }, { kind: "root" }] : [{ kind: "file" }],
            },
          );
        }
        // Of the folder forms only the first word is a place; the others are names below it.
        if (below !== null) break;
      }
      at = end + 1;
    }
    return reader.done();
  },
};
