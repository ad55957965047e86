import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tieSizes } from "./kendall-distribution.ts";
import { erfc } from "./normal.ts";
import {
  clinicalCutoffs,
  cusumOf,
  goalAttainmentT,
  mannKendall,
  reliableChange,
  scatterAbout,
  smallestP,
  tauEffects,
  theilSen,
  xmrLimits,
  xmrSignals,
} from "./index.ts";

function* permutations(values: readonly number[]): Generator<number[]> {
  if (values.length < 2) yield [...values];
  for (const [index, value] of values.entries())
    for (const rest of permutations(values.toSpliced(index, 1))) yield [value, ...rest];
}

const naiveS = (values: readonly number[]): number =>
  values
    .flatMap((x, i) => values.slice(i + 1).map((y) => (y > x ? 1 : y < x ? -1 : 0) as number))
    .reduce((a, b) => a + b, 0);

describe("Mann-Kendall", () => {
  it("gives the p of counting every order, ties included", () => {
    let checked = 0;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 7 }), (values) => {
        const least = Math.abs(naiveS(values));
        let all = 0;
        let extreme = 0;
        for (const order of permutations(values)) {
          all += 1;
          if (Math.abs(naiveS(order)) >= least) extreme += 1;
        }
        checked += 1;
        expect(mannKendall(values).p_exact).toBeCloseTo(extreme / all, 12);
      }),
      { numRuns: 60 },
    );
    expect(checked).toBe(60);
  });

  // scipy 1.x: stats.kendalltau(range(n), values, method="exact").pvalue
  const scipy: [number[], number][] = [
    [[5, 3, 8, 1, 9, 2, 7, 6, 4, 10], 0.4843127204585538],
    [[1, 2, 3, 4, 6, 5, 8, 7, 9, 10, 12, 11], 1.4655483405483405e-6],
    [[2, 1, 3, 5, 4, 6, 8, 7, 10, 9, 12, 11, 14, 13, 15, 16, 18, 17, 20, 19], 1.637252132068114e-12],
  ];
  for (const [values, p] of scipy)
    it(`equals scipy at n = ${values.length}`, () => {
      expect((mannKendall(values).p_exact as number) / p).toBeCloseTo(1, 10);
    });

  it("has no exact p above 60 values, and none that is wrong at 60", () => {
    const rising = Array.from({ length: 60 }, (_, index) => index);
    // 2/60!
    expect((mannKendall(rising).p_exact as number) / 2.403553e-82).toBeCloseTo(1, 5);
    const longer = mannKendall([...rising, 60]);
    expect(longer.p_exact).toBeNull();
    expect(longer.p).toBe(longer.p_normal);
  });

  it("does not move when the scale changes and turns its sign with time", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 30 }), (values) => {
        const here = mannKendall(values);
        expect(mannKendall(values.map((x) => 3 * x + 7))).toEqual(here);
        const back = mannKendall(values.toReversed());
        expect(back.S + here.S).toBe(0);
        expect(back.p).toBe(here.p);
      }),
    );
  });

  it("knows that four values cannot reach .05 and that equal values show nothing", () => {
    expect(smallestP([1, 2, 3, 4])).toBeCloseTo(1 / 12, 12);
    expect(mannKendall([3, 3, 3])).toEqual({ n: 3, S: 0, variance: 0, z: 0, p_normal: 1, p_exact: 1, p: 1 });
    expect(tieSizes([0, -0, 2])).toEqual([2]);
  });
});

it("erfc equals scipy.special.erfc", () => {
  const known: [number, number][] = [
    [0.1, 0.8875370839817152],
    [0.7, 0.3221988061625817],
    [1.5, 0.03389485352468927],
    [1.99, 0.004888586800383002],
    [2, 0.004677734981047266],
    [2.5, 0.00040695201744495886],
    [3.5, 7.430983723414129e-7],
    [6, 2.1519736712498913e-17],
  ];
  for (const [x, value] of known) expect(erfc(x) / value).toBeCloseTo(1, 12);
  expect(erfc(-0.7)).toBeCloseTo(2 - 0.3221988061625817, 14);
});

describe("Theil-Sen", () => {
  it("equals scipy.stats.theilslopes for the slope", () => {
    const found = theilSen([20, 18, 17, 17, 12, 13, 9, 8], [0, 7, 14, 21, 28, 35, 42, 49]);
    expect(found.slope_per_week).toBeCloseTo(-1.7571428571428571, 12);
    expect(found.low).toBeLessThan(-1.7571);
    expect(found.high).toBeGreaterThan(-1.7571);
  });

  it("takes ranks by the exact distribution: n = 8 without ties, C = 16", () => {
    // P(|S| ≥ 18) = .0312, P(|S| ≥ 16) = .0610 at n = 8; N = 28, R = 6
    const values = [1, 4, 2, 8, 5, 7, 6, 9];
    const days = [0, 7, 14, 21, 28, 35, 42, 49];
    const slopes = values
      .flatMap((x, i) => values.slice(i + 1).map((y, k) => (y - x) / (k + 1)))
      .toSorted((a, b) => a - b);
    const found = theilSen(values, days);
    expect(found.low).toBeCloseTo(slopes[5] as number, 12);
    expect(found.high).toBeCloseTo(slopes[22] as number, 12);
  });

  it("says not estimable where no rank is left, and holds a constant within nothing", () => {
    expect(theilSen([1, 2, 3, 4], [0, 1, 2, 3])).toEqual({ slope_per_week: 7, low: null, high: null });
    expect(theilSen([5, 5, 5, 5, 5], [0, 1, 2, 3, 4])).toEqual({ slope_per_week: 0, low: 0, high: 0 });
    expect(theilSen([1, 2], [3, 3])).toEqual({ slope_per_week: null, low: null, high: null });
  });

  it("covers its own slope for any values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 27 }), { minLength: 5, maxLength: 20 }), (values) => {
        const { slope_per_week, low, high } = theilSen(
          values,
          values.map((_, i) => i * 7),
        );
        if (low === null || high === null) return;
        expect(low).toBeLessThanOrEqual(slope_per_week as number);
        expect(high).toBeGreaterThanOrEqual(slope_per_week as number);
      }),
    );
  });
});

describe("change, effects, limits, goals", () => {
  it("gives Jacobson and Truax's own example: RC -2.37", () => {
    const { sem, rc, edwards_nunnally, gulliksen_lord_novick } = reliableChange({
      pre: 47.5,
      post: 32.5,
      sd: 10,
      reliability: 0.8,
      mean: 40,
    });
    // Jacobson & Truax 1991: SE = 4.47, S_diff = 6.32, RC = -2.37
    expect(sem).toBeCloseTo(4.472, 3);
    expect(rc).toBeCloseTo(-2.37, 2);
    expect(edwards_nunnally).toBeCloseTo((32.5 - 40 - 0.8 * 7.5) / sem, 12);
    expect(gulliksen_lord_novick).toBeCloseTo((32.5 - 40 - 0.8 * 7.5) / 6, 12);
  });

  it("turns the cut-offs with the direction", () => {
    const clinical = { mean: 40, sd: 10 };
    const functional = { mean: 60, sd: 10 };
    // Jacobson & Truax 1991, marital adjustment: a = 60, b = 40, c = 50
    expect(clinicalCutoffs({ clinical, functional, direction: "higher_better" })).toEqual({
      a: 60,
      b: 40,
      c: 50,
    });
    expect(
      clinicalCutoffs({ clinical: functional, functional: clinical, direction: "lower_better" }),
    ).toEqual({
      a: 40,
      b: 60,
      c: 50,
    });
  });

  it("counts Tau by pairs, and τ_b as scipy.stats.kendalltau(phase, values)", () => {
    const found = tauEffects([4, 5, 5, 6], [7, 5, 8, 9, 9]);
    expect(found.tau).toBeCloseTo((16 + 1 - 1) / 20, 12);
    expect(found.tau_u).toBeCloseTo((16 - 5) / 20, 12);
    expect(found.tau_b).toBeCloseTo(0.6324555320336758, 12);
    expect(found.baseline_corrected).toBe(found.tau);
  });

  it("takes a baseline trend out before Tau", () => {
    const found = tauEffects([1, 2, 3, 4, 5], [6, 7, 8]);
    expect(found.tau).toBe(1);
    expect(found.baseline_corrected).toBe(0);
  });

  it("drops a wild range once", () => {
    const { mean, lower, upper, range_limit } = xmrLimits([10, 11, 10, 11, 10, 11, 10, 30, 10, 11]);
    expect(mean).toBeCloseTo(12.4, 12);
    // ranges: 1 ×6, 20, 20, 1 -> mean 47/9, limit 17.06; the two of 20 are dropped
    expect(range_limit).toBeCloseTo(3.267, 12);
    expect(upper - lower).toBeCloseTo(5.32, 12);
    expect(
      xmrSignals([10, 11, 10, 11, 10, 11, 10, 30, 10, 11]).some(
        (one) => one.rule === "outside" && one.at === 7,
      ),
    ).toBe(true);
    expect(xmrSignals([1, 2, 3, 4, 5])).toEqual([]);
    expect(xmrSignals([1, 2, 3, 4, 5, 6, 7]).map((one) => one.rule)).toContain("seven_rising");
  });

  it("gives GAS-T 50 when every goal is met as expected, and the printed 62.4 for two at +1", () => {
    expect(goalAttainmentT([0, 0, 0], [1, 2, 3])).toBe(50);
    // 50 + 20/√(.7·2 + .3·4) = 62.403
    expect(goalAttainmentT([1, 1], [1, 1])).toBeCloseTo(62.4, 1);
  });
});

describe("CUSUM", () => {
  it("rises by ln(p1/p0) for an event, falls by ln((1-p1)/(1-p0)) otherwise, never below zero", () => {
    const up = Math.log(0.08 / 0.05);
    const down = Math.log(0.92 / 0.95);
    expect(cusumOf([false, true, false, true], { p0: 0.05 }).W).toBeCloseTo(2 * up + down, 12);
    expect(cusumOf([true, false, ...new Array<boolean>(40).fill(false)], { p0: 0.05 })).toMatchObject({
      W: 0,
      signal_at: null,
    });
    // 7 events in a row: 7 * .47 = 3.29, the first at or above 3
    expect(cusumOf(new Array<boolean>(9).fill(true), { p0: 0.05 })).toMatchObject({ signal_at: 7, n: 9 });
  });
});

describe("scatter", () => {
  it("is nothing on a line, and counts what is off it against the error", () => {
    expect(scatterAbout([3, 5, 7, 9], [0, 1, 2, 3], 2)).toMatchObject({ df: 2, p: 1 });
    const found = scatterAbout([0, 4, 0, 4], [0, 7, 14, 21], 1);
    // slope 16/140 a day, residual squares 12.8 over SEM² 1; Q(1, 6.4) = exp(-6.4)
    expect(found.chi_square).toBeCloseTo(12.8, 10);
    expect(found.p).toBeCloseTo(Math.exp(-6.4), 12);
  });
});
