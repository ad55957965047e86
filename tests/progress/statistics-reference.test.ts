import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startService, type Service } from "./service.test-data.ts";

type Case = {
  values: number[];
  days: number[];
  S: number;
  variance: number;
  z: number;
  p_normal: number;
  p_exact?: number;
  slope_per_week: number;
  phases: number;
  tau_b: number;
};

// Made by reference/statistics.py with scipy and pyMannKendall.
const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, "reference/statistics.json"), "utf8"),
) as { cases: Case[] };

let service: Service;
let key: string;
let compared = 0;
beforeAll(async () => {
  service = await startService();
  key = service.token("service", "service");
});
afterAll(() => service.close());

async function computed<R>(name: string, inputs: unknown[]): Promise<R[]> {
  const reply = await service.send(key, "POST", `/api/v1/statistics/${name}`, { cases: inputs });
  expect(reply.status).toBe(200);
  return reply.body["results"] as R[];
}

function close(found: number | null, wanted: number, what: string): void {
  compared += 1;
  expect(Math.abs((found ?? NaN) - wanted) / Math.max(1, Math.abs(wanted)), what).toBeLessThan(1e-9);
}

it("equals scipy and pyMannKendall to 1e-9, by the route that anyone can check with", async () => {
  const trends = await computed<Record<string, number>>(
    "mann-kendall",
    cases.map(({ values }) => ({ values })),
  );
  const slopes = await computed<Record<string, number>>(
    "theil-sen",
    cases.map(({ values, days }) => ({ values, days })),
  );
  const effects = await computed<Record<string, number>>(
    "tau",
    cases.map(({ values, phases }) => ({ a: values.slice(0, phases), b: values.slice(phases) })),
  );
  for (const [index, one] of cases.entries()) {
    const what = `case ${index}`;
    for (const field of ["S", "variance", "z", "p_normal"] as const)
      close(trends[index]?.[field] ?? null, one[field], `${what} ${field}`);
    if (one.p_exact !== undefined && one.values.length <= 60)
      close(trends[index]?.["p_exact"] ?? null, one.p_exact, `${what} p_exact`);
    close(slopes[index]?.["slope_per_week"] ?? null, one.slope_per_week, `${what} slope`);
    close(effects[index]?.["tau_b"] ?? null, one.tau_b, `${what} tau_b`);
  }
  expect(compared).toBeGreaterThanOrEqual(200);
});

// Jacobson & Truax 1991, J Consult Clin Psychol 59, their example: pre 32.5, post 47.5, SD 7.5, reliability .80,
// clinical mean 40, functional mean 60, both SD 7.5.
it("gives Jacobson and Truax's own example to the printed digit", async () => {
  const [rci] = await computed<{ rc: number; sem: number }>("rci", [
    { pre: 32.5, post: 47.5, sd: 7.5, reliability: 0.8 },
  ]);
  const [csc] = await computed<{ a: number; b: number; c: number }>("csc", [
    { clinical: { mean: 40, sd: 7.5 }, functional: { mean: 60, sd: 7.5 }, direction: "higher_better" },
  ]);
  expect(rci?.sem.toFixed(2)).toBe("3.35");
  expect(csc).toEqual({ a: 55, b: 45, c: 50 });
  expect(rci?.rc.toFixed(2)).toBe("3.16");
});

// Kendall, Rank Correlation Methods (1970), Appendix Table 1: P(S >= S of the line) under no trend.
const kendallTable: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  4: { 2: ".375", 4: ".167", 6: ".042" },
  5: { 2: ".408", 4: ".242", 6: ".117", 8: ".042", 10: ".0083" },
  6: { 1: ".500", 3: ".360", 5: ".235", 7: ".136", 9: ".068", 11: ".028", 13: ".0083", 15: ".0014" },
  7: {
    3: ".386",
    5: ".281",
    7: ".191",
    9: ".119",
    11: ".068",
    13: ".035",
    15: ".015",
    17: ".0054",
    19: ".0014",
  },
  8: {
    2: ".452",
    4: ".360",
    6: ".274",
    8: ".199",
    10: ".138",
    12: ".089",
    14: ".054",
    16: ".031",
    18: ".016",
  },
  9: {
    2: ".460",
    4: ".381",
    6: ".306",
    8: ".238",
    10: ".179",
    12: ".130",
    14: ".090",
    16: ".060",
    18: ".038",
  },
  10: {
    5: ".364",
    9: ".242",
    13: ".146",
    17: ".078",
    19: ".054",
    21: ".036",
    23: ".023",
    25: ".014",
    27: ".0083",
  },
};

/** 1 to n with as many inversions as make S. */
function seriesOf(n: number, S: number): number[] {
  const values = Array.from({ length: n }, (_, index) => index + 1);
  let inversions = ((n * (n - 1)) / 2 - S) / 2;
  for (let from = 0; inversions > 0; from += 1) {
    const steps = Math.min(inversions, n - 1 - from);
    const [moved] = values.splice(from + steps, 1);
    values.splice(from, 0, moved as number);
    inversions -= steps;
  }
  return values;
}

it("gives Kendall's own table to the printed digit", async () => {
  const wanted = Object.entries(kendallTable).flatMap(([n, line]) =>
    Object.entries(line).map(([S, printed]) => ({ n: Number(n), S: Number(S), printed })),
  );
  const found = await computed<{ S: number; p_exact: number }>(
    "mann-kendall",
    wanted.map(({ n, S }) => ({ values: seriesOf(n, S) })),
  );
  for (const [index, one] of wanted.entries()) {
    const { S, p_exact } = found[index] as { S: number; p_exact: number };
    expect(S).toBe(one.S);
    const digits = one.printed.length - 1;
    expect((p_exact / 2).toFixed(digits), `n = ${one.n}, S = ${one.S}`).toBe(`0${one.printed}`);
  }
  expect(wanted.length).toBeGreaterThan(50);
});

it("equals scipy's chi-square of the scatter about a line to 1e-9", async () => {
  type Scatter = { values: number[]; days: number[]; sem: number } & Record<string, number>;
  const { cases: wanted } = JSON.parse(
    readFileSync(join(import.meta.dirname, "reference/scatter.json"), "utf8"),
  ) as { cases: Scatter[] };
  const found = await computed<Record<string, number>>(
    "scatter",
    wanted.map(({ values, days, sem }) => ({ values, days, sem })),
  );
  for (const [index, one] of wanted.entries())
    for (const field of ["residual_sd", "chi_square", "df", "p"])
      close(found[index]?.[field] ?? null, one[field] as number, `case ${index} ${field}`);
  expect(wanted.length).toBeGreaterThanOrEqual(60);
});
