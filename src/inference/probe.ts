import { existsSync, readFileSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256, writeFileAtomic } from "../shared/index.ts";
import { processorName, threadsFor, usableCores } from "./cores.ts";

/** How llama.cpp computes: threads, and tokens of a prompt in one step, between which a cancel acts. */
export type Tuning = { threads: number; batch: number };

/** What one setting reached. */
export type Probed = Tuning & { prefillTokensPerSecond: number; decodeTokensPerSecond: number };

export const probeBudgetMs = 3000;
const turn = { prompt: 128, reply: 64 };

/** Settings worth a try, the likely best first, for a probe that runs out of time tries no more. */
export function probeCandidates(cores: number): Tuning[] {
  const threads = [...new Set([threadsFor(cores), 1, cores, Math.max(1, cores - 1)])];
  return threads.flatMap((one) => [256, 64].map((batch) => ({ threads: one, batch })));
}

/** Seconds of a typical turn at a setting's speeds. */
export const turnSeconds = ({ prefillTokensPerSecond, decodeTokensPerSecond }: Probed): number =>
  turn.prompt / prefillTokensPerSecond + turn.reply / decodeTokensPerSecond;

// llama.cpp's threads wait for each other at every step: on all cores a token waits for whatever else runs, and beside a
// service that always is something (71 tokens a second on both of two cores where one thread made 175).
const allCoresMustBe = 1.25;

/**
 * The setting with the shortest typical turn, one on every core only where it is quicker by a quarter; of equals within
 * 3 % the one with fewer threads, then the larger batch.
 */
export function bestProbed(probed: readonly Probed[], cores = usableCores()): Probed | undefined {
  // One token at a time fits any batch: the quickest decoding of a number of threads counts for all of their batches.
  const seconds = probed.map((one) => {
    const alike = probed.filter(({ threads }) => threads === one.threads);
    const own = turnSeconds({
      ...one,
      decodeTokensPerSecond: Math.max(...alike.map((other) => other.decodeTokensPerSecond)),
    });
    return one.threads >= cores && cores > 1 ? own * allCoresMustBe : own;
  });
  const least = Math.min(...seconds);
  return probed
    .filter((_, at) => (seconds[at] as number) <= least * 1.03)
    .toSorted((a, b) => a.threads - b.threads || b.batch - a.batch)[0];
}

/** What a probe's result holds for: processor, cores it may use, model file. */
async function keyOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const head = Buffer.alloc(Math.min(size, 65_536));
    await file.read(head, 0, head.length, 0);
    return sha256(
      `${processorName()}|${usableCores()}|${size}|${mtimeMs}|${sha256(head.toString("latin1"))}`,
    );
  } finally {
    await file.close();
  }
}

const fileOf = (folder: string, key: string): string => join(folder, "probes", `${key}.json`);

/** What an earlier probe of this model on this machine found, from the cache. */
export async function keptProbe(folder: string, path: string): Promise<Probed[] | undefined> {
  const file = fileOf(folder, await keyOf(path));
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Probed[];
  } catch {
    return undefined; // a damaged cache is measured anew
  }
}

/** Keeps a probe's result for the next start. */
export async function keepProbe(folder: string, path: string, probed: readonly Probed[]): Promise<void> {
  const file = fileOf(folder, await keyOf(path));
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify(probed)}\n`);
}
