import { lineCounter } from "../byte-text.ts";
import { appendAll } from "../structure/append.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { scanShell } from "../shell/index.ts";

/** Procfiles: `web: gunicorn app.main:app`, each line a command that starts in the file's folder. */
export const procfile: Extractor = {
  format: "procfile",
  version: 1,
  matches: (path) => /(?:^|\/)Procfile(?:\.[\w-]+)?$/.test(path),
  extract(text) {
    const extraction: Extraction & { commands: NonNullable<Extraction["commands"]> } = {
      mentions: [],
      commands: [],
      notes: [],
    };
    const lineOf = lineCounter(text);
    for (const line of text.matchAll(/^[ \t]*[\w-]+:[ \t]*(.+)$/gm)) {
      const to = line.index + line[0].length;
      const scan = scanShell(text, {
        from: to - (line[1] as string).length,
        to,
        lineOf,
        start: { bases: [{ kind: "file" }], cwdBase: "file" },
      });
      appendAll(extraction.mentions, scan.mentions);
      appendAll(extraction.commands, scan.commands);
    }
    return extraction;
  },
};
