/** A path spelled from a folder, both relative to the repository's root: `spellFrom("a/b", "a/c/x")` is `../c/x`. */
export function spellFrom(folder: string, target: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = target === "" ? [] : target.split("/");
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common++;
  const up = from.slice(common).map(() => "..");
  return [...up, ...to.slice(common)].join("/") || ".";
}

/** A spelling followed from a folder; undefined if it leaves the repository. */
export function followFrom(folder: string, spelling: string): string | undefined {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of spelling.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join("/");
}

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
