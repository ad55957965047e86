import { utf8Of } from "../byte-text.ts";
import { baseName } from "../extract/path-shape.ts";
import { folderOf, joinPath, relativePath } from "../resolve/paths.ts";
import type { Confidence, Fix, Mention } from "../schema.ts";

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The folder that a base stands for, seen from a file; undefined for a place that text cannot be spelled from. */
function folderOfBase(base: string | undefined, from: string): string | undefined {
  if (base === undefined || base === "file") return folderOf(from);
  if (base === "root") return "";
  return /^(?:cwd|search):(.*)$/s.exec(base)?.[1];
}

/**
 * The new text of a mention's span for another target, in the style of the old one; undefined where the span is no
 * plain spelling of its path.
 */
export function rewriteSpan(
  mention: Mention,
  from: string,
  place: { base: string | undefined; target: string; packageFolder: string | undefined },
  successor: { target: string; certainty: Confidence },
): Fix | undefined {
  const { raw, start, end } = mention;
  const { certainty, target } = successor;
  const fix = (text: string): Fix | undefined => (text === raw ? undefined : { start, end, text, certainty });
  if (mention.glob === true || mention.encoding === "dotted" || mention.encoding === "regex")
    return undefined;
  if (mention.kind === "tree") {
    if (folderOf(target) !== folderOf(place.target)) return undefined;
    return fix(baseName(target) + (raw.endsWith("/") ? "/" : ""));
  }
  if (mention.kind === "url" || place.base === "mount") {
    const written = raw.replace(/\/+$/, "");
    return written.endsWith(place.target)
      ? fix(written.slice(0, written.length - place.target.length) + target)
      : undefined;
  }
  const folder = place.base === "package" ? place.packageFolder : folderOfBase(place.base, from);
  if (folder === undefined) return undefined;
  const bytes = Buffer.from(raw, "utf8").toString("latin1");
  const keep = mention.keep ?? 0;
  if (keep >= bytes.length) return undefined;
  const kept = utf8Of(bytes.slice(0, keep));
  const written = utf8Of(bytes.slice(keep)).replaceAll("\\", "/");
  const prefix = mention.prefix ?? "";
  const isPlain =
    joinPath(prefix, written) === joinPath("", mention.path) ||
    joinPath(prefix, decoded(written)) === joinPath("", mention.path);
  if (!isPlain) return undefined;
  if (written.startsWith("/") && keep === 0) return place.base === "root" ? fix(`/${target}`) : undefined;
  let text = relativePath(joinPath(folder, prefix), target);
  if (written.startsWith("./") && !text.startsWith(".")) text = `./${text}`;
  if (written.endsWith("/") && !text.endsWith("/")) text += "/";
  if (raw.includes("\\") && !raw.includes("/")) text = text.replaceAll("/", "\\");
  if (mention.encoding === "percent" || mention.encoding === "html") text = text.replaceAll(" ", "%20");
  // What a shell would split or expand needs quotes that may not be there.
  if (mention.encoding === "shell" && !/^[\w./@+,:-]+$/.test(text)) return undefined;
  return fix(kept + text);
}
