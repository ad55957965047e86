import { forEqualKeys } from "./equal-groups.ts";
import type { ShingleAccess } from "./shingle-access.ts";
import { bandKey } from "./signature.ts";

const bandsAtOnce = 7; // 8 bytes a row and band

/** Calls back with the rows of each band bucket that holds two or more. Rows without a word are left out. */
export function forBandGroups(
  rows: readonly number[],
  access: ShingleAccess,
  shape: { bands: number; rows: number },
  onGroup: (rows: number[]) => void,
): void {
  const spoken = rows.filter((row) => access.count(row, "all") > 0);
  const members = Uint32Array.from(spoken);
  for (let from = 0; from < shape.bands; from += bandsAtOnce) {
    const bands = Math.min(bandsAtOnce, shape.bands - from);
    const keys = Array.from({ length: bands }, () => new BigUint64Array(spoken.length));
    for (const [index, row] of spoken.entries()) {
      const signature = access.signature(row);
      for (let band = 0; band < bands; band++) {
        (keys[band] as BigUint64Array)[index] = bandKey(signature, from + band, shape.rows);
      }
    }
    for (const band of keys) {
      forEqualKeys(band, members, (positions) => onGroup(positions.map((at) => members[at] as number)));
    }
  }
}
