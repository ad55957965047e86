import { utf8Of } from "../byte-text.ts";
import { addDestination } from "./html-attributes.ts";
import { fileBase, type MentionList } from "./mention-list.ts";
import { roleOf } from "./path-shape.ts";

const including =
  /^(?:include|literalinclude|csv-table|raw|eval-rst|program-output|jinja|mdinclude|notebook|nbinclude)$/;
const picturing = /^(?:image|figure|thumbnail|video)$/;

/** The files that a page named without a suffix may be, likeliest first. */
export function pagesOf(path: string, suffixes: readonly string[]): { path: string; otherPaths: string[] } {
  // Sphinx takes any known suffix off an entry and then looks for the page under each of them.
  const written = suffixes.find((suffix) => path.endsWith(suffix));
  if (written !== undefined) {
    const stem = path.slice(0, -written.length);
    return { path, otherPaths: suffixes.filter((one) => one !== written).map((one) => `${stem}${one}`) };
  }
  if (roleOf(path) !== undefined) return { path, otherPaths: [] };
  const all = [
    ...suffixes.map((suffix) => `${path}${suffix}`),
    path,
    ...suffixes.map((suffix) => `${path}/index${suffix}`),
  ];
  return { path: all[0] as string, otherPaths: all.slice(1) };
}

/** A page of a table of contents: its suffix may be left out. */
export function addPage(list: MentionList, start: number, end: number, suffixes: readonly string[]): void {
  const written = utf8Of(list.text.slice(start, end));
  if (/^(?:https?:|self$|mailto:)|[<>{}|]/.test(written) || written === "") return;
  const isGlob = /[*?[]/.test(written);
  const { path, otherPaths } = pagesOf(written, suffixes);
  list.add({
    start,
    end,
    path,
    kind: "include",
    strength: "hard",
    bases: fileBase,
    use: "read",
    encoding: "plain",
    ...(otherPaths.length === 0 ? {} : { otherPaths }),
    ...(isGlob ? { glob: true } : {}),
  });
}

/** The argument of a Sphinx or MyST directive that names a file. */
export function addDirective(list: MentionList, name: string, start: number, end: number): boolean {
  if (end <= start) return false;
  if (picturing.test(name)) addDestination(list, start, end, "image", "percent");
  else if (including.test(name)) {
    const written = utf8Of(list.text.slice(start, end));
    if (name === "raw" || name === "eval-rst" || /^<|[ \t]/.test(written)) return false;
    if (name === "csv-table" && !/\.\w+$/.test(written)) return false;
    addDestination(list, start, end, "include", "percent");
  } else return false;
  return true;
}
