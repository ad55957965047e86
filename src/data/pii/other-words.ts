import { wordHash } from "../kernel/word-hash.ts";
import { otherWords } from "./other-words.data.ts";

const bits = Buffer.from(otherWords, "base64");
const count = bits.length * 8;

/** Where a word's hash stands in a Bloom filter of so many bits: three places. */
export function probesOf(hash: number, size: number): [number, number, number] {
  const second = Math.imul(hash ^ (hash >>> 15), 0x85ebca77) >>> 0;
  const third = Math.imul(second ^ (second >>> 13), 0xc2b2ae3d) >>> 0;
  return [(hash >>> 0) % size, second % size, third % size];
}

const has = (place: number): boolean => (((bits[place >>> 3] as number) >>> (place & 7)) & 1) === 1;

/** True for a word that is no person's name, by the hash of its small letters; now and then for another too. */
export function isOtherHash(hash: number): boolean {
  const [first, second, third] = probesOf(hash, count);
  return has(first) && has(second) && has(third);
}

export const isOtherWord = (bare: string): boolean => isOtherHash(wordHash(bare));
