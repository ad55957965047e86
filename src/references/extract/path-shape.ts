import { ambiguousSuffixes, notFiles, roleOfSuffix, type SuffixRole, wholeNames } from "./suffixes.data.ts";

/** The last segment of a path, without a trailing slash. */
export function baseName(path: string): string {
  const end = path.endsWith("/") ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

/** The suffix of a path in lower case, without its dot; "" for none (a leading dot is no suffix). */
export function suffixOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** What a path's suffix says it holds; undefined for folders and unknown suffixes. */
export function roleOf(path: string): SuffixRole | undefined {
  return roleOfSuffix.get(suffixOf(path));
}

/** True for a name that is a file's by its suffix or as a whole ("Dockerfile", "requirements.txt"). */
export function isFileName(name: string): boolean {
  const lower = name.toLowerCase();
  if (wholeNames.has(lower)) return true;
  if (notFiles.has(lower)) return false;
  const dot = lower.lastIndexOf(".");
  if (dot <= 0) return /^(?:dockerfile|makefile)[._-]/.test(lower);
  const suffix = lower.slice(dot + 1);
  return roleOfSuffix.has(suffix) || /^(?:dockerfile|requirements)\./.test(lower);
}

/** A bare name that is a file's beyond doubt: no attribute access such as `self.data`, no ambiguous suffix. */
export function isSureFileName(name: string): boolean {
  if (!isFileName(name)) return false;
  // `json.gz` and `tar.gz` speak of a kind of file.
  if (
    /^\.?(?:jsonl?|tar|csv|tsv|txt|xml|ya?ml|nii|warc|sql|log)\.\w{2,4}$/i.test(name) &&
    roleOf(name) === "archive"
  )
    return false;
  return !ambiguousSuffixes.has(suffixOf(name)) || wholeNames.has(name.toLowerCase());
}

const allowed = /^[\w.\-+@~/,$<>[\]%:#*?!&={}()\\\u0080-\u00ff]+$/;
const numbersOnly =
  /^[\d./,:x%-]+$|^[\d.]+[kKMGTB]?i?[Bb]?(?:\/[\d.]+[kKMGTB]?i?[Bb]?)+(?:\/s)?$|^[\d.]+\w{0,3}\/s\b/;

/** How much a text looks like a path: `file` has a file's suffix or name, `folder` ends in a slash, `maybe` has only slashes. */
export function pathShape(text: string): "file" | "folder" | "maybe" | undefined {
  if (text.length < 2 || text.length > 400 || !allowed.test(text)) return undefined;
  const first = text.charCodeAt(0);
  // A flag, an expression or a sentence's end, an ignored tail.
  if (first === 45 || first === 61 || first === 44 || first === 35 || first === 40 || first === 41)
    return undefined;
  if (/^\.+$|^@|::|\(\)|[=(]$|^\$\(|&&|\|\|/.test(text) || text.includes("://")) return undefined;
  if (numbersOnly.test(text)) return undefined;
  const slash = text.includes("/");
  const name = baseName(text);
  if (!slash) return isFileName(name) && !/[()=#%&!:]/.test(text) ? "file" : undefined;
  if (/\/\/|^\/+$|[()=&]/.test(text.replace(/\$\{[^}]*\}|\$\([^)]*\)/g, "x"))) return undefined;
  if (text.endsWith("/")) return "folder";
  if (isFileName(name) || /^\*+\.\w+$|\.\{\w+(?:,\w+)*\}$/.test(name)) return "file";
  return "maybe";
}

const tail = /(?:::[\w:.[\]-]+|:\d+(?:[:-]\d+)*|#L?[\w-]*|[.,;:!?'")\]])$/;

/** Where a `:12`, `#L3`, `::test` or sentence punctuation begins after a path; the path's length if nowhere. */
export function pathLength(text: string): number {
  let length = text.length;
  if (length > 500) return length;
  for (let rounds = 0; rounds < 20; rounds++) {
    const match = tail.exec(text.slice(0, length));
    if (match === null || match.index === 0) return length;
    if (match[0] === "." && (text[match.index - 1] === "." || text[match.index - 1] === "/")) return length;
    length = match.index;
  }
  return length;
}
