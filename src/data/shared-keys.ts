import { KeyCounts, placeBits } from "./key-counts.ts";

/** Calls back with every key, in two halves, and its member: a whole number below 2^31. Gives the same each time. */
export type ScanKeys = (visit: (low: number, high: number, member: number) => void) => void;

/** Entries that are sorted at once: 20 bytes each. */
const entriesAtOnce = 2 ** 19;
const ranges = 4096;

const mixed = (low: number, high: number): number => (low ^ Math.imul(high, 0x85ebca6b)) | 0;

class Entries {
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;
  private readonly member: Int32Array;
  length = 0;
  constructor(size: number) {
    this.low = new Uint32Array(size);
    this.high = new Uint32Array(size);
    this.member = new Int32Array(size);
  }
  get isFull(): boolean {
    return this.length === this.low.length;
  }
  add(low: number, high: number, member: number): void {
    this.low[this.length] = low;
    this.high[this.length] = high;
    this.member[this.length++] = member;
  }
  /** Calls back with the members of equal keys, in the order of the keys; members ascend. */
  forGroups(onGroup: (members: number[]) => void): void {
    const { low, high, member, length } = this;
    const at = (order: Float64Array, index: number): number => (order[index] as number) % 2 ** 21;
    const inOrder = (a: number, b: number): number =>
      (high[a] as number) - (high[b] as number) ||
      (low[a] as number) - (low[b] as number) ||
      (member[a] as number) - (member[b] as number);
    const order = new Float64Array(length);
    if (length < 2 ** 21) {
      for (let index = 0; index < length; index++) order[index] = (high[index] as number) * 2 ** 21 + index;
      order.sort();
      for (let index = 0; index < length; index++) order[index] = at(order, index);
    } else {
      for (let index = 0; index < length; index++) order[index] = index;
      order.sort(inOrder);
    }
    for (let start = 0; start < length;) {
      const first = order[start] as number;
      let end = start + 1;
      while (end < length && high[order[end] as number] === high[first]) end++;
      if (end - start > 1) {
        const run = [...order.subarray(start, end)].sort(inOrder);
        for (let from = 0; from < run.length;) {
          let to = from + 1;
          while (to < run.length && low[run[to] as number] === low[run[from] as number]) to++;
          if (to - from > 1) onGroup(run.slice(from, to).map((one) => member[one] as number));
          from = to;
        }
      }
      start = end;
    }
  }
}

/**
 * Calls back with the members of every key that occurs twice or more, in the order of the keys; members ascend. Needs
 * memory for a bounded part of the keys alone: most occur once, which a first reading tells; of the others a range of
 * keys is held at a time, and each reading takes the next.
 */
export function forSharedKeys(keys: number, scan: ScanKeys, onGroup: (members: number[]) => void): void {
  const counts = new KeyCounts(placeBits(keys));
  scan((low, high) => counts.add(mixed(low, high)));
  const sizes = new Uint32Array(ranges);
  let shared = 0;
  scan((low, high) => {
    if (!counts.isShared(mixed(low, high))) return;
    shared++;
    sizes[high >>> 20] = (sizes[high >>> 20] as number) + 1;
  });
  for (let from = 0; shared > 0 && from < ranges;) {
    let size = sizes[from] as number;
    let to = from + 1;
    while (to < ranges && size + (sizes[to] as number) <= entriesAtOnce) size += sizes[to++] as number;
    const entries = new Entries(size);
    const [first, last] = [from, to - 1];
    scan((low, high, member) => {
      const range = high >>> 20;
      if (range < first || range > last || entries.isFull || !counts.isShared(mixed(low, high))) return;
      entries.add(low, high, member);
    });
    shared -= size;
    from = to;
    const groups: number[][] = [];
    entries.forGroups((members) => groups.push(members));
    for (const group of groups) onGroup(group);
  }
}
