import { diff } from "fast-myers-diff";

const context = 3;

function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const lines = text.split("\n");
  const last = lines.pop() as string;
  const ended = lines.map((line) => `${line}\n`);
  return last === "" ? ended : [...ended, last];
}

type Change = [number, number, number, number];

function hunkText(before: readonly string[], after: readonly string[], changes: readonly Change[]): string {
  const first = changes[0] as Change;
  const last = changes.at(-1) as Change;
  const start = Math.max(0, first[0] - context);
  const end = Math.min(before.length, last[1] + context);
  const newStart = first[2] - (first[0] - start);
  const newEnd = last[3] + (end - last[1]);
  const rows: string[] = [];
  const put = (mark: string, line: string): void => {
    rows.push(line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`);
  };
  let at = start;
  for (const [from, to, newFrom, newTo] of changes) {
    for (; at < from; at++) put(" ", before[at] as string);
    for (; at < to; at++) put("-", before[at] as string);
    for (let line = newFrom; line < newTo; line++) put("+", after[line] as string);
  }
  for (; at < end; at++) put(" ", before[at] as string);
  const range = (from: number, to: number): string => `${to === from ? from : from + 1},${to - from}`;
  return `@@ -${range(start, end)} +${range(newStart, newEnd)} @@\n${rows.join("")}`;
}

/** A unified diff of one file, as latin1 text so that any bytes survive; empty if nothing differs. */
export function unifiedDiff(
  path: { before: string; after: string },
  before: Uint8Array,
  after: Uint8Array,
): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  const hunks: Change[][] = [];
  for (const change of diff(a, b) as Iterable<Change>) {
    const hunk = hunks.at(-1);
    const last = hunk?.at(-1);
    if (hunk !== undefined && last !== undefined && change[0] - last[1] <= 2 * context) hunk.push(change);
    else hunks.push([change]);
  }
  if (hunks.length === 0) return "";
  return `--- a/${path.before}\n+++ b/${path.after}\n${hunks.map((hunk) => hunkText(a, b, hunk)).join("")}`;
}
