import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packRows, randomWords, shuffle } from "./pack.ts";

describe("packRows", () => {
  it("puts every document in one row and overfills none", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 300 }), (lengths) => {
        const rows = packRows(
          lengths.map((_, index) => index),
          lengths,
          64,
        );
        expect(rows.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
        for (const row of rows)
          expect(row.reduce((sum, one) => sum + (lengths[one] as number), 0)).toBeLessThanOrEqual(64);
      }),
    );
  });

  it("takes the tightest room first", () => {
    expect(packRows([0, 1, 2, 3], [6, 5, 4, 3], 10)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it("fills 99 % of the rows with log-normal lengths", () => {
    const words = randomWords("log-normal");
    const uniform = (): number => (words.next().value + 1) / 2 ** 32;
    const lengths = Array.from({ length: 20_000 }, () => {
      const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
      return Math.max(8, Math.min(2048, Math.round(Math.exp(5.3 + 0.8 * normal))));
    });
    const rows = packRows(
      lengths.map((_, index) => index),
      lengths,
      2048,
    );
    const used = lengths.reduce((sum, length) => sum + length, 0);
    expect(used / (rows.length * 2048)).toBeGreaterThan(0.99);
  });
});

describe("shuffle", () => {
  it("depends on the seed alone", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const a = shuffle([...items], randomWords("a"));
    expect(shuffle([...items], randomWords("a"))).toEqual(a);
    expect(shuffle([...items], randomWords("b"))).not.toEqual(a);
    expect(a.toSorted((x, y) => x - y)).toEqual(items);
  });
});
