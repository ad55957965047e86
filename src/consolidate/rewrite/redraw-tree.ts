import { folderOf, isBelow, nameOf } from "../../shared/index.ts";
import { isTreeLine, utf8Of, type Mention, type Reference } from "../../references/index.ts";
import type { TreeIndex } from "../../repository/index.ts";
import { join } from "../plan/layout.ts";
import { drawingStyle, drawTree, type DrawnNode } from "./tree-drawing.ts";
import { lowestCommon, placeOfTarget, type Placement } from "./placement.ts";
import type { Edit } from "./splice.ts";

/** A node of a drawn tree as it stands. */
export type TreeNode = { reference: Reference; mention: Mention };

type Ground = { index: TreeIndex; placement: Placement };

const trim = (path: string): string => path.replace(/\/+$/, "");

/** A line of a drawing: where it stands, and the node that it shows; none for `…` and spacers. */
type Line = { start: number; end: number; node?: TreeNode };

/** The lines of a drawing from its first one; undefined if a line shows several nodes. */
function linesOf(text: string, first: number, nodes: readonly TreeNode[]): Line[] | undefined {
  const lines: Line[] = [];
  const last = nodes.at(-1)?.mention.start ?? first;
  for (let start = first; start < text.length;) {
    const stop = text.indexOf("\n", start);
    const next = stop < 0 ? text.length : stop + 1;
    const end = next - (stop < 0 ? 0 : text[stop - 1] === "\r" ? 2 : 1);
    const shown = nodes.filter(({ mention }) => mention.start >= start && mention.start < next);
    if (shown.length > 1) return undefined;
    if (start > last && !isTreeLine(text.slice(start, end))) break;
    lines.push({ start, end, ...(shown[0] === undefined ? {} : { node: shown[0] }) });
    start = next;
  }
  return lines;
}

/** The folder of the repository that a drawing shows, and how many characters of its paths name that folder itself. */
function rootOf(nodes: readonly TreeNode[]): { base: string; cut: number; root: string } | undefined {
  for (const { reference, mention } of nodes) {
    if (reference.class !== "resolves" || reference.target === undefined) continue;
    const [path, target] = [trim(mention.path), trim(reference.target)];
    const key = mention.key ?? "";
    for (const cut of key === "" ? [0] : [0, key.length + 1]) {
      const tail = path.slice(cut);
      if (tail === "" || (target !== tail && !target.endsWith(`/${tail}`))) continue;
      const base = target.slice(0, target.length - tail.length).replace(/\/$/, "");
      return { base, cut, root: cut === 0 ? join(base, key) : base };
    }
  }
  return undefined;
}

/** True for a node whose new text would be no name of one level: the drawing itself has to change. */
export function breaksDrawing(node: TreeNode, result: { kind: string; text?: string }): boolean {
  if (result.kind === "impossible") return true;
  const levels = (path: string): number => trim(path).split("/").length;
  const { text } = result;
  return text !== undefined && (text.startsWith("..") || levels(text) !== levels(node.reference.raw));
}

/** Where everything goes that a drawing shows, in its order. */
function placesOf(
  lines: readonly Line[],
  top: { base: string; cut: number; root: string },
  { index, placement }: Ground,
): { line: Line; node: TreeNode; to: string; isFolder: boolean; isParent: boolean }[] {
  const nodes = lines.flatMap((line) => (line.node === undefined ? [] : [{ line, node: line.node }]));
  const oldPlace = ({ mention }: TreeNode): string => join(top.base, trim(mention.path).slice(top.cut));
  return nodes.map(({ line, node }) => {
    const { reference, mention } = node;
    const old = reference.class === "resolves" ? trim(reference.target ?? "") : oldPlace(node);
    const isKnown = reference.class === "resolves";
    const to = isKnown
      ? placeOfTarget(placement, index, old)
      : join(placement.folderTo(folderOf(old)), nameOf(old));
    const isParent = nodes.some(
      (other) => other.node !== node && trim(other.node.mention.path).startsWith(`${trim(mention.path)}/`),
    );
    const isFolder = isParent || (isKnown && index.isFolder(old)) || reference.raw.endsWith("/");
    return { line, node, to, isFolder, isParent };
  });
}

/** The label above a drawing, as it names the folder that is drawn now. */
function labelFor(label: string, cut: number, base: string, root: string, placement: Placement): string {
  if (root === "") return "./";
  const start = placement.folderTo(base);
  const named =
    cut > 0
      ? nameOf(root)
      : isBelow(root, start) && start !== root
        ? root.slice(start === "" ? 0 : start.length + 1)
        : root;
  // A lone name is only a label with its slash.
  return label.endsWith("/") || !named.includes("/") ? `${named}/` : named;
}

/**
 * Draws a tree anew for where its files go: the lowest folder that holds them becomes its top, folders that are no more
 * are left out, remarks stay with their names. A text where it cannot be drawn: the reason.
 */
export function redrawTree(text: string, nodes: readonly TreeNode[], ground: Ground): Edit[] | string {
  const first = nodes[0]?.mention.group;
  if (first === undefined || !isTreeLine(lineAt(text, first))) return "it is drawn by indents alone";
  const inside = nodes.filter(({ mention }) => mention.start >= first);
  const top = rootOf(inside);
  const lines = linesOf(text, first, inside);
  if (lines === undefined) return "a line of it shows several names";
  if (top === undefined) return "it shows no folder of this repository";
  const placed = placesOf(lines, top, ground);
  const leaves = placed.filter(({ isParent }) => !isParent);
  const key = inside[0]?.mention.key ?? "";
  const common = lowestCommon(leaves.map(({ to }) => folderOf(to)));
  const stays = ground.placement.folderTo(top.root);
  const root = leaves.every(({ to }) => to !== stays && isBelow(to, stays)) ? stays : common;
  if (leaves.some(({ to }) => to === root || !isBelow(to, root)))
    return "what it shows lies in no one folder any more";
  const below = (path: string): string => (root === "" ? path : path.slice(root.length + 1));

  const kept: [number, number | null][] = [];
  const drawn: DrawnNode[] = [];
  const column = (line: Line, at: number): number => utf8Of(text.slice(line.start, at)).length;
  let remarkColumn = 0;
  for (const { line, node, to, isFolder, isParent } of placed) {
    const { mention } = node;
    const isGone =
      isParent && !(to !== root && isBelow(to, root) && placed.some((one) => one.to.startsWith(`${to}/`)));
    if (isGone) {
      kept.push([mention.start, null]);
      continue;
    }
    const tail = text.slice(mention.end, line.end);
    const [, after = "", remark = ""] = /^(\S*)[ \t]*(.*)$/s.exec(tail) ?? [];
    if (remark !== "") remarkColumn = Math.max(remarkColumn, column(line, line.end - remark.length));
    const decoration = /[`*"'[(]*$/.exec(text.slice(line.start, mention.start))?.[0] ?? "";
    drawn.push({
      path: below(to),
      isFolder,
      before: utf8Of(decoration),
      after: utf8Of(after),
      remark: utf8Of(remark),
      origin: mention.start,
    });
  }
  const end = lines.at(-1)?.end ?? first;
  const block = utf8Of(text.slice(first, end));
  const folderSlash = [
    ...placed.filter(({ isFolder }) => isFolder).map(({ node }) => node),
    ...nodes.slice(0, 1),
  ].some(({ reference }) => reference.raw.endsWith("/"));
  const { text: fresh, places } = drawTree(drawn, drawingStyle(block, folderSlash, remarkColumn));
  for (const one of drawn)
    if (one.origin !== undefined) kept.push([one.origin, places.get(one.origin) ?? null]);
  kept.sort((a, b) => a[0] - b[0]);
  const edits: Edit[] = [{ start: first, end, text: fresh, kept }];
  const label = labelSpan(text, first, key);
  if (label === undefined) {
    // Without a label the paths start at the file's folder or the root, which the drawing must not leave.
    const here =
      inside[0]?.reference.base === "file"
        ? folderOf(ground.placement.fileTo(nodes[0]?.reference.path ?? ""))
        : "";
    return root === here ? edits : "it has no label, and its files left the folder that it starts from";
  }
  const written = utf8Of(text.slice(label.start, label.end));
  const named = labelFor(written, top.cut, top.base, root, ground.placement);
  // Where the files went apart, the label names another folder than before.
  if (named !== written || root !== stays)
    edits.push({ ...label, text: named, ...(root === stays ? {} : { kept: [[label.start, null]] }) });
  return edits;
}

function lineAt(text: string, start: number): string {
  const stop = text.indexOf("\n", start);
  return text.slice(start, stop < 0 ? text.length : stop);
}

/** Where the label above a drawing stands; undefined if it has none. */
function labelSpan(text: string, first: number, key: string): { start: number; end: number } | undefined {
  if (key === "" || first < 2) return undefined;
  const start = text.lastIndexOf("\n", first - 2) + 1;
  const at = text.slice(start, first).indexOf(Buffer.from(key).toString("latin1"));
  if (at < 0) return undefined;
  const end = start + at + Buffer.byteLength(key);
  return { start: start + at, end: text[end] === "/" ? end + 1 : end };
}
