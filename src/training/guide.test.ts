import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRecipe } from "./recipe.ts";
import { temporaryFolder } from "./synthetic-data.test-support.ts";

it("the guide's own recipe is a valid one", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../docs/guides/train.md"), "utf8");
  const text = /^```yaml\n([\s\S]*?)^```$/m.exec(guide)?.[1];
  const path = join(temporaryFolder(), "mine.yaml");
  writeFileSync(path, text ?? "");
  expect(loadRecipe(path)).toMatchObject({
    name: "mine",
    stages: [{ name: "first" }, { name: "second", epochs: 1 }],
  });
});
