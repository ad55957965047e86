import type { ShingleAccess } from "./shingle-access.ts";
import { forSharedKeys } from "./shared-keys.ts";
import { putBandKey } from "./signature.ts";

/** Calls back with the rows of each band bucket that holds two or more. Rows without a word are left out. */
export function forBandGroups(
  rows: Uint32Array,
  access: ShingleAccess,
  shape: { bands: number; rows: number },
  onGroup: (rows: number[]) => void,
): void {
  const members = rows.filter((row) => access.count(row, "all") > 0);
  const key = new Uint32Array(2);
  const scan = (visit: (low: number, high: number, member: number) => void): void =>
    access.eachSignature(members, (row, signature) => {
      for (let band = 0; band < shape.bands; band++) {
        putBandKey(signature, band, shape.rows, key, 0);
        visit(key[0] as number, key[1] as number, row);
      }
    });
  forSharedKeys(members.length * shape.bands, scan, onGroup);
}
