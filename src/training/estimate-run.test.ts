import { describe, expect, it } from "vitest";
import { estimateRun } from "./estimate-run.ts";
import { trainedOf, weightsOf } from "./estimated-costs.ts";
import { knownShape } from "./base-shape.ts";
import { loadRecipe } from "./recipe.ts";
import { temporaryFolder, writeSyntheticDataSet } from "./synthetic-data.test-support.ts";

const data = writeSyntheticDataSet(temporaryFolder(), { records: 60 });
const plan = async (machine: string, sets: string[] = [], recipe = "moe") =>
  await estimateRun({
    recipe: loadRecipe(recipe, ["tokens_per_step=1024", "length=1024", ...sets]),
    machine,
    data,
    environment: {},
  });

describe("an estimate for a machine that is not here", () => {
  it("knows the 12B base: 12.2 billion weights, 0.17 billion values trained at rank 16", () => {
    const shape = knownShape("LatitudeGames/Wayfarer-2-12B");
    if (shape === undefined) throw new Error("no shape");
    expect(weightsOf(shape).all / 1e9).toBeCloseTo(12.25, 1);
    // training.md part 1: 2.7 GB of trainable state is 16 bytes a value.
    expect((trainedOf(shape, loadRecipe("moe"), "experts") * 16) / 1e9).toBeCloseTo(2.7, 0);
  });

  it("says that it is one, with a wide interval, memory and cost", async () => {
    const found = await plan("h200", ["price_per_hour=4"]);
    expect(found).toMatchObject({
      basis: "estimated",
      measuredAt: null,
      lengths: "bytes/4",
      device: "NVIDIA H200",
    });
    const { p10, p50, p90 } = found.seconds;
    expect(p90 / p50).toBeGreaterThan(1.3);
    expect(p10).toBeLessThan(p50);
    expect(found.memoryBytes).toBeGreaterThan(24.5e9);
    expect(found.cost?.p50).toBeCloseTo((p50 / 3600) * 4, 2);
    expect(found.alternatives.map((one) => one.profile)).not.toContain(found.profile);
  });

  it("is slower on a slower machine, and refuses one whose memory the base does not fit", async () => {
    expect((await plan("a100-80")).seconds.p50).toBeGreaterThan((await plan("h100-80")).seconds.p50);
    await expect(plan("l40s-48", ["moe.rank=256"])).rejects.toMatchObject({
      code: "E_TRAIN_MEMORY",
      exitCode: 1,
    });
  });

  it("refuses a base made from the seed: that is measured", async () => {
    await expect(plan("h200", [], "tiny")).rejects.toMatchObject({ code: "E_CLI_ARGUMENT" });
  });
});
