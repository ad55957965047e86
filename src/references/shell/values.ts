// Values of shell words while a script is evaluated, as latin1 text with three control characters, which text files do
// not hold: `\u0001` and a letter stand for a folder nobody needs to know to follow it, `\u0002` for what stays unknown.

/** The folder that the script was started in. */
export const startFolder = "\u0001W";
/** The folder of the script's own file. */
export const fileFolder = "\u0001F";
/** The repository's root. */
export const rootFolder = "\u0001R";
/** The user's home. */
export const homeFolder = "\u0001H";
/** The script's own file (`$0`). */
export const scriptItself = "\u0001S";
/** What stays unknown. */
export const unknown = "\u0002";

/** Control characters of the text itself must not read as ours. */
export function withoutMarkers(text: string): string {
  if (!text.includes("\u0001") && !text.includes("\u0002")) return text;
  return text.replace(/[\u0001\u0002]/g, "?");
}

export function isAnchored(value: string): boolean {
  const code = value.charCodeAt(0);
  return code === 1 || code === 47;
}

export function hasUnknown(value: string): boolean {
  return value.includes(unknown);
}

/** A path with `.`, `..` and double slashes taken out; `..` above the start stays. */
export function normalPath(path: string): string {
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== ".." && !hasUnknown(out.at(-1) as string))
      out.pop();
    else out.push(part);
  }
  return out.join("/");
}

/** Splits a value into its anchor ("" for a relative path, "/" for an absolute one) and the path below it. */
export function splitAnchor(value: string): { anchor: string; path: string } {
  if (value.charCodeAt(0) === 1)
    return { anchor: value.slice(0, 2), path: value.slice(2).replace(/^\/+/, "") };
  if (value.startsWith("/")) return { anchor: "/", path: value.replace(/^\/+/, "") };
  return { anchor: "", path: value };
}

/** `value` as seen from `folder`: a marker or an absolute path stands for itself. */
export function joinValue(folder: string, value: string): string {
  const whole = isAnchored(value) ? value : `${folder}/${value}`;
  const { anchor, path } = splitAnchor(whole);
  const normal = normalPath(path);
  if (anchor === "/") return `/${normal.replace(/^(?:\.\.\/)+|^\.\.$/, "")}`;
  return normal === "" ? anchor : anchor === "" ? normal : `${anchor}/${normal}`;
}

/** What `dirname` prints. */
export function parentOf(value: string): string {
  if (value === scriptItself) return fileFolder;
  const { anchor, path } = splitAnchor(value);
  const normal = normalPath(path);
  const slash = normal.lastIndexOf("/");
  const last = normal.slice(slash + 1);
  if (anchor !== "" && anchor !== "/" && (normal === "" || last === "..")) return joinValue(value, "..");
  const parent = slash < 0 ? "" : normal.slice(0, slash);
  if (anchor === "/") return `/${parent}`;
  if (anchor === "") return parent === "" ? (last === ".." ? "../.." : ".") : parent;
  return parent === "" ? anchor : `${anchor}/${parent}`;
}

/** What `basename` prints. */
export function lastOf(value: string): string {
  const { anchor, path } = splitAnchor(value);
  const normal = normalPath(path);
  const last = normal.slice(normal.lastIndexOf("/") + 1);
  return last === "" || last === ".." ? (anchor === "/" ? "/" : unknown) : last;
}
