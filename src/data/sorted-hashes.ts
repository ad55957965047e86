let given = new Uint32Array(1024);
let sorted = new Int32Array(1024);
const counts = new Uint32Array(2 ** 16 + 1);

/** Room for so many hashes; what an earlier call gave is overwritten. */
export function hashScratch(count: number): Uint32Array {
  if (given.length < count) {
    given = new Uint32Array(2 * count);
    sorted = new Int32Array(2 * count);
  }
  return given;
}

const signBit = 0x80000000;
/** Evenly spread hashes need about one step each; a crowd of near-equal ones is left to the engine's sort. */
const stepsEach = 8;

/**
 * The first `count` hashes ascending, each once: a bucket for about every hash by its first bits, then insertion. Sorts
 * as signed numbers with the first bit turned, because the engine keeps those unboxed.
 */
export function sortedDistinct(hashes: Uint32Array, count: number): Uint32Array {
  const bits = Math.min(16, Math.max(1, 32 - Math.clz32(count)));
  const shift = 32 - bits;
  const buckets = 2 ** bits;
  counts.fill(0, 0, buckets + 1);
  for (let index = 0; index < count; index++) {
    const bucket = ((hashes[index] as number) >>> shift) + 1;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  for (let bucket = 1; bucket < buckets; bucket++)
    counts[bucket] = (counts[bucket] as number) + (counts[bucket - 1] as number);
  for (let index = 0; index < count; index++) {
    const hash = hashes[index] as number;
    const place = counts[hash >>> shift] as number;
    counts[hash >>> shift] = place + 1;
    sorted[place] = hash ^ signBit;
  }
  let stepsLeft = count * stepsEach;
  for (let index = 1; index < count && stepsLeft > 0; index++) {
    const value = sorted[index] as number;
    let at = index;
    for (; at > 0 && (sorted[at - 1] as number) > value; at--) sorted[at] = sorted[at - 1] as number;
    sorted[at] = value;
    stepsLeft -= index - at;
  }
  if (stepsLeft <= 0) sorted.subarray(0, count).sort();
  let distinct = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0 || sorted[index] !== sorted[index - 1])
      hashes[distinct++] = (sorted[index] as number) ^ signBit;
  }
  return hashes.slice(0, distinct);
}

let slots = new Uint32Array(2048);
let stamps = new Uint32Array(2048);
let stamp = 0;

/** How many different hashes there are. */
export function countDistinct(hashes: Uint32Array): number {
  if (slots.length < hashes.length * 2) {
    slots = new Uint32Array(2 ** Math.ceil(Math.log2(hashes.length * 2)));
    stamps = new Uint32Array(slots.length);
    stamp = 0;
  }
  if (++stamp > 0xffffffff) {
    stamps.fill(0);
    stamp = 1;
  }
  const mask = slots.length - 1;
  let distinct = 0;
  for (let index = 0; index < hashes.length; index++) {
    const hash = hashes[index] as number;
    let at = hash & mask;
    while (stamps[at] === stamp && slots[at] !== hash) at = (at + 1) & mask;
    if (stamps[at] === stamp) continue;
    stamps[at] = stamp;
    slots[at] = hash;
    distinct++;
  }
  return distinct;
}
