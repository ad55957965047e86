import { join } from "node:path";
import { readOwnLines } from "../read-lines.ts";
import { splitNames, type Manifest } from "../schema.ts";
import type { WorkRecord } from "../work-record.ts";

/** Counts by range; `from` inclusive, the last range is open. */
export type Histogram = { from: number; count: number }[];

/** What a pass over all records counts; no text. */
export type Distributions = {
  turns: Histogram;
  tokens: Histogram;
  quality: Histogram;
  /** Records by shape of the input. */
  shapes: Record<string, number>;
  /** Replaced places by type of personal data. */
  personal: Record<string, number>;
  repairs: Record<string, number>;
};

const turnSteps = [2, 3, 4, 6, 8, 12, 16, 24, 32, 64];
const tokenSteps = [0, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
const qualitySteps = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

class Counter {
  private readonly counts: number[];
  private readonly steps: readonly number[];
  constructor(steps: readonly number[]) {
    this.steps = steps;
    this.counts = steps.map(() => 0);
  }
  add(value: number): void {
    const at = Math.max(
      0,
      this.steps.findLastIndex((from) => value >= from),
    );
    this.counts[at] = (this.counts[at] as number) + 1;
  }
  get histogram(): Histogram {
    return this.steps.map((from, index) => ({ from, count: this.counts[index] as number }));
  }
}

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));

/** Reads every record of a data set once. */
export async function countDistributions(out: string, manifest: Manifest): Promise<Distributions> {
  const [turns, tokens, quality] = [turnSteps, tokenSteps, qualitySteps].map(
    (steps) => new Counter(steps),
  ) as [Counter, Counter, Counter];
  const maps = {
    shapes: new Map<string, number>(),
    personal: new Map<string, number>(),
    repairs: new Map<string, number>(),
  };
  const add = (map: Map<string, number>, name: string, count = 1): void =>
    void map.set(name, (map.get(name) ?? 0) + count);
  for (const split of splitNames) {
    for (const { path } of manifest.splits[split].shards) {
      for await (const { messages, labels, provenance } of readOwnLines<WorkRecord>(join(out, path))) {
        turns.add(messages.filter(({ role }) => role === "user" || role === "assistant").length);
        tokens.add(messages.reduce((sum, { content }) => sum + Math.ceil(Buffer.byteLength(content) / 4), 0));
        quality.add(typeof labels["quality"] === "number" ? labels["quality"] : 0);
        add(maps.shapes, provenance.shape);
        for (const repair of provenance.repairs.split(" ")) if (repair !== "") add(maps.repairs, repair);
        const personal = typeof labels["pii"] === "string" ? labels["pii"] : "";
        for (const one of personal.split(" ")) {
          const [type, count] = one.split(":");
          if (type !== undefined && count !== undefined) add(maps.personal, type, Number(count));
        }
      }
    }
  }
  return {
    turns: turns.histogram,
    tokens: tokens.histogram,
    quality: quality.histogram,
    shapes: sorted(maps.shapes),
    personal: sorted(maps.personal),
    repairs: sorted(maps.repairs),
  };
}
