import { spread, type Spread } from "./statistics.ts";
import type { Mark, Timed } from "./timed-request.ts";

export type Marked = { timed: Timed; marks: readonly Mark[] };

/** How two ways to the same replies compare, pair by pair; 1 is no difference. */
export type PairRatios = {
  pairs: number;
  /** First piece through the one, over when the other had brought as many characters. */
  firstWindow: Spread;
  /** Last piece over last piece. */
  wholeStream: Spread;
};
export type PairReport = {
  service: PairRatios;
  /** The engine beside itself: what the machine's own unrest makes of nothing. */
  noise: PairRatios;
};

/** Ratios of replies that were asked in pairs. A pair with an error on either side is left out. */
export function pairRatios(one: readonly Marked[], other: readonly Marked[]): PairRatios {
  const windows: number[] = [];
  const totals: number[] = [];
  for (const [at, left] of one.entries()) {
    const right = other[at];
    if (right === undefined || !left.timed.ok || !right.timed.ok) continue;
    const first = left.marks[0];
    if (first === undefined) continue;
    const reached = right.marks.find(({ characters }) => characters >= first.characters);
    if (reached !== undefined) windows.push(first.atMs / reached.atMs);
    totals.push(left.timed.totalMs / right.timed.totalMs);
  }
  return { pairs: totals.length, firstWindow: spread(windows), wholeStream: spread(totals) };
}
