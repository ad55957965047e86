const indexBits = 2 ** 24;
let packedScratch = new Float64Array(0); // used again: many calls in a row sort as many keys

/**
 * Calls back with the positions of keys that are equal, two or more, each group once, in the order of their members.
 * Sorting packs the key's first 29 bits and the position into one number; the whole key decides inside a run.
 */
export function forEqualKeys(
  keys: BigUint64Array,
  members: Uint32Array,
  onGroup: (positions: number[]) => void,
): void {
  const halves = new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2); // low, high, low, high, …
  // A position has 24 bits: of more keys, each slice takes those of one remainder.
  const slices = Math.max(1, Math.ceil(keys.length / indexBits));
  for (let slice = 0; slice < slices; slice++) {
    let chosen: Uint32Array | undefined;
    if (slices > 1) {
      chosen = new Uint32Array(keys.length);
      let count = 0;
      for (let index = 0; index < keys.length; index++)
        if ((halves[index * 2] as number) % slices === slice) chosen[count++] = index;
      chosen = chosen.subarray(0, count);
    }
    const count = chosen?.length ?? keys.length;
    if (count > indexBits) throw new RangeError(`${count} keys are more than a slice can hold`);
    if (packedScratch.length < count) packedScratch = new Float64Array(count);
    const packed = packedScratch.subarray(0, count);
    for (let index = 0; index < count; index++) {
      const high = halves[(chosen?.[index] ?? index) * 2 + 1] as number;
      packed[index] = (high >>> 3) * indexBits + index;
    }
    packed.sort();
    for (let start = 0; start < count;) {
      const prefix = Math.floor((packed[start] as number) / indexBits);
      const runEnd = (prefix + 1) * indexBits;
      let end = start + 1;
      while (end < count && (packed[end] as number) < runEnd) end++;
      if (end - start > 1) {
        const positions = Array.from(packed.subarray(start, end), (one) => {
          const local = one - prefix * indexBits;
          return chosen?.[local] ?? local;
        });
        for (const same of equalIn(positions, keys)) {
          if (same.length > 1) onGroup(same.sort((a, b) => (members[a] as number) - (members[b] as number)));
        }
      }
      start = end;
    }
  }
}

function equalIn(positions: readonly number[], keys: BigUint64Array): Iterable<number[]> {
  const byKey = new Map<bigint, number[]>();
  for (const position of positions) {
    const key = keys[position] as bigint;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [position]);
    else same.push(position);
  }
  return byKey.values();
}
