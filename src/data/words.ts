const prime = 0x01000193;
const basis = 0x811c9dc5;

// FNV-1a over UTF-16 units, then a murmur3 finish: short words must differ in all bits.
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const other = /[\p{L}\p{N}]/u;

// What a UTF-16 unit is in a word: its lower-case form for ASCII letters and digits, 0 for other ASCII.
const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 122) ? code : code >= 65 && code <= 90 ? code + 32 : 0,
);

/**
 * Hashes of a text's words, appended to `into`. Words are lower case, letters and digits only, so that "I'm" and
 * "i ' m" agree. 32 bits.
 */
export function hashWords(text: string, into: number[]): void {
  let hash = basis;
  let isInWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      const lower = ascii[code] as number;
      if (lower !== 0) {
        hash = Math.imul(hash ^ lower, prime);
        isInWord = true;
        continue;
      }
    } else {
      const point = text.codePointAt(at) as number;
      const character = String.fromCodePoint(point);
      if (point > 0xffff) at++;
      if (other.test(character)) {
        for (const unit of character.toLowerCase().split(""))
          hash = Math.imul(hash ^ unit.charCodeAt(0), prime);
        isInWord = true;
        continue;
      }
    }
    if (isInWord) {
      into.push(finish(hash));
      hash = basis;
      isInWord = false;
    }
  }
  if (isInWord) into.push(finish(hash));
}

export const shingleWords = 5;

/**
 * Distinct hashes of all runs of five words, ascending; a text of fewer words is one shingle. 32 bits: a chance
 * collision moves a Jaccard value by one shingle in a text of millions.
 */
export function shinglesOf(words: readonly number[]): Uint32Array {
  if (words.length === 0) return new Uint32Array(0);
  const count = Math.max(1, words.length - shingleWords + 1);
  const size = Math.min(shingleWords, words.length);
  const all = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let hash = size;
    for (let index = start; index < start + size; index++) {
      hash = Math.imul(hash, 0x9e3779b1) ^ (words[index] as number);
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
