import { loadavg } from "node:os";
import { usableCores } from "../cores.ts";
import { startLlama } from "../llama-engine.ts";
import {
  bestProbed,
  probeBudgetMs,
  probeCandidates,
  turnSeconds,
  type Probed,
  type Tuning,
} from "../probe.ts";

const batches = [512, 256, 128, 64, 32];
const rounds = 3;

/** One setting of the grid, and how long a turn of 128 prompt tokens and 64 of the reply takes with it. */
export type GridSetting = Probed & { turnSeconds: number };
export type OptimizerReport = {
  cores: number;
  /** What three seconds of probing chose. */
  chosen: Tuning;
  /** The chosen setting, the best one and llama.cpp's binding's own default as the grid measured them. */
  measured: { chosen: GridSetting; best: GridSetting; libraryDefault: GridSetting | null };
  /** Speed of the chosen setting over the best one's: 1 is as good as the whole grid. */
  shareOfBest: number;
  /** Null where the default did not end in two minutes, which is slower than any grid. */
  timesLibraryDefault: number | null;
  probe: { milliseconds: number; settings: readonly Probed[] };
  grid: GridSetting[];
  host: { cores: number; load: number; isBusy: boolean };
};

/** What node-llama-cpp takes by itself: four threads at least, and batches of 512. */
const libraryDefaultOf = (cores: number): Tuning => ({ threads: Math.max(4, cores), batch: 512 });

function gridOf(cores: number): Tuning[] {
  const threads = new Set([...Array.from({ length: Math.min(cores, 16) }, (_, at) => at + 1), cores]);
  return [...threads].flatMap((one) => batches.map((batch) => ({ threads: one, batch })));
}

async function measuredBy(
  path: string,
  context: number,
  probe: { candidates: readonly Tuning[]; budgetMs: number },
): Promise<readonly Probed[]> {
  const engine = await startLlama({ path, context, slots: 1, probe, notice: () => undefined });
  await engine.stop();
  return engine.probed;
}

const isSame = (a: Tuning, b: Tuning): boolean => a.threads === b.threads && a.batch === b.batch;

/** The best that several measurements of a setting found: whatever else the machine does only makes it slower. */
function bestOf(found: readonly Probed[], setting: Tuning): GridSetting | undefined {
  const all = found.filter((one) => isSame(one, setting));
  if (all.length === 0) return undefined;
  const speeds = {
    prefillTokensPerSecond: Math.max(...all.map((one) => one.prefillTokensPerSecond)),
    decodeTokensPerSecond: Math.max(...all.map((one) => one.decodeTokensPerSecond)),
  };
  const best = { ...setting, ...speeds };
  return { ...best, turnSeconds: turnSeconds(best) };
}

async function measuredDefault(path: string, context: number, cores: number): Promise<GridSetting | null> {
  const setting = libraryDefaultOf(cores);
  try {
    const found = await measuredBy(path, context, { candidates: [setting], budgetMs: probeBudgetMs });
    return bestOf(found, setting) ?? null;
  } catch {
    return null; // more threads than cores can be hundreds of times slower
  }
}

/** What a probe's choice is worth beside a grid. The grid holds the chosen setting; a setting may be measured several times. */
export function judgeChoice(
  settings: readonly Probed[],
  grid: readonly Probed[],
  libraryDefault: GridSetting | null,
): Pick<OptimizerReport, "chosen" | "measured" | "shareOfBest" | "timesLibraryDefault" | "grid"> {
  const chosen = bestProbed(settings);
  const distinct = grid.filter((one, at) => grid.findIndex((other) => isSame(one, other)) === at);
  const all = distinct.map((one) => bestOf(grid, one)).filter((one) => one !== undefined);
  const best = all.toSorted((a, b) => a.turnSeconds - b.turnSeconds)[0];
  if (chosen === undefined || best === undefined) throw new Error("nothing was measured");
  const mine = bestOf(grid, chosen) ?? { ...chosen, turnSeconds: turnSeconds(chosen) };
  return {
    chosen: { threads: chosen.threads, batch: chosen.batch },
    measured: { chosen: mine, best, libraryDefault },
    shareOfBest: best.turnSeconds / mine.turnSeconds,
    timesLibraryDefault: libraryDefault === null ? null : libraryDefault.turnSeconds / mine.turnSeconds,
    grid: all,
  };
}

/**
 * Lets the planner choose threads and batch as `serve` does, then measures a whole grid of them on the same file, and says
 * what the choice is worth. Throws as `startLlama` does.
 */
export async function measureOptimizer(
  path: string,
  { context, gridMs = 30_000 }: { context: number; gridMs?: number },
): Promise<OptimizerReport> {
  const cores = usableCores();
  const startedAt = performance.now();
  const settings = await measuredBy(path, context, {
    candidates: probeCandidates(cores),
    budgetMs: probeBudgetMs,
  });
  const milliseconds = Math.round(performance.now() - startedAt);
  const grid = gridOf(cores);
  const chosen = bestProbed(settings) as Probed;
  const candidates = grid.some((one) => isSame(one, chosen)) ? grid : [chosen, ...grid];
  const found: Probed[] = [];
  // Rounds over the whole grid, so that a busy spell does not fall on one setting alone.
  for (let round = 0; round < rounds; round++)
    found.push(...(await measuredBy(path, context, { candidates, budgetMs: gridMs / rounds })));
  const judged = judgeChoice(settings, found, await measuredDefault(path, context, cores));
  const load = loadavg()[0] as number;
  return {
    cores,
    ...judged,
    probe: { milliseconds, settings },
    host: { cores, load, isBusy: load > cores },
  };
}
