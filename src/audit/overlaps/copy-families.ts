import type { NearPair } from "./near-pairs.ts";

/** A centre and the texts that resemble it, by index. */
export type Family = { centre: number; members: NearPair[] };

function other(pair: NearPair, one: number): number {
  return pair.a === one ? pair.b : pair.a;
}

/**
 * Groups near pairs into families without chaining: the text with most counterparts (then the oldest, then the first)
 * becomes a centre and takes those that no earlier centre took; what is left over goes on.
 */
export function familiesOf(pairs: readonly NearPair[], age: (index: number) => number): Family[] {
  const edges = new Map<number, NearPair[]>();
  for (const pair of pairs) {
    for (const end of [pair.a, pair.b]) {
      const list = edges.get(end);
      if (list === undefined) edges.set(end, [pair]);
      else list.push(pair);
    }
  }
  const taken = new Set<number>();
  const order = [...edges.keys()].sort(
    (x, y) =>
      (edges.get(y) as NearPair[]).length - (edges.get(x) as NearPair[]).length || age(y) - age(x) || x - y,
  );
  const families: Family[] = [];
  for (const centre of order) {
    if (taken.has(centre)) continue;
    const members = (edges.get(centre) as NearPair[]).filter((pair) => !taken.has(other(pair, centre)));
    if (members.length === 0) continue;
    taken.add(centre);
    for (const pair of members) taken.add(other(pair, centre));
    families.push({ centre, members });
  }
  // One whose counterparts all joined another centre still belongs to its nearest counterpart.
  for (const one of order) {
    if (taken.has(one)) continue;
    const nearest = (edges.get(one) as NearPair[]).reduce((best, pair) =>
      pair.jaccard > best.jaccard ? pair : best,
    );
    families.push({ centre: other(nearest, one), members: [nearest] });
    taken.add(one);
  }
  return families;
}
