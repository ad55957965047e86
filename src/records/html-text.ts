const tagNames =
  "p|br|div|span|li|ul|ol|a|b|i|u|em|strong|font|h[1-6]|table|tr|td|th|tbody|thead|sub|sup|strike|s|del|ins|img|xml|style|script|blockquote|hr|pre|code|section|article|html|head|body|meta|link|title|center|small|big|dl|dt|dd|iframe|[wom]:[a-z]+";
const knownTag = new RegExp(`^</?(${tagNames})(?=[\\s/>])`, "i");
const anyTag = new RegExp(`</?(?:${tagNames})(?:[\\s/][^<>]*)?>`, "i");
const entity = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});/g;

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  bull: "•",
  middot: "·",
  copy: "©",
  reg: "®",
  trade: "™",
  deg: "°",
  frac12: "½",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  ouml: "ö",
  uuml: "ü",
  auml: "ä",
  szlig: "ß",
  ntilde: "ñ",
  iacute: "í",
  oacute: "ó",
  uacute: "ú",
  aacute: "á",
  euro: "€",
  pound: "£",
};

/** True if a text holds HTML tags or character references. */
export function looksLikeHtml(text: string): boolean {
  return (
    (text.includes("<") && (anyTag.test(text) || text.includes("<!--"))) ||
    /&(?:#\d|#x|[a-z]{2,8};)/i.test(text)
  );
}

function decodeEntities(text: string): string {
  return text.replace(entity, (whole) => {
    const body = whole.slice(1, -1);
    if (!body.startsWith("#")) return Object.hasOwn(named, body) ? (named[body] as string) : whole;
    const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
    const isUsable =
      code === 9 || code === 10 || (code >= 32 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
    return isUsable && (code < 0x7f || code > 0x9f) ? String.fromCodePoint(code) : "";
  });
}

const blocks = /^(?:p|div|ul|ol|h[1-6]|table|blockquote|pre|section|article|hr|dl)$/;
const hidden = new Set(["style", "script", "xml", "head", "title", "iframe"]);

/** Where a tag ends: at the first `>` outside quoted attribute values; -1 if it does not. */
function tagEnd(text: string, start: number): number {
  let mark = "";
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (mark !== "") {
      if (character === mark) mark = "";
    } else if (character === ">") return at;
    else if (character === "<") return -1;
    else if ((character === '"' || character === "'") && text[at - 1] === "=") mark = character;
  }
  return -1;
}

/** Plain text of HTML: blocks become paragraphs, list items lines, scripts, styles, comments and images go. */
export function htmlToText(html: string): string {
  const hasBlocks = /<(?:p|div|br|li)\b/i.test(html);
  const out: string[] = [];
  const pushText = (text: string): void => {
    if (text !== "") out.push(hasBlocks ? text.replaceAll(/[ \t\n]+/g, " ") : text);
  };
  const lower = html.toLowerCase();
  let at = 0;
  let canHaveComment = true;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) break;
    pushText(html.slice(at, open));
    if (html.startsWith("<!", open)) {
      const isComment = html.startsWith("<!--", open);
      const close = isComment
        ? canHaveComment
          ? html.indexOf("-->", open + 4)
          : -1
        : html.indexOf(">", open);
      if (isComment && close < 0) canHaveComment = false;
      if (close >= 0) {
        at = close + (isComment ? 3 : 1);
        continue;
      }
    }
    const name = knownTag.exec(html.slice(open, open + 24))?.[1]?.toLowerCase();
    const end = name === undefined ? -1 : tagEnd(html, open + 1);
    if (name === undefined || end < 0) {
      pushText("<");
      at = open + 1;
      continue;
    }
    at = end + 1;
    const isClosing = html[open + 1] === "/";
    if (hidden.has(name) && !isClosing && html[end - 1] !== "/") {
      const close = lower.indexOf(`</${name}`, at);
      if (close >= 0) {
        const closeEnd = html.indexOf(">", close);
        at = closeEnd < 0 ? html.length : closeEnd + 1;
      }
    } else if (name === "br" || name === "tr") out.push("\n");
    else if (name === "li") out.push(isClosing ? "" : "\n- ");
    else if (blocks.test(name)) out.push("\n\n");
    else if (name === "td" || name === "th") out.push(" ");
  }
  pushText(html.slice(at));
  return decodeEntities(out.join(""))
    .replaceAll("\u00a0", " ")
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/\n[ \t]+(?=\S)/g, "\n")
    .replaceAll(/ {2,}/g, hasBlocks ? " " : "  ")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
