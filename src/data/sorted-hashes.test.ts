import { describe, expect, it } from "vitest";
import { hashScratch, sortedDistinct } from "./sorted-hashes.ts";

function expectSorted(values: readonly number[]): void {
  const hashes = hashScratch(values.length);
  hashes.set(values);
  const wanted = [...new Set(values)].sort((a, b) => a - b);
  expect([...sortedDistinct(hashes, values.length)]).toEqual(wanted);
}

describe("sortedDistinct", () => {
  it("sorts spread, crowded, falling and repeated numbers", () => {
    let state = 7;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    const spread = Array.from({ length: 5000 }, next);
    expectSorted([]);
    expectSorted([3]);
    expectSorted([0xffffffff, 0, 0x80000000, 0x7fffffff, 0]);
    expectSorted(spread);
    expectSorted(spread.map((value) => value % 16));
    expectSorted(Array.from({ length: 5000 }, (_, index) => 5000 - index));
    expectSorted(Array.from({ length: 200_000 }, () => next() % 100_000));
  });
});
