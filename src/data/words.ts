const word = /[\p{L}\p{N}]+/gu;

/** Words of a text as comparisons see them: lower case, letters and digits only, so that "I'm" and "i ' m" agree. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(word) ?? [];
}

const prime = 0x01000193;

// FNV-1a over UTF-16 units, then a murmur3 finish: short words must differ in all bits.
function hashWord(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export const shingleWords = 5;

/**
 * Distinct hashes of all runs of five words, ascending; a text of fewer words is one shingle. 32 bits: a chance
 * collision moves a Jaccard value by less than one shingle in a thousand texts.
 */
export function shinglesOf(words: readonly string[]): Uint32Array {
  if (words.length === 0) return new Uint32Array(0);
  const count = Math.max(1, words.length - shingleWords + 1);
  const size = Math.min(shingleWords, words.length);
  const hashes = Uint32Array.from(words, hashWord);
  const all = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let hash = size;
    for (let index = 0; index < size; index++) {
      hash = Math.imul(hash, 0x9e3779b1) ^ (hashes[start + index] as number);
      hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    }
    all[start] = (hash ^ (hash >>> 13)) >>> 0;
  }
  all.sort();
  let distinct = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0 || all[index] !== all[index - 1]) all[distinct++] = all[index] as number;
  }
  return all.slice(0, distinct);
}

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
