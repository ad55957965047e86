import { TrainingReadyError } from "../shared/index.ts";
import { packRows } from "./pack.ts";
import { profiles, type ProfileName } from "./profiles.ts";

/** What one stage costs here: measured by the worker's `calibrate`, or estimated from its size. */
export type StageCost = {
  name: string;
  /** Seconds of a micro-batch: a + b·T + c·Σℓ². `spread` is the share by which single ones differ. */
  fit: { a: number; b: number; c: number; spread: number };
  update: number;
  evalPerToken: number;
  save: number;
};

/** What is to be trained: per stage the documents' lengths of an epoch (copies included) and how steps are cut. */
export type PlannedStage = {
  name: string;
  epochs: number;
  tokensPerStep: number;
  lengths: readonly number[];
  heldOutTokens: number;
};

/** Rows of a profile on this base and machine, and the memory that they take. */
export type ProfileRows = {
  length: number;
  microRows: number;
  recompute: "none" | "mlp" | "full";
  memoryBytes: number;
  fits: boolean;
};

export type PlanInput = {
  requested: ProfileName;
  stages: readonly PlannedStage[];
  /** Costs by profile: recompute changes them. */
  costs: (profile: ProfileName) => readonly StageCost[];
  rows: (profile: ProfileName) => ProfileRows;
  startSeconds: number;
  evalEverySteps: number;
  evalMaxRows: number;
  checkpointEverySteps: number | null;
  checkpointMinutes: number;
  /** Seconds that the whole run may take; null is no limit. */
  windowSeconds: number | null;
  /** Relative error of the costs as a whole, one standard deviation: small where they were measured. */
  relativeError: number;
};

export type Estimate = { p10: number; p50: number; p90: number; steps: number; tokens: number };
export type Plan = {
  seconds: { p10: number; p50: number; p90: number };
  profile: ProfileName;
  rows: ProfileRows;
  epochs: number;
  steps: number;
  tokens: number;
  epochScale: number;
  alternatives: { profile: ProfileName; seconds: number; reason: string }[];
};

export const marginShare = 1 / 24; // of the window: training.md part 3
const exactPacking = 50_000; // documents up to which rows are packed as the order file will have them
const recomputeFactor = 4 / 3; // training.md part 1: full recompute does one more forward pass in three
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

const packed = new WeakMap<
  readonly number[],
  Map<number, { rows: number; tokens: number; squares: number }>
>();

/** An epoch's rows, tokens and sum of squared lengths at a row length; packed once for each. */
function epochOf(
  lengths: readonly number[],
  length: number,
): { rows: number; tokens: number; squares: number } {
  const known = packed.get(lengths) ?? new Map<number, { rows: number; tokens: number; squares: number }>();
  packed.set(lengths, known);
  const found = known.get(length);
  if (found !== undefined) return found;
  const cut = lengths.flatMap((one) =>
    one <= length
      ? [one]
      : [
          ...Array.from({ length: Math.floor(one / length) }, () => length),
          ...(one % length ? [one % length] : []),
        ],
  );
  const tokens = sum(cut);
  const rows =
    cut.length <= exactPacking
      ? packRows(
          cut.map((_, index) => index),
          cut,
          length,
        ).length
      : Math.ceil(tokens / (length * 0.99));
  const result = { rows, tokens, squares: sum(cut.map((one) => one * one)) };
  known.set(length, result);
  return result;
}

/** Time, steps and tokens of one profile with its epochs scaled; counts steps as the order file does. */
export function estimate(input: PlanInput, profile: ProfileName, epochScale: number): Estimate {
  const { length, microRows } = input.rows(profile);
  const costs = input.costs(profile);
  let [p50, variance, steps, tokens] = [input.startSeconds, 0, 0, 0];
  input.stages.forEach((stage, index) => {
    const cost = costs[index] as StageCost;
    const isLast = index === input.stages.length - 1;
    const epoch = epochOf(stage.lengths, length);
    const epochs = stage.epochs * epochScale;
    const rowsPerStep = Math.max(1, Math.floor(stage.tokensPerStep / length));
    const whole = Math.floor(epochs);
    const rows = whole * epoch.rows + Math.ceil(epoch.rows * (epochs - whole));
    const stageSteps = Math.floor(rows / rowsPerStep);
    const used = epoch.rows === 0 ? 0 : (stageSteps * rowsPerStep) / epoch.rows; // in epochs
    const microBatches = stageSteps * Math.ceil(rowsPerStep / microRows);
    const compute =
      cost.fit.a * microBatches + (cost.fit.b * epoch.tokens + cost.fit.c * epoch.squares) * used;
    const stepsPerEpoch = Math.max(1, Math.round(epoch.rows / rowsPerStep));
    const everySteps = Math.max(1, Math.min(input.evalEverySteps, Math.ceil(stepsPerEpoch / 4)));
    const someHeldOut = Math.min(stage.heldOutTokens, input.evalMaxRows * length);
    const atIntervals = Math.floor(Math.max(0, stageSteps - 1) / everySteps);
    const evalTokens = someHeldOut * (atIntervals + 1) + (isLast ? stage.heldOutTokens : someHeldOut);
    const bySteps =
      input.checkpointEverySteps === null ? 0 : Math.floor(stageSteps / input.checkpointEverySteps);
    const saves = (index === 0 ? 2 : 1) + Math.max(bySteps, compute / (input.checkpointMinutes * 60));
    p50 += compute + stageSteps * cost.update + evalTokens * cost.evalPerToken + saves * cost.save;
    // Single micro-batches differ by `spread`; how fast the machine is on the whole is known to a tenth of that.
    variance += (compute * cost.fit.spread) ** 2 * (1 / Math.max(1, microBatches) + 0.01);
    steps += stageSteps;
    tokens += Math.round(epoch.tokens * used);
  });
  const deviation = Math.sqrt(variance + (input.relativeError * p50) ** 2);
  return { p10: Math.max(p50 / 3, p50 - 1.28 * deviation), p50, p90: p50 + 1.28 * deviation, steps, tokens };
}

/** Profiles after the requested one, cheapest last; memory_efficient is chosen only for memory. */
function fallbacks(input: PlanInput): ProfileName[] {
  const { requested } = input;
  const order: ProfileName[] = ["quality", "balanced", "fast"];
  const at = order.indexOf(requested);
  const named = at < 0 ? [requested] : order.slice(at);
  const fitting = [...named, "memory_efficient" as const].filter((name) => input.rows(name).fits);
  const timed = fitting.filter((name) => name !== "memory_efficient" || requested === name);
  if (timed.length > 0) return timed;
  if (fitting.length > 0) return fitting.slice(0, 1);
  const { length, memoryBytes } = input.rows("memory_efficient");
  throw new TrainingReadyError(
    "E_TRAIN_MEMORY",
    `one row of ${length} tokens with full recompute takes ${gigabytes(memoryBytes)}, more than the machine has`,
    {
      exitCode: 1,
      hint: `Use --set length=${Math.max(16, length >> 1)}, a smaller base, or a machine with more memory.`,
    },
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const hours = (seconds: number): string =>
  seconds < 5400 ? `${Math.ceil(seconds)} s` : `${(seconds / 3600).toFixed(1)} h`;

/** Three significant digits, never below the value. */
const roundedUp = (value: number): number => {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Number((Math.ceil(value / unit) * unit).toPrecision(3));
};

/**
 * The requested profile if it fits memory and the window less a 24th of it; else the next cheaper that fits; else
 * fewer epochs. Throws `E_TRAIN_WINDOW` where not even one epoch fits, with the shortest window that would, and
 * `E_TRAIN_MEMORY` where not even one row fits.
 */
export function choosePlan(input: PlanInput): Plan {
  const { requested, windowSeconds } = input;
  const limit = windowSeconds === null ? Number.POSITIVE_INFINITY : windowSeconds * (1 - marginShare);
  const order = fallbacks(input);
  const names = Object.keys(profiles) as ProfileName[];
  const estimates = new Map(names.map((name) => [name, estimate(input, name, 1)]));
  const of = (name: ProfileName): Estimate => estimates.get(name) as Estimate;
  let chosen = order.find((name) => of(name).p90 <= limit);
  let scale = 1;
  let result = chosen === undefined ? undefined : of(chosen);
  if (chosen === undefined || result === undefined) {
    const cheapest = order.toSorted((a, b) => of(a).p50 - of(b).p50)[0] as ProfileName;
    const mostEpochs = Math.max(...input.stages.map((stage) => stage.epochs));
    const least = Math.min(1, 1 / mostEpochs);
    for (scale = 0.98; scale >= least && estimate(input, cheapest, scale).p90 > limit; scale -= 0.02);
    scale = Math.max(scale, least);
    result = estimate(input, cheapest, scale);
    if (result.p90 > limit) {
      const needed = result.p90 / (1 - marginShare);
      throw new TrainingReadyError(
        "E_TRAIN_WINDOW",
        `one epoch takes ${hours(result.p90)}, the window is ${hours(windowSeconds as number)}`,
        {
          exitCode: 1,
          hint: `Use --set window_hours=${roundedUp(needed / 3600)} or less data.`,
        },
      );
    }
    chosen = cheapest;
  }
  const reason = (name: ProfileName): string => {
    const { p90 } = of(name);
    const rows = input.rows(name);
    const same = input.rows(chosen);
    if (!rows.fits) return `takes ${gigabytes(rows.memoryBytes)} of memory, more than the machine has`;
    if (rows.length === same.length && rows.recompute === same.recompute)
      return `the same rows of ${rows.length} tokens: the recipe or the base fixes them`;
    if (p90 > limit) return `takes up to ${hours(p90)}, the window leaves ${hours(limit)}`;
    if (name === "memory_efficient") return "computes more; chosen only where memory asks for it";
    if (!order.includes(name)) return `longer rows than the requested ${requested} has`;
    return `${chosen} fits and keeps more of a conversation in a row`;
  };
  const { p10, p50, p90 } = result;
  return {
    seconds: { p10, p50, p90 },
    profile: chosen,
    rows: input.rows(chosen),
    epochs: Math.max(...input.stages.map((stage) => stage.epochs)) * scale,
    steps: result.steps,
    tokens: result.tokens,
    epochScale: scale,
    alternatives: names
      .filter((name) => name !== chosen)
      .map((profile) => ({ profile, seconds: of(profile).p50, reason: reason(profile) })),
  };
}

/** Costs with full recompute: the forward pass runs again in the backward one. */
export function recomputed(cost: StageCost): StageCost {
  const { a, b, c, spread } = cost.fit;
  return { ...cost, fit: { a: a * recomputeFactor, b: b * recomputeFactor, c: c * recomputeFactor, spread } };
}
