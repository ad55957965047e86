import { baseName } from "../extract/path-shape.ts";
import type { Located } from "../resolve/ground.ts";
import type { Mention } from "../schema.ts";
import type { Verdict } from "./classify.ts";

type Row = { path: string; mention: Mention; located: Located; verdict?: Verdict };

/**
 * `place = a / name`, and where that is not there `place = b / name`: code that gives one variable several places of the
 * same file looks for it. Where one of them is here, the others may be missing.
 */
export function quietAlternatives(rows: readonly Row[]): void {
  const places = new Map<string, Row[]>();
  for (const row of rows) {
    const { key, encoding, kind, path } = row.mention;
    if (key === undefined || encoding !== "python" || kind !== "string") continue;
    const place = `${row.path}\0${key}\0${baseName(path)}`;
    const same = places.get(place);
    if (same === undefined) places.set(place, [row]);
    else same.push(row);
  }
  for (const same of places.values()) {
    if (same.length < 2 || !same.some(({ located }) => located.found)) continue;
    for (const { verdict } of same) {
      if (verdict?.class !== "stale") continue;
      verdict.class = "unknown";
      verdict.confidence = "possible";
      verdict.evidence.push({ kind: "alternative", text: "another place of this variable is here" });
    }
  }
}
