import { TrainingReadyError } from "../shared/index.ts";
import { existsSync } from "node:fs";
import { isSelected, readDocuments, type DocumentLine } from "./documents.ts";
import type { Recipe, Selector } from "./recipe-schema.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";

type Rules = Recipe["weights"];

/** A rule in words: its labels' values, else its stage or source. */
function ruleName({ stage, source, labels }: Selector): string {
  const named = Object.entries(labels ?? {}).map(([label, values]) => `${label} ${values.join(" or ")}`);
  if (stage !== undefined) named.push(`stage ${stage.join(" or ")}`);
  if (source !== undefined) named.push(`source ${source.join(" or ")}`);
  return named.join(", ");
}

/** How many different conversations each rule means; a conversation that was split counts once. */
function counted(lines: readonly DocumentLine[], rules: Rules): { rule: Rules[number]; found: number }[] {
  return rules.map((rule) => ({
    rule,
    found: new Set(lines.filter((line) => isSelected(line, rule.select)).map(({ id }) => id)).size,
  }));
}

/** What a run's recipe weighs and no conversation of its data set has, in words: left out. */
export function leftOutWeights(run: string): string[] {
  const { weights } = readRunRecipe(run);
  if (weights.length === 0 || !existsSync(runPaths(run).documents("train"))) return [];
  return counted(readDocuments(run, "train"), weights)
    .filter(({ found }) => found === 0)
    .map(({ rule }) => ruleName(rule.select));
}

/**
 * Refuses data that lacks what a recipe weighs, with counts of each and the commands that add it; `leave_out` trains
 * with what is there. Throws `E_TRAIN_COMPONENTS`.
 */
export function checkWeights(
  stage: string,
  lines: readonly DocumentLine[],
  rules: Rules,
  unmatched: Recipe["unmatched_weights"],
): void {
  if (unmatched === "leave_out") return;
  const counts = counted(lines, rules);
  const absent = counts.filter(({ found }) => found === 0);
  if (absent.length === 0) return;
  const all = new Set(lines.map(({ id }) => id)).size;
  const present = counts
    .filter(({ found }) => found > 0)
    .map(({ rule, found }) => `${ruleName(rule.select)} ${found}`);
  const components = absent.flatMap(({ rule }) => rule.select.labels?.["components"] ?? []);
  const add =
    components.length === 0
      ? "Add such conversations to the data set"
      : `Add them: a task {kind: enrich, component: ${components[0]}, count: 100} in data.generate weaves one in (\`training-ready data generate\`), \`training-ready data modalities\` counts what is tagged`;
  throw new TrainingReadyError(
    "E_TRAIN_COMPONENTS",
    `stage ${stage} weighs what none of ${all} conversations has: ${absent.map(({ rule }) => ruleName(rule.select)).join("; ")}. There: ${present.length === 0 ? "none of the others either" : present.join(", ")}`,
    { exitCode: 1, hint: `${add}; or train with those present: --set unmatched_weights=leave_out.` },
  );
}
