import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { modelCard } from "./model-card.ts";
import { loadRecipe, recipeText } from "./recipe.ts";
import { runPaths } from "./run-folder.ts";
import { temporaryFolder } from "./synthetic-data.test-support.ts";

function finishedRun(end: Record<string, unknown>): string {
  const run = join(temporaryFolder(), "run");
  const paths = runPaths(run);
  mkdirSync(paths.data, { recursive: true });
  writeFileSync(paths.recipe, recipeText(loadRecipe("lora", ["base=models/x"])));
  writeFileSync(paths.job, JSON.stringify({ data_root: "inputs", base: "models/x" }));
  writeFileSync(paths.request, JSON.stringify({ dataSetRoot: "root-of-the-set" }));
  const origins = [
    { source: "pairs", licence: "MIT", consent: "", conversations: 30 },
    { source: "clinic", licence: "own", consent: "written | signed", conversations: 12 },
  ];
  writeFileSync(paths.prepared, JSON.stringify({ splits: { train: { origins } } }));
  const losses = { trained: 1.5, exported: 1.50025, documents: 40, tokens: 900 };
  const lines = [
    { type: "export", format: "hf", path: "out", losses },
    { type: "run-end", status: "done", reason: "finished", ...end },
  ];
  const envelope = (seq: number) => ({ v: 1, seq, t: "2026-01-01T00:00:00.000Z", run: "run", attempt: 1 });
  writeFileSync(
    paths.events,
    lines.map((line, seq) => `${JSON.stringify({ ...envelope(seq), ...line })}\n`).join(""),
  );
  return run;
}

const facts = { format: "hf", quantize: null, parity: null };

it("names data set, licences, consent, energy, cost and the loss of what was exported", () => {
  const card = modelCard(finishedRun({ energy: 7.2e6, energy_source: "RAPL", cost: 1.25 }), facts);
  expect(card).toContain("manifest root `root-of-the-set`");
  expect(card).toContain("| pairs | MIT | not stated | 30 |");
  expect(card).toContain("| clinic | own | written   signed | 12 |");
  expect(card).toContain("Energy: 2.00 kWh by RAPL. Cost: 1.25 at");
  expect(card).toContain("trained model 1.50000, exported folder 1.50025 (+2.5e-4)");
});

it("says what was not measured", () => {
  const card = modelCard(finishedRun({ energy: null, cost: null }), { ...facts, format: "adapters" });
  expect(card).toContain("Energy: not measured (the machine tells none). Cost: no price_per_hour");
  expect(card).not.toContain("exported folder");
});
