import { TrainingReadyError } from "../shared/index.ts";
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

/** What is to be trained: per stage the documents' lengths of an epoch and how steps are cut. */
export type PlannedStage = {
  name: string;
  epochs: number;
  tokensPerStep: number;
  lengths: readonly number[];
  heldOutTokens: number;
};

export type PlanInput = {
  requested: ProfileName;
  stages: readonly PlannedStage[];
  /** Costs by profile: recompute changes them. */
  costs: (profile: ProfileName) => readonly StageCost[];
  /** Row length of a profile on this base; rows at once. */
  rows: (profile: ProfileName) => { length: number; microRows: number };
  startSeconds: number;
  evalEverySteps: number;
  evalMaxRows: number;
  checkpointMinutes: number;
  /** Seconds that the whole run may take; null is no limit. */
  windowSeconds: number | null;
  /** False where costs are an estimate: wider interval. */
  calibrated: boolean;
};

export type Estimate = { p50: number; p90: number; steps: number; tokens: number };
export type Plan = {
  seconds: { p50: number; p90: number };
  profile: ProfileName;
  epochs: number;
  steps: number;
  tokens: number;
  epochScale: number;
  calibrated: boolean;
  alternatives: { profile: ProfileName; seconds: number; reason: string }[];
};

const recomputeFactor = 4 / 3; // training.md part 1: full recompute does one more forward pass in three
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

/** Time, steps and tokens of one profile with its epochs scaled. */
export function estimate(input: PlanInput, profile: ProfileName, epochScale: number): Estimate {
  const { length, microRows } = input.rows(profile);
  const costs = input.costs(profile);
  let [p50, variance, steps, tokens] = [input.startSeconds, 0, 0, 0];
  input.stages.forEach((stage, index) => {
    const cost = costs[index] as StageCost;
    const cut = stage.lengths.flatMap((one) =>
      one <= length
        ? [one]
        : [...Array.from({ length: Math.floor(one / length) }, () => length), one % length],
    );
    const epochs = stage.epochs * epochScale;
    const perEpoch = sum(cut);
    const squares = sum(cut.map((one) => one * one));
    const rowsPerStep = Math.max(1, Math.floor(stage.tokensPerStep / length));
    const rowsPerEpoch = Math.max(1, Math.ceil(perEpoch / (length * 0.99)));
    const stageSteps = Math.floor((rowsPerEpoch * epochs) / rowsPerStep);
    const used = (stageSteps * rowsPerStep) / (rowsPerEpoch * epochs);
    const microBatches = stageSteps * Math.ceil(rowsPerStep / microRows);
    const compute =
      cost.fit.a * microBatches + (cost.fit.b * perEpoch + cost.fit.c * squares) * epochs * used;
    const everySteps = Math.max(1, Math.min(input.evalEverySteps, Math.ceil(rowsPerEpoch / rowsPerStep / 4)));
    const evalTokens = Math.min(stage.heldOutTokens, input.evalMaxRows * length);
    const evaluations = Math.floor(Math.max(0, stageSteps - 1) / everySteps) + 2;
    const evaluation = evaluations * evalTokens * cost.evalPerToken;
    const saves = 1 + compute / (input.checkpointMinutes * 60);
    p50 += compute + stageSteps * cost.update + evaluation + saves * cost.save;
    // Single micro-batches differ by `spread`; how fast the machine is on the whole is known to a tenth of that.
    variance += (compute * cost.fit.spread) ** 2 * (1 / Math.max(1, microBatches) + 0.01);
    steps += stageSteps;
    tokens += Math.round(perEpoch * epochs * used);
  });
  const relative = input.calibrated ? 0.03 : 0.3;
  const p90 = p50 + 1.28 * Math.sqrt(variance + (relative * p50) ** 2);
  return { p50, p90, steps, tokens };
}

/** Profiles after the requested one, cheapest last; memory_efficient is chosen only for memory. */
function fallbacks(requested: ProfileName): ProfileName[] {
  const order: ProfileName[] = ["quality", "balanced", "fast"];
  const at = order.indexOf(requested);
  return at < 0 ? [requested] : order.slice(at);
}

const hours = (seconds: number): string =>
  seconds < 5400 ? `${Math.ceil(seconds)} s` : `${(seconds / 3600).toFixed(1)} h`;

/** Three significant digits, never below the value. */
const roundedUp = (value: number): number => {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Number((Math.ceil(value / unit) * unit).toPrecision(3));
};

/**
 * The requested profile if it fits the window less a 24th of it; else the next cheaper that fits; else fewer epochs.
 * Throws `E_TRAIN_WINDOW` where not even one epoch fits, with the shortest window that would.
 */
export function choosePlan(input: PlanInput): Plan {
  const { requested, windowSeconds } = input;
  const limit = windowSeconds === null ? Number.POSITIVE_INFINITY : windowSeconds * (1 - 1 / 24);
  const order = fallbacks(requested);
  const estimates = new Map(
    (Object.keys(profiles) as ProfileName[]).map((name) => [name, estimate(input, name, 1)]),
  );
  const of = (name: ProfileName): Estimate => estimates.get(name) as Estimate;
  let chosen = order.find((name) => of(name).p90 <= limit);
  let scale = 1;
  let result = chosen === undefined ? undefined : of(chosen);
  if (chosen === undefined || result === undefined) {
    const cheapest = order.toSorted((a, b) => of(a).p50 - of(b).p50)[0] as ProfileName;
    const mostEpochs = Math.max(...input.stages.map((stage) => stage.epochs));
    const least = Math.min(1, 1 / mostEpochs);
    for (scale = 0.95; scale >= least && estimate(input, cheapest, scale).p90 > limit; scale -= 0.05);
    scale = Math.max(scale, least);
    result = estimate(input, cheapest, scale);
    if (result.p90 > limit) {
      const needed = result.p90 / (1 - 1 / 24);
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
    if (p90 > limit) return `takes up to ${hours(p90)}, the window leaves ${hours(limit)}`;
    if (name === "memory_efficient") return "computes more; chosen only where memory asks for it";
    if (!order.includes(name)) return `more than the requested ${requested} asks for`;
    return order.indexOf(name) < order.indexOf(chosen) ? "does not fit" : `${chosen} fits and is preferred`;
  };
  return {
    seconds: { p50: result.p50, p90: result.p90 },
    profile: chosen,
    epochs: Math.max(...input.stages.map((stage) => stage.epochs)) * scale,
    steps: result.steps,
    tokens: result.tokens,
    epochScale: scale,
    calibrated: input.calibrated,
    alternatives: (Object.keys(profiles) as ProfileName[])
      .filter((name) => name !== chosen)
      .map((profile) => ({ profile, seconds: of(profile).p50, reason: reason(profile) })),
  };
}

/** Costs with full recompute: the forward pass runs again in the backward one. */
export function recomputed(cost: StageCost): StageCost {
  const { a, b, c, spread } = cost.fit;
  return { ...cost, fit: { a: a * recomputeFactor, b: b * recomputeFactor, c: c * recomputeFactor, spread } };
}
