import { describe, expect, it } from "vitest";
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
  rows: (profile) => ({ length: profiles[profile].length, microRows: 1 }),
  startSeconds: 4,
  evalEverySteps: 500,
  evalMaxRows: 16,
  checkpointMinutes: 10,
  windowSeconds: null,
  calibrated: true,
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
    expect(width(choosePlan(input({ calibrated: false })))).toBeGreaterThan(width(choosePlan(input())) + 0.2);
  });
});
