import { z } from "zod";
import { instrumentNamed } from "./instruments/index.ts";
import {
  cusumOf,
  goalAttainmentT,
  mannKendall,
  clinicalCutoffs,
  reliableChange,
  tauEffects,
  scatterAbout,
  theilSen,
  xmrLimits,
} from "./statistics/index.ts";
import { instant } from "./values.ts";
import { decide } from "./verdict/index.ts";

const number = z.number().min(-1e12).max(1e12);
const numbers = z.array(number).max(1000);
const population = z.strictObject({ mean: number, sd: number.positive() });

type Statistic = { input: z.ZodType; compute: (input: never) => unknown };

const statistic = <S extends z.ZodType>(input: S, compute: (value: z.output<S>) => unknown): Statistic => ({
  input,
  compute,
});

/** The statistics by name, each with the schema of one case. */
export const statistics: Record<string, Statistic> = {
  "mann-kendall": statistic(z.strictObject({ values: numbers.min(1) }), ({ values }) => mannKendall(values)),
  "theil-sen": statistic(
    z
      .strictObject({ values: numbers.min(2), days: numbers })
      .refine((one) => one.values.length === one.days.length, {
        path: ["days"],
        message: "is not as long as values",
      }),
    ({ values, days }) => theilSen(values, days),
  ),
  rci: statistic(
    z.strictObject({
      pre: number,
      post: number,
      sd: number.positive(),
      reliability: z.number().min(0).lt(1),
      mean: number.optional(),
    }),
    reliableChange,
  ),
  csc: statistic(
    z.strictObject({
      clinical: population,
      functional: population,
      direction: z.enum(["lower_better", "higher_better"]),
    }),
    clinicalCutoffs,
  ),
  tau: statistic(z.strictObject({ a: numbers.min(1), b: numbers.min(1) }), ({ a, b }) => tauEffects(a, b)),
  xmr: statistic(z.strictObject({ values: numbers.min(1) }), ({ values }) => xmrLimits(values)),
  cusum: statistic(
    z
      .strictObject({
        events: z.array(z.boolean()).max(10_000),
        p0: number.gt(0).lt(1),
        p1: number.gt(0).lt(1).optional(),
        height: number.positive().optional(),
      })
      .refine((one) => (one.p1 ?? one.p0 + 0.03) > one.p0 && (one.p1 ?? one.p0 + 0.03) < 1, {
        path: ["p1"],
        message: "is not between p0 and 1",
      }),
    ({ events, ...options }) => cusumOf(events, options),
  ),
  scatter: statistic(
    z
      .strictObject({ values: numbers.min(3), days: numbers, sem: number.positive() })
      .refine((one) => one.values.length === one.days.length, {
        path: ["days"],
        message: "is not as long as values",
      })
      .refine((one) => new Set(one.days).size > 1, { path: ["days"], message: "is one day only" }),
    ({ values, days, sem }) => scatterAbout(values, days, sem),
  ),
  "gas-t": statistic(
    z
      .strictObject({
        levels: z.array(z.number().min(-3).max(2)).min(1).max(100),
        weights: z.array(z.number().positive().max(1e6)).max(100),
      })
      .refine((one) => one.levels.length === one.weights.length, {
        path: ["weights"],
        message: "is not as long as levels",
      }),
    ({ levels, weights }) => ({ t: goalAttainmentT(levels, weights) }),
  ),
  verdict: statistic(
    z
      .strictObject({
        instrument: z.string().max(40),
        measures: z.array(z.strictObject({ authored_at: instant, total: z.number() })).max(500),
      })
      .superRefine(({ instrument, measures }, context) => {
        const found = instrumentNamed(instrument);
        if (found === undefined)
          context.addIssue({ code: "custom", path: ["instrument"], message: "is not known" });
        for (const [index, { total }] of measures.entries())
          if (found !== undefined && (total < found.min || total > found.max))
            context.addIssue({
              code: "custom",
              path: ["measures", index, "total"],
              message: `is outside ${found.min} to ${found.max}`,
            });
      }),
    ({ instrument, measures }) => {
      const found = instrumentNamed(instrument);
      if (found === undefined) throw new TypeError("checked above");
      return decide(
        found,
        measures.map((one) => ({ time: Date.parse(one.authored_at), total: one.total })),
      );
    },
  ),
};

/** The body of `POST statistics/{name}`. */
export const casesSchema = (name: string): z.ZodType<{ cases: unknown[] }> | undefined => {
  const found = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
  return found === undefined ? undefined : z.strictObject({ cases: z.array(found.input).min(1).max(200) });
};

/** The results of checked cases, in their order. */
export function computeCases(name: string, cases: readonly unknown[]): unknown[] {
  const found = statistics[name] as Statistic;
  return cases.map((one) => found.compute(one as never));
}
