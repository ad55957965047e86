import type { Extraction, Extractor } from "../schema.ts";
import { readHtmlAttributes } from "./html-attributes.ts";
import { MentionList } from "./mention-list.ts";

/** HTML pages: what their tags point to. Scripts and styles inside are stepped over. */
export const html: Extractor = {
  format: "html",
  version: 2,
  matches: (path) => /\.x?html?$/i.test(path),
  extract(text): Extraction {
    const list = new MentionList(text);
    const lower = text.toLowerCase();
    for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
      if (text.startsWith("<!--", at)) {
        const close = text.indexOf("-->", at);
        if (close < 0) break;
        at = close + 3;
        continue;
      }
      const close = text.indexOf(">", at);
      if (close < 0) break;
      if (close - at < 5000) readHtmlAttributes(list, at, close);
      const raw = /^<(script|style)\b/i.exec(text.slice(at, at + 8))?.[1];
      at = close + 1;
      if (raw === undefined) continue;
      const end = lower.indexOf(`</${raw.toLowerCase()}`, at);
      if (end < 0) break;
      at = end;
    }
    return list.done();
  },
};
