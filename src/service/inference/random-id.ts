import { randomFillSync } from "node:crypto";

const bytesEach = 12;
const pool = Buffer.alloc(bytesEach * 256);
let next = pool.length;

/** An id that nobody can guess, 24 hexadecimal digits; random bytes are taken 256 ids at a time. */
export function randomId(): string {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const id = pool.toString("hex", next, next + bytesEach);
  next += bytesEach;
  return id;
}
