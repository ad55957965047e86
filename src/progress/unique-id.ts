import { randomBytes, randomInt } from "node:crypto";

const counterBits = 26;
let last = { at: -1, counter: 0 };

/**
 * A UUID of version 7 that sorts by its time and, within a millisecond of one process, by the order of the calls (RFC
 * 9562, 6.2: a counter of 26 bits with a random start), so that the newest of two things is the later one.
 */
export function uniqueId(now: number): string {
  const counter = last.at === now ? last.counter + 1 : randomInt(2 ** (counterBits - 1));
  last = { at: now, counter };
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt16BE(0x70_00 | (counter >>> 14), 6);
  bytes.writeUInt16BE(0x80_00 | (counter & 0x3f_ff), 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
