import { utf8Of } from "../byte-text.ts";
import { fileBase, type MentionList, unescapePercent } from "./mention-list.ts";
import { isWebAddress } from "./web-address.ts";

const attribute =
  /[\s"'](src|href|srcset|data-src|poster|background)[ \t]*=[ \t]*(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})')/gi;

/** Adds a destination as written in a link: relative paths, and addresses as `url`. Anchors, `mailto:` and code are none. */
export function addDestination(
  list: MentionList,
  start: number,
  end: number,
  kind: "link" | "image" | "include",
  encoding: "percent" | "html",
  more: { heading?: string; remark?: string } = {},
): void {
  const written = list.text.slice(start, end);
  if (/^\(.*\)$/.test(written)) {
    addDestination(list, start + 1, end - 1, kind, encoding, more);
    return;
  }
  if (isWebAddress(written)) {
    if (!/^(?:mailto|javascript|data|tel|about|blob):/i.test(written)) {
      list.add({
        start,
        end,
        path: utf8Of(written),
        kind: "url",
        strength: "hard",
        bases: [],
        encoding,
        ...more,
      });
    }
    return;
  }
  const cut = /[#?]/.exec(written);
  const stop = cut === null ? end : start + cut.index;
  if (stop === start) return;
  const span = list.text.slice(start, stop);
  let path = unescapePercent(span)
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replaceAll("\\", "/");
  if (encoding === "html") path = path.replaceAll("&amp;", "&");
  if (/^\{\{|^\{%|^\$\{|^<%|^[,;.]+$|^\.+\d/.test(path) && !/^\.\.?$/.test(path)) return;
  list.add({
    start,
    end: stop,
    path,
    kind,
    strength: "hard",
    bases: fileBase,
    use: "read",
    encoding,
    ...(/\{\{.*\}\}|\{%|\$\{|%[A-Z]+_[A-Z_]+%/.test(path)
      ? { path: path.replace(/\{\{.*?\}\}|\{%.*?%\}|\$\{.*?\}|%[A-Z]+_[A-Z_]+%/g, "{…}") }
      : {}),
    ...more,
  });
}

/** The `src`, `href` and like attributes of HTML between two offsets. */
export function readHtmlAttributes(
  list: MentionList,
  start: number,
  end: number,
  more: { heading?: string; remark?: string } = {},
): void {
  const part = list.text.slice(start, end);
  if (!part.includes("=")) return;
  for (const match of part.matchAll(attribute)) {
    const value = (match[2] ?? match[3]) as string;
    const at = start + match.index + match[0].length - 1 - value.length;
    const name = (match[1] as string).toLowerCase();
    const kind = name === "href" ? "link" : "image";
    if (name !== "srcset") {
      const lead = /^[ \t]*/.exec(value)?.[0].length ?? 0;
      const trail = /[ \t]*$/.exec(value)?.[0].length ?? 0;
      if (lead < value.length) addDestination(list, at + lead, at + value.length - trail, kind, "html", more);
      continue;
    }
    for (const candidate of value.matchAll(/[^\s,]+(?=(?:[ \t]+[\d.]+[wx])?[ \t]*(?:,|$))/g)) {
      const from = at + candidate.index;
      addDestination(list, from, from + candidate[0].length, "image", "html", more);
    }
  }
}
