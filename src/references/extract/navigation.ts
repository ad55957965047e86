import type { Extraction, Extractor } from "../schema.ts";
import { addPage } from "./directives.ts";
import { linesOf } from "./lines.ts";
import { MentionList } from "./mention-list.ts";

/** Tables of contents that leave suffixes out: doc-builder's `local`, Jupyter Book's `file`, `root`. */
function readContents(list: MentionList): void {
  for (const { start, end } of linesOf(list.text)) {
    const line = list.text.slice(start, Math.min(end, start + 1000));
    const match = /^[ \t]*(?:-[ \t]+)?(?:local|file|root):[ \t]+["']?([^\s"'#]+)/.exec(line);
    if (match === null) continue;
    const path = match[1] as string;
    const from = start + match[0].length - path.length;
    addPage(list, from, from + path.length, [".md", ".mdx", ".ipynb", ".rst"]);
  }
}

/** Tables of contents of documentation builders: pages named from the table's own folder. */
export const navigation: Extractor = {
  format: "navigation",
  version: 2,
  matches: (path) => /(?:^|\/)_toc(?:tree)?\.yml$/.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    readContents(list);
    return list.done();
  },
};
