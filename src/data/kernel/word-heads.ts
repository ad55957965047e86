import { kernel } from "./kernel.ts";
import { headSlot, headSlotBits } from "./word-hash.ts";

const letters = 4;
const ownTable = new Uint8Array(2 ** headSlotBits);
let stamp = 0;

const tableOf = (): Uint8Array => kernel?.heads ?? ownTable;

/** Forgets all words; the stamp of what is read from now on. */
export function beginHeads(): void {
  if (++stamp < 256) return;
  tableOf().fill(0);
  stamp = 1;
}

/** What a scan marks words with. */
export const headStamp = (): number => stamp;

/** Marks the first letters of all runs of ASCII letters in a text, as a scan in the kernel does. */
export function markHeads(text: string): void {
  const table = tableOf();
  let [key, length] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) | 32 : 0; // lower case for letters
    if (unit >= 97 && unit <= 122) {
      if (length < letters) key |= unit << (8 * length);
      length++;
    } else if (length > 0) {
      for (const which of [0, 1] as const) table[headSlot(key, which)] = stamp;
      [key, length] = [0, 0];
    }
  }
}

/** A hint as the table knows it, both places in one number: the first four letters of a word, or a whole shorter one. */
export function headOf(hint: string): number {
  if (!/^[a-z]{1,4}$/.test(hint)) throw new RangeError(`a hint is one to four small letters: ${hint}`);
  let key = 0;
  for (let at = 0; at < hint.length; at++) key |= hint.charCodeAt(at) << (8 * at);
  return (headSlot(key, 0) << 16) | headSlot(key, 1);
}

/** False if no word read since the beginning has this head; true also for some that share its slot. */
export function hasHead(head: number): boolean {
  const table = tableOf();
  return table[head >>> 16] === stamp && table[head & 0xffff] === stamp;
}

/** False if no word has any of these heads. */
export function hasAnyHead(heads: readonly number[]): boolean {
  const table = tableOf();
  for (let at = 0; at < heads.length; at++) {
    const head = heads[at] as number;
    if (table[head >>> 16] === stamp && table[head & 0xffff] === stamp) return true;
  }
  return false;
}
