import { availableParallelism, loadavg } from "node:os";
import { TrainingReadyError } from "../../shared/index.ts";
import { engineBase } from "../http/engine-server.ts";
import { seeded, spread, wilson, type Share, type Spread } from "./statistics.ts";
import { pairRatios, type Marked, type PairReport } from "./pairs.ts";
import { timedRequest, type Mark, type Timed } from "./timed-request.ts";

export const benchProfiles = ["sweep", "rate", "concurrency", "replay"] as const;
export type BenchProfile = (typeof benchProfiles)[number];
export type Slo = { ttft?: number; itl?: number };

export type BenchStep = {
  target: "target" | "direct";
  load: string;
  requests: number;
  errors: Record<string, number>;
  ttftMs: Spread;
  itlMs: Spread;
  totalMs: Spread;
  tokensPerSecond: number | null;
  requestsPerSecond: number;
  /** Requests inside every limit of the service level, of all; null without one. */
  goodput: Share | null;
};
export type BenchReport = {
  profile: BenchProfile;
  model: string;
  steps: BenchStep[];
  /** Replies through the target beside the same from the engine, where both were measured one by one. */
  pairs: PairReport | null;
  /** What was asked, so that only like is compared with like. */
  settings: { requests: number; maxTokens: number; slo: Slo };
  host: { cores: number; load: number; isBusy: boolean };
  samples: (Timed & { target: string; load: string })[];
};

// Synthetic and harmless, so that the screen lets them through to the model.
const prompts = [
  "Please describe a quiet morning by a lake.",
  "What helps people to plan their week?",
  "Name three kinds of trees and where they grow.",
  "How is bread made at home?",
  "Tell me about the colours of autumn.",
];
const warmUps = 2;

type Job = { base: string; model: string; target: "target" | "direct" };
type Run = { step: string; job: Job; timed: Timed[]; seconds: number; marks?: Mark[][] };

async function modelOf(base: string): Promise<string> {
  try {
    const response = await fetch(`${base}/v1/models`, { signal: AbortSignal.timeout(10_000) });
    const body = (await response.json()) as { data?: { id?: unknown }[] };
    const id = body.data?.[0]?.id;
    if (typeof id === "string") return id;
  } catch (cause) {
    throw new TrainingReadyError("E_BENCH_TARGET", `nothing answers GET /v1/models at ${base}`, { cause });
  }
  throw new TrainingReadyError("E_BENCH_TARGET", `${base} lists no model`);
}

type Settings = { requests: number; maxTokens: number };

const ask = (
  job: Job,
  at: number,
  { maxTokens }: Settings,
  options: { dueAt?: number; marks?: Mark[] } = {},
): Promise<Timed> =>
  timedRequest(job.base, {
    model: job.model,
    prompt: prompts[at % prompts.length] as string,
    maxTokens,
    dueAt: options.dueAt ?? performance.now(),
    ...(options.marks === undefined ? {} : { marks: options.marks }),
  });

/** Closed loop: so many readers, each asks again once it has its reply. */
async function closedLoop(job: Job, readers: number, settings: Settings): Promise<Run> {
  const timed: Timed[] = [];
  let next = 0;
  const startedAt = performance.now();
  const reader = async (): Promise<void> => {
    while (next < settings.requests) timed.push(await ask(job, next++, settings));
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return { step: `${readers} at a time`, job, timed, seconds: (performance.now() - startedAt) / 1000 };
}

/** Open loop: requests come at random moments whether or not the earlier ones are answered. */
async function openLoop(job: Job, perSecond: number, settings: Settings): Promise<Run> {
  const random = seeded(7);
  const startedAt = performance.now();
  let dueAt = startedAt;
  const pending: Promise<Timed>[] = [];
  for (let at = 0; at < settings.requests; at++) {
    dueAt += (-Math.log(1 - random()) / perSecond) * 1000;
    await new Promise((wait) => setTimeout(wait, Math.max(0, dueAt - performance.now())));
    pending.push(ask(job, at, settings, { dueAt }));
  }
  const timed = await Promise.all(pending);
  return {
    step: `${perSecond.toFixed(2)} a second`,
    job,
    timed,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/**
 * The same prompts one by one, targets in turn, so that all see the same machine; the engine twice, so that what it differs
 * from itself is known.
 */
async function replay(jobs: readonly Job[], settings: Settings): Promise<Run[]> {
  const [target, direct] = jobs;
  const all = direct === undefined ? [target as Job] : [target as Job, direct, direct];
  const runs = all.map((job, at): Run => ({
    step: at < 2 ? "one at a time" : "one at a time, again",
    job,
    timed: [],
    seconds: 0,
    marks: [],
  }));
  for (let at = 0; at < settings.requests; at++)
    for (let turn = 0; turn < runs.length; turn++) {
      const run = runs[(at + turn) % runs.length] as Run;
      const marks: Mark[] = [];
      const timed = await ask(run.job, at, settings, { marks });
      run.timed.push(timed);
      run.marks?.push(marks);
      run.seconds += timed.totalMs / 1000;
    }
  return runs;
}

async function runsOf(profile: BenchProfile, jobs: readonly Job[], settings: Settings): Promise<Run[]> {
  if (profile === "replay") return replay(jobs, settings);
  const runs: Run[] = [];
  for (const job of jobs) {
    if (profile === "concurrency") {
      for (const readers of [1, 2, 4]) runs.push(await closedLoop(job, readers, settings));
      continue;
    }
    const closed = await closedLoop(job, 2, settings);
    const capacity = Math.max(0.05, closed.timed.filter(({ ok }) => ok).length / closed.seconds);
    const shares = profile === "rate" ? [0.7] : [0.25, 0.5, 0.75, 1, 1.25];
    for (const share of shares) runs.push(await openLoop(job, capacity * share, settings));
  }
  return runs;
}

const numbers = (values: readonly (number | null)[]): number[] => values.filter((one) => one !== null);

function stepOf({ step, job, timed, seconds }: Run, slo: Slo): BenchStep {
  const good = timed.filter(({ ok }) => ok);
  const errors: Record<string, number> = {};
  for (const { ok, code } of timed) if (!ok) errors[code] = (errors[code] ?? 0) + 1;
  const isInside = ({ ttftMs, itlMs }: Timed): boolean =>
    (slo.ttft === undefined || (ttftMs ?? Infinity) <= slo.ttft) &&
    (slo.itl === undefined || (itlMs ?? 0) <= slo.itl);
  const tokens = good.reduce((sum, one) => sum + one.tokens, 0);
  return {
    target: job.target,
    load: step,
    requests: timed.length,
    errors,
    ttftMs: spread(numbers(good.map(({ ttftMs }) => ttftMs))),
    itlMs: spread(numbers(good.map(({ itlMs }) => itlMs))),
    totalMs: spread(good.map(({ totalMs }) => totalMs)),
    tokensPerSecond: seconds > 0 ? tokens / seconds : null,
    requestsPerSecond: seconds > 0 ? good.length / seconds : 0,
    goodput:
      slo.ttft === undefined && slo.itl === undefined
        ? null
        : wilson(good.filter(isInside).length, timed.length),
  };
}

function pairsOf(runs: readonly Run[]): PairReport | null {
  const [target, direct, again] = runs.map(({ timed, marks }) =>
    timed.map((one, at): Marked => ({ timed: one, marks: marks?.[at] ?? [] })),
  );
  if (target === undefined || direct === undefined || again === undefined || runs[0]?.marks === undefined)
    return null;
  return { service: pairRatios(target, direct), noise: pairRatios(again, direct) };
}

/** Measures a server, and an engine beside it if named. Throws `E_BENCH_TARGET` where nothing answers. */
export async function measureLoad(options: {
  target: string;
  direct?: string;
  profile: BenchProfile;
  slo: Slo;
  requests: number;
  maxTokens: number;
}): Promise<BenchReport> {
  const urls = [
    { url: options.target, target: "target" as const },
    ...(options.direct === undefined ? [] : [{ url: options.direct, target: "direct" as const }]),
  ];
  const jobs = await Promise.all(
    urls.map(async ({ url, target }): Promise<Job> => {
      const base = engineBase(url);
      return { base, target, model: await modelOf(base) };
    }),
  );
  for (const job of jobs)
    for (let at = 0; at < warmUps; at++) {
      const { ok, code } = await ask(job, at, options);
      if (!ok && code !== "http_503")
        throw new TrainingReadyError(
          "E_BENCH_TARGET",
          `${job.base} does not answer a chat request (${code})`,
        );
    }
  const runs = await runsOf(options.profile, jobs, options);
  const cores = availableParallelism();
  const load = loadavg()[0] as number;
  return {
    profile: options.profile,
    model: (jobs[0] as Job).model,
    steps: runs.map((run) => stepOf(run, options.slo)),
    pairs: pairsOf(runs),
    settings: { requests: options.requests, maxTokens: options.maxTokens, slo: options.slo },
    host: { cores, load, isBusy: load > cores },
    samples: runs.flatMap(({ step, job, timed }) =>
      timed.map((one) => ({ target: job.target, load: step, ...one })),
    ),
  };
}
