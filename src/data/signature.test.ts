import { describe, expect, it } from "vitest";
import { permutations, signatureInScript, signatureOf } from "./signature.ts";

describe("signatureOf", () => {
  it("gives what plain script gives, to the bit, for sets of any size", () => {
    let state = 1;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    for (const size of [0, 1, 2, 3, 5, 8, 112, 1000, 40_000, 7]) {
      const shingles = Uint32Array.from({ length: size }, next);
      const signature = signatureOf(shingles);
      expect(signature).toHaveLength(permutations);
      expect(signature).toEqual(signatureInScript(shingles));
    }
    expect(signatureOf(new Uint32Array(0)).every((value) => value === 0xffffffff)).toBe(true);
  });
});
