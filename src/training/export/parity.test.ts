import { expect, it } from "vitest";
import { tieLimitOf } from "./parity.ts";

const sequence = (length: number, ties: Record<number, number> = {}) => ({
  ids: Array.from({ length }, (_, index) => index),
  gaps: Array.from({ length }, (_, index) => ties[index] ?? 0.5),
});

it("counts the positions before a near-tie, and narrows what a tie is only where too few are left", () => {
  expect(tieLimitOf([sequence(150, { 120: 5e-5 })])).toBe(1e-4);
  expect(tieLimitOf([sequence(150, { 3: 5e-5 })])).toBe(1e-5);
  expect(tieLimitOf([sequence(150, { 3: 5e-5, 60: 2e-6 }), sequence(50, { 0: 5e-6 })])).toBe(1e-6);
  expect(tieLimitOf([{ ids: Array.from({ length: 200 }, () => 1), gaps: [] }])).toBe(1e-4);
});
