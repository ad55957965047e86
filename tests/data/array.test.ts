import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readManifest, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const home = () =>
  scratch({
    "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }], { unit_bytes: 20_000 }),
    "a.jsonl": syntheticPairs(400, 8)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  });

describe("data process as a job array", () => {
  it("does every unit once over its tasks, and publishing gives the root that one process gives", async () => {
    const folder = home();
    expect((await runIn(folder, "data", "build", "--out", "alone")).code).toBe(0);
    let units = 0;
    for (const index of [2, 0, 1]) {
      const task = ["--engine", "array", "--work", "shared", "--index", String(index), "--of", "3"];
      const { code, out } = await runIn(folder, "data", "process", ...task, "--json");
      expect(code).toBe(0);
      const said = JSON.parse(out) as { units: number; ofUnits: number };
      expect(said.units).toBeLessThan(said.ofUnits);
      units += said.units;
      if (index === 1) expect(units).toBe(said.ofUnits);
    }
    const files = readdirSync(join(folder, "shared/units"), { recursive: true, encoding: "utf8" }).sort();
    expect((await runIn(folder, "data", "synthesize", "--work", "shared", "--out", "out")).code).toBe(0);
    // Nothing was processed again.
    expect(readdirSync(join(folder, "shared/units"), { recursive: true, encoding: "utf8" }).sort()).toEqual(
      files,
    );
    expect(existsSync(join(folder, "shared/published.json"))).toBe(true);
    expect(readManifest(join(folder, "out")).root).toBe(readManifest(join(folder, "alone")).root);
  });

  it("takes its number from Slurm or Kubernetes, and refuses a number that is none", async () => {
    const folder = home();
    const args = ["data", "process", "--engine", "array", "--work", "shared"];
    expect((await runIn(folder, ...args)).err).toContain("E_CLI_ARGUMENT");
    expect((await runIn(folder, ...args, "--index", "3", "--of", "3")).err).toContain(
      "no task of a job array",
    );
    const { arrayTask } = await import("../../src/cli/data/folders.ts");
    expect(arrayTask({}, { SLURM_ARRAY_TASK_ID: "4", SLURM_ARRAY_TASK_COUNT: "9" })).toEqual({
      index: 4,
      of: 9,
    });
    expect(arrayTask({ of: 5 }, { JOB_COMPLETION_INDEX: "1" })).toEqual({ index: 1, of: 5 });
    rmSync(folder, { recursive: true });
  });
});
