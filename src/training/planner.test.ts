import { describe, expect, it } from "vitest";
import { stageOrder } from "./order.ts";
import { choosePlan, estimate, type PlanInput, type StageCost } from "./planner.ts";
import { profiles } from "./profiles.ts";

const cost: StageCost = {
  name: "train",
  fit: { a: 0.001, b: 1e-4, c: 1e-7, spread: 0.1 },
  update: 0.002,
  evalPerToken: 3e-5,
  save: 0.05,
};
const input = (more: Partial<PlanInput> = {}): PlanInput => ({
  requested: "quality",
  stages: [
    {
      name: "train",
      epochs: 3,
      tokensPerStep: 8192,
      lengths: Array.from({ length: 2000 }, (_, index) => 200 + (index % 7) * 300),
      heldOutTokens: 50_000,
    },
  ],
  costs: () => [cost],
  rows: (profile) => ({
    length: profiles[profile].length,
    microRows: 1,
    recompute: profiles[profile].recompute,
    memoryBytes: 1e9,
    fits: true,
  }),
  startSeconds: 4,
  evalEverySteps: 500,
  evalMaxRows: 16,
  checkpointEverySteps: null,
  checkpointMinutes: 10,
  windowSeconds: null,
  relativeError: 0.03,
  ...more,
});

describe("choosePlan", () => {
  it("takes the requested profile without a window, or in one that is long enough", () => {
    expect(choosePlan(input())).toMatchObject({ profile: "quality", epochs: 3, epochScale: 1 });
    const { p90 } = estimate(input(), "quality", 1);
    expect(choosePlan(input({ windowSeconds: p90 * 1.05 })).profile).toBe("quality");
  });

  it("takes the next cheaper profile that fits, then fewer epochs, and says why the others lost", () => {
    const [quality, fast] = [estimate(input(), "quality", 1), estimate(input(), "fast", 1)];
    expect(fast.p90).toBeLessThan(quality.p90);
    const cheaper = choosePlan(input({ windowSeconds: quality.p90 * 1.02 }));
    expect(["balanced", "fast"]).toContain(cheaper.profile);
    expect(cheaper.alternatives.find((one) => one.profile === "quality")?.reason).toMatch(/takes up to/);
    const fewer = choosePlan(input({ windowSeconds: fast.p50 * 0.7 }));
    expect(fewer.epochs).toBeLessThan(3);
    expect(fewer.epochs).toBeGreaterThanOrEqual(1);
    expect(fewer.seconds.p90).toBeLessThanOrEqual(fast.p50 * 0.7);
  });

  it("refuses a window under one epoch and names the shortest that fits", () => {
    expect(() => choosePlan(input({ windowSeconds: 10 }))).toThrow(/one epoch takes/);
    try {
      choosePlan(input({ windowSeconds: 10 }));
    } catch (error) {
      const needed = Number(/window_hours=([\d.]+)/.exec((error as { hint: string }).hint)?.[1]);
      const { epochs } = choosePlan(input({ windowSeconds: needed * 3600 }));
      expect(epochs).toBeGreaterThanOrEqual(0.999);
      expect(epochs).toBeLessThan(1.2);
    }
  });

  it("gives an estimate a wider interval than a measurement", () => {
    const width = ({ seconds }: { seconds: { p50: number; p90: number } }): number =>
      seconds.p90 / seconds.p50;
    expect(width(choosePlan(input({ relativeError: 0.3 })))).toBeGreaterThan(
      width(choosePlan(input())) + 0.2,
    );
  });

  it("takes a shorter profile where memory asks for it, then full recompute, and says how much is missing", () => {
    const fitting = (names: string[]): Partial<PlanInput> => ({
      requested: "balanced",
      rows: (profile) => ({ ...input().rows(profile), memoryBytes: 90e9, fits: names.includes(profile) }),
    });
    const shorter = choosePlan(input(fitting(["fast", "memory_efficient"])));
    expect(shorter.profile).toBe("fast");
    expect(shorter.alternatives.find((one) => one.profile === "balanced")?.reason).toContain("90.0 GB");
    expect(choosePlan(input(fitting(["memory_efficient"]))).profile).toBe("memory_efficient");
    expect(() => choosePlan(input(fitting([])))).toThrow(
      expect.objectContaining({
        code: "E_TRAIN_MEMORY",
        hint: expect.stringContaining("length=1024") as string,
      }),
    );
  });

  it("counts steps as the order file has them", () => {
    const lengths = Array.from({ length: 157 }, (_, index) => 17 + ((index * 37) % 200));
    const stage = { name: "train", epochs: 2.5, tokensPerStep: 600, lengths, heldOutTokens: 0 };
    const rows = { length: 256, microRows: 1, recompute: "none" as const, memoryBytes: 0, fits: true };
    const found = estimate(input({ stages: [stage], rows: () => rows }), "balanced", 1);
    const train = lengths.map((length, index) => ({
      offset: 0,
      length,
      supervised: 1,
      domain: "d",
      id: String(index),
      stage: null,
      source: null,
      labels: {},
    }));
    const order = stageOrder(
      { ...stage, weights: [], train, validation: [] },
      { seed: 1, length: 256, dataRoot: "x" },
    );
    expect(found.steps).toBe(order.steps.length);
  });
});
