import { createHash } from "node:crypto";

/** Uniform 32-bit numbers from SHA-256 in counter mode: the same on every machine, a pure function of the seed text. */
export function* randomWords(seed: string): Generator<number, never> {
  for (let counter = 0; ; counter++) {
    const digest = createHash("sha256").update(`${seed}|${counter}`).digest();
    for (let at = 0; at < 32; at += 4) yield digest.readUInt32BE(at);
  }
}

/** Fisher-Yates in place; the modulo bias over 2^32 is below 2^-11 for two million items. */
export function shuffle<T>(items: T[], words: Iterator<number, never>): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = words.next().value % (last + 1);
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}

export const packingWindow = 4096;

/** Open rows by the room that they have left; a bit a room finds the tightest fit quickly. */
class Rooms {
  private readonly rows: number[][];
  private readonly used: Uint32Array;

  constructor(length: number) {
    this.rows = Array.from({ length: length + 1 }, () => []);
    this.used = new Uint32Array((length >> 5) + 1);
  }

  put(room: number, row: number): void {
    this.rows[room]?.push(row);
    this.used[room >> 5] = (this.used[room >> 5] as number) | (1 << (room & 31));
  }

  /** Takes the row with the least room that is at least `needed`. */
  take(needed: number): { room: number; row: number } | undefined {
    let word = needed >> 5;
    let bits = (this.used[word] ?? 0) & (-1 << (needed & 31));
    while (bits === 0) {
      word++;
      if (word >= this.used.length) return undefined;
      bits = this.used[word] as number;
    }
    const room = (word << 5) + (31 - Math.clz32(bits & -bits));
    const list = this.rows[room] as number[];
    const row = list.pop() as number;
    if (list.length === 0) this.used[word] = (this.used[word] as number) & ~(1 << (room & 31));
    return { room, row };
  }
}

/**
 * Rows of at most `length` tokens filled best-fit-decreasing within windows of documents. A window's rows that are
 * less than 99 % full go back to the next window, so that only the last one leaves gaps.
 */
export function packRows(
  documents: readonly number[],
  lengths: readonly number[],
  length: number,
): number[][] {
  const result: number[][] = [];
  let carried: number[] = [];
  for (let at = 0; at < documents.length || carried.length > 0; at += packingWindow) {
    const isLast = at + packingWindow >= documents.length;
    const window = [...carried, ...documents.slice(at, at + packingWindow)];
    const sorted = window
      .map((document, place) => ({ document, place, size: lengths[document] as number }))
      .sort((a, b) => b.size - a.size || a.place - b.place);
    const rooms = new Rooms(length);
    const rows: { documents: number[]; left: number }[] = [];
    for (const { document, size } of sorted) {
      const found = rooms.take(size);
      if (found === undefined) {
        rows.push({ documents: [document], left: length - size });
        rooms.put(length - size, rows.length - 1);
      } else {
        const row = rows[found.row] as { documents: number[]; left: number };
        row.documents.push(document);
        row.left = found.room - size;
        rooms.put(row.left, found.row);
      }
    }
    const full = rows.filter((row) => isLast || row.left <= length / 100);
    carried = isLast ? [] : rows.filter((row) => row.left > length / 100).flatMap((row) => row.documents);
    result.push(...full.map((row) => row.documents));
    if (isLast) break;
    // Long documents that never fill a row must not pile up: past a window of them, they go as they are.
    if (carried.length > packingWindow) {
      result.push(...rows.filter((row) => row.left > length / 100).map((row) => row.documents));
      carried = [];
    }
  }
  return result;
}
