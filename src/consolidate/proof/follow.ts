import { diff } from "fast-myers-diff";
import type { Reference } from "../../references/index.ts";
import { shiftOffset, type Edit } from "../rewrite/splice.ts";

/**
 * Finds what a reference of the tree before is in the tree after; `path` is where its file lies now. `gone`: it was left
 * out on purpose.
 */
export type Follow = (before: Reference, path: string) => Reference | "gone" | undefined;

function grouped(
  references: readonly Reference[],
  key: (one: Reference) => string,
): Map<string, Reference[]> {
  const groups = new Map<string, Reference[]>();
  for (const one of references) {
    const same = groups.get(key(one));
    if (same === undefined) groups.set(key(one), [one]);
    else same.push(one);
  }
  return groups;
}

/** Follows references through known edits, by offset. Edits are by old path, stage by stage. */
export function followByEdits(
  after: readonly Reference[],
  edits: ReadonlyMap<string, readonly (readonly Edit[])[]>,
): Follow {
  const places = grouped(after, (one) => `${one.path}\0${one.start}`);
  return (before, path) => {
    const start = (edits.get(before.path) ?? []).reduce(
      (offset, stage) => shiftOffset(stage, offset),
      before.start,
    );
    if (start < 0) return "gone";
    const candidates = places.get(`${path}\0${start}`) ?? [];
    return candidates.find((one) => one.kind === before.kind) ?? candidates[0];
  };
}

/** Old line -> new line: equal lines, and changed ones where as many stand for as many. */
export function lineMap(before: string, after: string): Map<number, number> {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const map = new Map<number, number>();
  let [from, to] = [0, 0];
  const equal = (end: number): void => {
    while (from < end) map.set(++from, ++to);
  };
  for (const [start, end, newStart, newEnd] of diff(old, now)) {
    equal(start);
    if (end - start === newEnd - newStart) equal(end);
    else [from, to] = [end, newEnd];
  }
  equal(old.length);
  return map;
}

/**
 * Follows references where nobody wrote down what was edited: by the line that stands where theirs stood, and their
 * order on it. `lines` maps the lines of a changed file; undefined for a file that is the same.
 */
export function followByLines(
  before: readonly Reference[],
  after: readonly Reference[],
  lines: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Follow {
  const key = (one: Reference, line: number, path: string): string => `${path}\0${line}\0${one.kind}`;
  const old = grouped(before, (one) => key(one, one.line, one.path));
  const now = grouped(after, (one) => key(one, one.line, one.path));
  return (one, path) => {
    const map = lines.get(one.path);
    const line = map === undefined ? one.line : map.get(one.line);
    if (line === undefined) return undefined;
    const order = (old.get(key(one, one.line, one.path)) ?? []).indexOf(one);
    return now.get(key(one, line, path))?.[order];
  };
}
