import { createHash } from "node:crypto";

/** Choices that depend on a seed and a place alone: the same everywhere and in any order. */
export function drawer(...place: readonly (string | number)[]) {
  let count = 0;
  const next = (): number => {
    const hash = createHash("sha256")
      .update(JSON.stringify([...place, count++]))
      .digest();
    return hash.readUIntBE(0, 6) / 2 ** 48;
  };
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
  };
}
