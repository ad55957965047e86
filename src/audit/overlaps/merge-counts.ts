import { diff } from "fast-myers-diff";

/** Lines that each side added and removed since their common base, and places that both changed differently. */
export type MergeCounts = {
  a: { added: number; removed: number };
  b: { added: number; removed: number };
  conflicts: number;
};

/** Texts longer than this are not compared line by line. */
const longestLines = 20_000;

type Hunk = { start: number; end: number; text: string };

function hunksOf(base: readonly string[], side: readonly string[]): Hunk[] {
  return [...diff(base as string[], side as string[])].map(([start, end, from, to]) => ({
    start,
    end,
    text: side.slice(from, to).join("\n"),
  }));
}

function sizes(hunks: readonly Hunk[], side: readonly string[], base: readonly string[]) {
  const removed = hunks.reduce((sum, hunk) => sum + hunk.end - hunk.start, 0);
  return { added: side.length - (base.length - removed), removed };
}

/** Counts as a three-way merge would see them; undefined for texts too long to compare. */
export function mergeCounts(base: string, a: string, b: string): MergeCounts | undefined {
  const [lines, linesA, linesB] = [base, a, b].map((text) => text.replaceAll("\r\n", "\n").split("\n")) as [
    string[],
    string[],
    string[],
  ];
  if (Math.max(lines.length, linesA.length, linesB.length) > longestLines) return undefined;
  const [hunksA, hunksB] = [hunksOf(lines, linesA), hunksOf(lines, linesB)];
  let conflicts = 0;
  for (const one of hunksA) {
    const meets = hunksB.some(
      (two) =>
        one.start <= two.end &&
        two.start <= one.end &&
        (one.text !== two.text || one.start !== two.start || one.end !== two.end),
    );
    if (meets) conflicts++;
  }
  return { a: sizes(hunksA, linesA, lines), b: sizes(hunksB, linesB, lines), conflicts };
}
