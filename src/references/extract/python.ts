import { scanPython } from "../python/scan.ts";
import type { Extraction, Extractor } from "../schema.ts";

const shebang = /^#!.*\bpython[\d.]*\b/;

/** Python sources, by suffix or by the first line of a script without one. */
export const python: Extractor = {
  format: "python",
  version: 7,
  matches: (path, head) => /\.(?:py|pyi|pyw)$/.test(path) || (!/\.[^/.]+$/.test(path) && shebang.test(head)),
  extract: (text): Extraction => scanPython(text),
};
