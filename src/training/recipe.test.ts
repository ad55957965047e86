import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TrainingReadyError } from "../shared/index.ts";
import { loadRecipe, presetNames, recipeText, stagesOf } from "./recipe.ts";
import { recipeSchema } from "./recipe-schema.ts";

const failure = (action: () => unknown): TrainingReadyError => {
  try {
    action();
  } catch (error) {
    return error as TrainingReadyError;
  }
  throw new Error("nothing was thrown");
};

describe("loadRecipe", () => {
  it("reads every preset, and its written form again", () => {
    expect(presetNames()).toContain("tiny");
    for (const name of presetNames()) {
      const recipe = loadRecipe(name);
      expect(recipe.name).toBe(name);
      expect(recipeSchema.parse(parse(recipeText(recipe)))).toEqual(recipe);
    }
  });

  it("takes assignments over the file, also nested ones", () => {
    const recipe = loadRecipe("lora", ["lr=1e-4", "moe.rank=4", "moe.layers={last: 2}"]);
    expect([recipe.lr, recipe.moe.rank, recipe.moe.layers]).toEqual([1e-4, 4, { last: 2 }]);
  });

  it("names the nearest known key, and what a renamed one is called", () => {
    expect(failure(() => loadRecipe("lora", ["epohcs=2"])).message).toBe(
      "epohcs is no key of a recipe. Did you mean epochs?",
    );
    expect(failure(() => loadRecipe("lora", ["learning_rate=1"])).message).toMatch(/It is called lr here/);
  });

  it("refuses wrong values with the key and exit code 1", () => {
    for (const [assignment, said] of [
      ["lr=fast", "lr"],
      ["dropout=0.1", "dropout: only 0"],
      ["rank=0", "rank"],
      ["moe.top_k=9", "top_k is 9"],
    ] as const) {
      const error = failure(() => loadRecipe("moe", [assignment]));
      expect([error.code, error.exitCode]).toEqual(["E_TRAIN_RECIPE", 1]);
      expect(error.message).toContain(said);
    }
  });

  it("refuses an unknown key in a file", () => {
    const path = join(mkdtempSync(join(tmpdir(), "recipe-")), "own.yaml");
    writeFileSync(path, "mode: lora\nlrate: 1\n");
    expect(failure(() => loadRecipe(path)).message).toMatch(/^lrate is no key of a recipe/);
  });

  it("names the presets where a name is mistyped", () => {
    expect(failure(() => loadRecipe("tinny")).message).toMatch(/Did you mean tiny\?/);
  });
});

describe("stagesOf", () => {
  it("gives a recipe without stages one", () => {
    expect(stagesOf(loadRecipe("lora"))).toEqual([
      {
        name: "train",
        text: "data",
        mode: "lora",
        epochs: 3,
        lr: 2e-4,
        tokens_per_step: 32768,
        select: undefined,
      },
    ]);
  });

  it("can run one stage alone", () => {
    expect(stagesOf(loadRecipe("tiny", ["only=base"])).map((one) => one.name)).toEqual(["base"]);
    expect(failure(() => loadRecipe("tiny", ["only=bose"])).message).toMatch(/Did you mean base\?/);
  });
});
