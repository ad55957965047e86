import { forEqualKeys } from "./equal-groups.ts";
import type { ShingleAccess } from "./shingle-access.ts";
import { putBandKey } from "./signature.ts";

const bandsAtOnce = 7; // 8 bytes a row and band

/** Calls back with the rows of each band bucket that holds two or more. Rows without a word are left out. */
export function forBandGroups(
  rows: readonly number[],
  access: ShingleAccess,
  shape: { bands: number; rows: number },
  onGroup: (rows: number[]) => void,
): void {
  const members = Uint32Array.from(rows.filter((row) => access.count(row, "all") > 0));
  const keys = Array.from(
    { length: Math.min(bandsAtOnce, shape.bands) },
    () => new BigUint64Array(members.length),
  );
  const halves = keys.map((band) => new Uint32Array(band.buffer));
  for (let from = 0; from < shape.bands; from += bandsAtOnce) {
    const bands = Math.min(bandsAtOnce, shape.bands - from);
    let index = 0;
    access.eachSignature(members, (_, signature) => {
      for (let band = 0; band < bands; band++)
        putBandKey(signature, from + band, shape.rows, halves[band] as Uint32Array, index * 2);
      index++;
    });
    for (const band of keys.slice(0, bands))
      forEqualKeys(band, members, (positions) => onGroup(positions.map((at) => members[at] as number)));
  }
}
