import type { DataConfig } from "../home/index.ts";
import { forBandGroups } from "./band-groups.ts";
import { bindRows } from "./components.ts";
import type { Fate } from "./deduplicate.ts";
import type { RecordTable } from "./record-table.ts";
import { views, type ShingleAccess } from "./shingle-access.ts";
import { agreement, splitBands } from "./signature.ts";
import { forSimilarPairs, leakJaccard } from "./similar-pairs.ts";
import { assignSplits, type SplitResult } from "./split.ts";
import { jaccard } from "./jaccard.ts";

/** Up to so many shingles all pairs are joined at once; above, only what could cross a split is. */
const shinglesJoinedWhole = 16 * 2 ** 20;
const rowsMet = 16;

/** Bonds of near-copies that MinHash finds: fewer are then left for the exact join. */
function bindCandidates(
  rows: readonly number[],
  access: ShingleAccess,
  bind: (a: number, b: number) => void,
): void {
  forBandGroups(rows, access, splitBands, (group) => {
    for (let later = 1; later < group.length; later++) {
      const row = group[later] as number;
      for (const other of group.slice(0, Math.min(later, rowsMet))) {
        if (agreement(access.signature(row), access.signature(other)) < 0.5) continue;
        if (jaccard(access.shingles(row, "all"), access.shingles(other, "all")) >= leakJaccard)
          bind(other, row);
      }
    }
  });
}

/**
 * Splits the kept rows so that nothing that belongs together is torn apart: rows that share a client, session, question
 * or text, and rows of which everything, or one side, is nearly the same. Validation and test are joined exactly with
 * everything until no pair is left.
 */
export function splitSafely(
  table: RecordTable,
  fate: Fate,
  access: ShingleAccess,
  config: Pick<DataConfig, "split" | "seed">,
  pinned?: Int8Array,
): SplitResult & { leakage: { edgesChecked: number; crossSplit: number } } {
  const { sets, edges } = bindRows(table, fate);
  const rows: number[] = [];
  let shingles = 0;
  for (let row = 0; row < table.rows; row++) {
    if (fate.reason[row] !== 0) continue;
    rows.push(row);
    shingles += access.count(row, "all");
  }
  const bind = (a: number, b: number): void => {
    edges.a.push(a);
    edges.b.push(b);
    sets.union(a, b);
  };
  const isJoinedWhole = shingles <= shinglesJoinedWhole;
  if (isJoinedWhole) {
    for (const view of views) {
      forSimilarPairs(
        access,
        view,
        { all: rows, indexed: rows },
        (a, b) => a < b && sets.find(a) !== sets.find(b),
        bind,
      );
    }
  } else bindCandidates(rows, access, bind);
  for (;;) {
    const result = assignSplits(table, fate, sets, config, pinned);
    const heldOut = rows.filter((row) => (result.split[row] as number) > 0);
    const found: [number, number][] = [];
    // Where all pairs are bound, none is left to find.
    for (const view of isJoinedWhole ? [] : views) {
      forSimilarPairs(
        access,
        view,
        { all: rows, indexed: heldOut },
        (a, b) => result.split[a] !== result.split[b],
        (a, b) => found.push([a, b]),
      );
    }
    for (const [a, b] of found) bind(a, b);
    if (found.length > 0) continue;
    let crossSplit = 0;
    for (const [edge, a] of edges.a.entries()) {
      if (result.split[a] !== result.split[edges.b[edge] as number]) crossSplit++;
    }
    return { ...result, leakage: { edgesChecked: edges.a.length, crossSplit } };
  }
}
