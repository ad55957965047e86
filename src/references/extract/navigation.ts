import { utf8Of } from "../byte-text.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { addPage } from "./directives.ts";
import { linesOf } from "./lines.ts";
import { fileBase, MentionList } from "./mention-list.ts";
import { readYaml } from "./yaml.ts";

const mkdocsName = /(?:^|\/)(?:mkdocs|zensical|properdocs)[\w.-]*\.ya?ml$/i;
const navEntry =
  /^[ \t]*-[ \t]+(?:(?:"[^"\n]*"|'[^'\n]*'|[^:\n]+):[ \t]+)?["']?([^\s"'#]+\.(?:md|mdx|html|ipynb|rst))["']?[ \t]*(?:#.*)?\r?$/;

/** MkDocs: `nav` starts at `docs_dir`; the other settings are read as YAML. */
function readMkdocs(list: MentionList): void {
  const { text } = list;
  const folder = /^docs_dir:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? "docs";
  let isNav = false;
  for (const { start, end } of linesOf(text)) {
    const line = text.slice(start, Math.min(end, start + 1000));
    if (/^[^\s#-]/.test(line)) isNav = line.startsWith("nav:");
    if (!isNav) continue;
    const path = navEntry.exec(line)?.[1];
    if (path === undefined || /^https?:/.test(path)) continue;
    const from = start + line.lastIndexOf(path);
    const prefix = utf8Of(folder).replace(/\/+$/, "");
    list.add({
      start: from,
      end: from + path.length,
      path: prefix === "." || prefix === "" ? utf8Of(path) : `${prefix}/${utf8Of(path)}`,
      kind: "include",
      strength: "hard",
      bases: fileBase,
      use: "read",
      key: "nav",
      encoding: "yaml",
      ...(prefix === "." || prefix === "" ? {} : { prefix }),
    });
  }
  readYaml(list, 0, text.length);
}

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

/** The navigation of documentation sites: pages named from the site's own folder. */
export const navigation: Extractor = {
  format: "navigation",
  version: 1,
  matches: (path) => mkdocsName.test(path) || /(?:^|\/)_toc(?:tree)?\.yml$/.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    if (/^[ \t]*(?:-[ \t]+)?(?:local|file|root):/m.test(text) && !/^(?:nav|site_name):/m.test(text))
      readContents(list);
    else readMkdocs(list);
    return list.done();
  },
};
