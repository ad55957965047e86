/** Jaccard similarity of two ascending sets. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) both++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  const union = a.length + b.length - both;
  return union === 0 ? 0 : both / union;
}

/** The Jaccard similarity where it is `least` or more, else 0; gives up as soon as it cannot be reached. */
export function jaccardFrom(a: Uint32Array, b: Uint32Array, least: number): number {
  // J >= t means an overlap of at least t / (1 + t) of both sizes together.
  const needed = Math.ceil((least / (1 + least)) * (a.length + b.length) - 1e-9);
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) {
      both++;
      i++;
      j++;
      continue;
    }
    if (x < y) i++;
    else j++;
    if (both + Math.min(a.length - i, b.length - j) < needed) return 0;
  }
  const similarity = both === 0 ? 0 : both / (a.length + b.length - both);
  return similarity >= least ? similarity : 0;
}
