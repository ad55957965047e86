import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillCube } from "./cube-fill.ts";

function sumsOf(values: readonly number[], shape: readonly [number, number, number]): number[][] {
  const sums = shape.map((length) => Array.from({ length }, () => 0));
  for (let i = 0; i < shape[0]; i++)
    for (let j = 0; j < shape[1]; j++)
      for (let k = 0; k < shape[2]; k++) {
        const value = values[(i * shape[1] + j) * shape[2] + k] as number;
        for (const [axis, stratum] of [i, j, k].entries())
          (sums[axis] as number[])[stratum] = ((sums[axis] as number[])[stratum] as number) + value;
      }
  return sums;
}

describe("fillCube", () => {
  it("meets every sum of three axes exactly where it finds a fill, and finds one where cells have room", () => {
    let [found, tried] = [0, 0];
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
        ),
        fc.array(fc.tuple(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 64,
          maxLength: 64,
        }),
        (shape, drawn) => {
          const cells = drawn.slice(0, shape[0] * shape[1] * shape[2]);
          const sizes = cells.map(([size]) => size);
          const sums = sumsOf(
            cells.map(([size, share]) => Math.floor(size * share)),
            shape,
          );
          const fill = fillCube(sizes, shape, sums);
          tried++;
          if (fill === undefined) return;
          found++;
          expect(sumsOf(fill, shape)).toEqual(sums);
          for (const [cell, value] of fill.entries()) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(sizes[cell] as number);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(found / tried).toBeGreaterThan(0.97);
  });

  it("meets every sum of four axes", () => {
    const shape = [4, 5, 5, 7];
    const sizes = Array.from({ length: 700 }, (_, cell) => (cell * 37) % 23);
    const used = sizes.map((size, cell) => Math.floor((size * ((cell * 11) % 7)) / 7));
    const sums = (values: readonly number[]) =>
      shape.map((length, axis) => {
        const step = shape.slice(axis + 1).reduce((all, one) => all * one, 1);
        return Array.from({ length }, (_, stratum) =>
          values.reduce((sum, one, at) => sum + (Math.floor(at / step) % length === stratum ? one : 0), 0),
        );
      });
    const fill = fillCube(sizes, shape, sums(used)) as number[];
    expect(sums(fill)).toEqual(sums(used));
    expect(fill.every((value, cell) => value >= 0 && value <= (sizes[cell] as number))).toBe(true);
  });

  it("finds nothing where nothing can be", () => {
    expect(
      fillCube(
        [1, 0, 0, 0, 0, 0, 0, 1],
        [2, 2, 2],
        [
          [1, 1],
          [1, 1],
          [2, 0],
        ],
      ),
    ).toBeUndefined();
  });
});
