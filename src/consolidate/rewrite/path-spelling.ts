/** How a path was written beside what it names: to be kept in the new spelling. */
export type SpellingStyle = {
  dotSlash: boolean;
  trailingSlash: boolean;
  backslashes: boolean;
  percent: boolean;
};

export function styleOf(raw: string): SpellingStyle {
  return {
    dotSlash: /^\.[\\/]/.test(raw),
    trailingSlash: /[\\/]$/.test(raw),
    backslashes: raw.includes("\\") && !raw.includes("/"),
    percent: /%[0-9a-f]{2}/i.test(raw),
  };
}

/** What may stand in a Markdown link as it is: spaces would end it, brackets only in pairs belong to it. */
export function encodeForLink(path: string): string {
  return path.replaceAll(" ", "%20").replaceAll("(", "%28").replaceAll(")", "%29");
}

/** A plain POSIX spelling dressed in a style; what would end a link is percent-encoded where `forLink` says so. */
export function dress(spelling: string, style: SpellingStyle, options: { forLink: boolean }): string {
  let text = spelling;
  if (style.dotSlash && !text.startsWith(".")) text = `./${text}`;
  if (style.trailingSlash && !text.endsWith("/")) text = `${text}/`;
  if (style.percent)
    text = text
      .split("/")
      .map((part) => encodeURIComponent(decodePart(part)))
      .join("/");
  if (options.forLink) text = encodeForLink(text);
  return style.backslashes ? text.replaceAll("/", "\\") : text;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
