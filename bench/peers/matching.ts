/** How far findings of two tools are the same. */

export type Match<T> = { both: number; ours: T[]; theirs: T[] };

/** Matches two lists by key; what occurs twice must be found twice. */
export function matchBy<T, U>(
  ours: readonly T[],
  theirs: readonly U[],
  keys: { ours: (one: T) => string; theirs: (one: U) => string },
): { both: number; ours: T[]; theirs: U[] } {
  const waiting = new Map<string, T[]>();
  for (const one of ours) {
    const key = keys.ours(one);
    waiting.set(key, [...(waiting.get(key) ?? []), one]);
  }
  const alone: U[] = [];
  let both = 0;
  for (const one of theirs) {
    if (waiting.get(keys.theirs(one))?.shift() === undefined) alone.push(one);
    else both++;
  }
  return { both, ours: [...waiting.values()].flat(), theirs: alone };
}

const groupKey = (paths: readonly string[]): string => [...paths].sort().join("\0");

/** Groups without the paths that one side does not look at; those with fewer than two paths left are none. */
export function narrowed(
  groups: readonly (readonly string[])[],
  isCompared: (path: string) => boolean,
): string[][] {
  return groups.map((paths) => paths.filter(isCompared)).filter((paths) => paths.length > 1);
}

/** Groups of equal files that are the same, path by path. */
export function matchGroups(ours: readonly string[][], theirs: readonly string[][]): Match<string[]> {
  return matchBy(ours, theirs, { ours: groupKey, theirs: groupKey });
}

/** How many of our pairs the other tool reports as a pair too, in either order. */
export function pairsFound(ours: readonly [string, string][], theirs: readonly [string, string][]): number {
  const known = new Set(theirs.map(groupKey));
  return ours.filter((pair) => known.has(groupKey(pair))).length;
}

/** How often each name occurs, the commonest first: `external 3, optional 1`. */
export function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

/** The middle one of an odd count, the mean of the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
