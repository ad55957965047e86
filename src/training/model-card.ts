import { readFileSync } from "node:fs";
import { readRunEvents } from "./events.ts";
import type { Parity } from "./export/parity.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";
import { recipeText } from "./recipe.ts";

type CardFacts = { format: string; quantize: string | null; parity: Parity | null };

function evaluationRows(run: string): string[] {
  const last = readRunEvents(runPaths(run).events).findLast((event) => event.type === "eval");
  if (last === undefined) return ["No evaluation was made."];
  const row = (name: string, loss: number | null, tokens: number): string =>
    `| ${name} | ${loss === null ? "not finite" : loss.toFixed(4)} | ${tokens} |`;
  return [
    "| domain | validation loss | supervised tokens |",
    "|---|---|---|",
    row("all", last.loss, last.tokens),
    ...Object.entries(last.domains).map(([name, { loss, tokens }]) => row(name, loss, tokens)),
  ];
}

function loadRows(run: string, experts: readonly string[]): string[] {
  const last = readRunEvents(runPaths(run).events).findLast((event) => event.type === "eval");
  if (last === undefined || last.load.length === 0) return [];
  return [
    "",
    "Mean routing weight by layer:",
    "",
    `| layer | ${experts.join(" | ")} |`,
    `|---|${experts.map(() => "---|").join("")}`,
    ...last.load.map((row, layer) => `| ${layer} | ${row.map((one) => one.toFixed(3)).join(" | ")} |`),
  ];
}

function parityLines({ parity, quantize }: CardFacts): string[] {
  if (parity === null) return ["Not compared with llama.cpp: this is no GGUF file."];
  return [
    `${parity.ok ? "Within" : "NOT within"} the limit for ${quantize} (${parity.limit}): largest difference of a next-token probability ${parity.maxDifference.toExponential(2)}, mean divergence ${parity.meanDivergence.toExponential(2)} nats over ${parity.positions} held-out positions; ${parity.tokenizerEqual} of ${parity.tokenizerTexts} multilingual texts give the same tokens; ${parity.nearTies} sequences left out for near-ties of the router.`,
  ];
}

/** The model card: what it is, from what, how measured. Holds no conversation text. */
export function modelCard(run: string, facts: CardFacts): string {
  const recipe = readRunRecipe(run);
  const job = JSON.parse(readFileSync(runPaths(run).job, "utf8")) as {
    data_root: string;
    base: string;
    allow_inexact?: boolean;
  };
  const events = readRunEvents(runPaths(run).events);
  const hello = events.findLast((event) => event.type === "hello");
  const seconds = events.reduce((sum, event) => sum + (event.type === "step" ? event.dt : 0), 0);
  const tokens = events.findLast((event) => event.type === "step")?.tokens ?? 0;
  return [
    "---",
    "library_name: transformers",
    "pipeline_tag: text-generation",
    "tags: [training-ready]",
    "---",
    `# ${recipe.name}`,
    "",
    `Made by training-ready: recipe \`${recipe.name}\`, export \`${facts.format}\`${facts.quantize === null ? "" : `, ${facts.quantize}`}.`,
    "",
    `- Base: \`${recipe.base === "seed" ? `made from the seed ${recipe.seed}` : job.base}\`; its licence applies.`,
    `- Data: inputs hash \`${job.data_root}\`; licences and consent stand in the data set's card.`,
    `- Trained on ${tokens} tokens in ${seconds.toFixed(0)} s of steps${hello === undefined ? "" : ` on ${hello.device}, ${hello.dtype}, torch ${hello.torch}`}. Energy and cost: not measured.`,
    ...(job.allow_inexact === true
      ? ["- Resumed with other hardware, threads or versions: it cannot be repeated bit by bit."]
      : []),
    "",
    "## Evaluation",
    "",
    ...evaluationRows(run),
    ...loadRows(run, recipe.moe.experts),
    "",
    "## Parity",
    "",
    ...parityLines(facts),
    "",
    "## Intended use and limits",
    "",
    "For research and supervised use under clinical responsibility. It gives no diagnosis and no treatment, can be wrong, and is no substitute for a person in a crisis. No clinical safety is claimed.",
    "",
    "## Recipe",
    "",
    "```yaml",
    recipeText(recipe).trimEnd(),
    "```",
    "",
  ].join("\n");
}
