const rowBits = 24n;
const rowMask = (1n << rowBits) - 1n;
const keyMask = ((1n << 40n) - 1n) << rowBits;

/**
 * Calls back with the members that share a key, two or more, each group once and ascending. Members are numbers below
 * 2^24; sorting packs 40 bits of the key beside them, and the whole key decides inside a run.
 */
export function forEqualKeys(
  keys: BigUint64Array,
  members: Uint32Array,
  onGroup: (positions: number[]) => void,
): void {
  // Positions, not members, are packed when there are few enough of them; else runs are sorted in slices by key.
  const slices = Math.max(1, Math.ceil(keys.length / 2 ** 24));
  for (let slice = 0; slice < slices; slice++) {
    const chosen: number[] | undefined = slices === 1 ? undefined : [];
    if (chosen !== undefined) {
      for (let index = 0; index < keys.length; index++) {
        if (Number((keys[index] as bigint) % BigInt(slices)) === slice) chosen.push(index);
      }
    }
    const count = chosen?.length ?? keys.length;
    const packed = new BigUint64Array(count);
    for (let index = 0; index < count; index++) {
      const key = keys[chosen?.[index] ?? index] as bigint;
      packed[index] = (key & keyMask) | BigInt(index);
    }
    packed.sort();
    for (let start = 0; start < count;) {
      const prefix = (packed[start] as bigint) >> rowBits;
      let end = start + 1;
      while (end < count && (packed[end] as bigint) >> rowBits === prefix) end++;
      if (end - start > 1) {
        const byKey = new Map<bigint, number[]>();
        for (let at = start; at < end; at++) {
          const local = Number((packed[at] as bigint) & rowMask);
          const position = chosen?.[local] ?? local;
          const key = keys[position] as bigint;
          const same = byKey.get(key);
          if (same === undefined) byKey.set(key, [position]);
          else same.push(position);
        }
        for (const same of byKey.values()) {
          if (same.length > 1) onGroup(same.sort((a, b) => (members[a] as number) - (members[b] as number)));
        }
      }
      start = end;
    }
  }
}
