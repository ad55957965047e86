import { existsSync, readFileSync } from "node:fs";
import { readRunEvents, type RunEvent } from "./events.ts";
import type { Parity } from "./export/parity.ts";
import type { RunRequest } from "./resolve-recipe.ts";
import { readRunRecipe, runPaths } from "./run-folder.ts";
import { leftOutWeights } from "./weight-rules.ts";
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

type Origin = { source: string; licence: string; consent: string; conversations: number };

const cell = (text: string): string => text.replaceAll(/[|\r\n]+/g, " ");

/** What was trained on, by source, as the records themselves say it. */
function originRows(run: string): string[] {
  const { prepared } = runPaths(run);
  if (!existsSync(prepared)) return [];
  const { splits } = JSON.parse(readFileSync(prepared, "utf8")) as {
    splits: Record<string, { origins?: Origin[] }>;
  };
  const origins = splits["train"]?.origins ?? [];
  if (origins.length === 0) return [];
  return [
    "",
    "## Data",
    "",
    "| source | licence | consent | conversations |",
    "|---|---|---|---|",
    ...origins.map(
      ({ source, licence, consent, conversations }) =>
        `| ${cell(source) || "not stated"} | ${cell(licence) || "not stated"} | ${cell(consent) || "not stated"} | ${conversations} |`,
    ),
  ];
}

/** What the export's form and rounding cost, where it was measured. */
function lossLines(events: readonly RunEvent[], format: string): string[] {
  const made = events.findLast((event) => event.type === "export" && event.format === format);
  if (made?.type !== "export" || made.losses === undefined) return [];
  if ("unmeasured" in made.losses)
    return ["", `Loss of the exported weights: not measured (${made.losses.unmeasured}).`];
  const { trained, exported, documents } = made.losses;
  if (trained === null || exported === null) return ["", "Loss of the exported weights: not finite."];
  const gap = exported - trained;
  return [
    "",
    `Validation loss over ${documents} held-out documents: trained model ${trained.toFixed(5)}, exported folder ${exported.toFixed(5)} (${gap < 0 ? "" : "+"}${gap.toExponential(1)}).`,
  ];
}

function spentLine(events: readonly RunEvent[]): string {
  const end = events.findLast((event) => event.type === "run-end");
  if (end?.type !== "run-end") return "Energy and cost: the run is not over.";
  const joules = end.energy ?? null;
  const energy =
    joules === null
      ? "not measured (the machine tells none)"
      : `${(joules / 3.6e6).toPrecision(3)} kWh by ${end.energy_source ?? "the machine"}`;
  const cost = end.cost ?? null;
  return `Energy: ${energy}. Cost: ${cost === null ? "no price_per_hour in the recipe" : `${cost.toPrecision(3)} at the recipe's price_per_hour`}.`;
}

function parityLines({ parity, quantize }: CardFacts): string[] {
  if (parity === null) return ["Not compared with llama.cpp: this is no GGUF file."];
  return [
    `${parity.ok ? "Within" : "NOT within"} the limit for ${quantize} (${parity.limit}): largest difference of a next-token probability ${parity.maxDifference.toExponential(2)}, mean divergence ${parity.meanDivergence.toExponential(2)} nats over ${parity.positions} held-out positions; ${parity.tokenizerEqual} of ${parity.tokenizerTexts} multilingual texts give the same tokens; ${parity.nearTies} sequences compared only up to a near-tie of the router (${parity.tieLimit.toExponential(0)} in its logits), where rounding decides.`,
  ];
}

/** The model card: what it is, from what, how measured. Holds no conversation text. */
export function modelCard(run: string, facts: CardFacts): string {
  const absent = leftOutWeights(run);
  const recipe = readRunRecipe(run);
  const job = JSON.parse(readFileSync(runPaths(run).job, "utf8")) as {
    data_root: string;
    base: string;
    allow_inexact?: boolean;
  };
  const { dataSetRoot } = JSON.parse(readFileSync(runPaths(run).request, "utf8")) as RunRequest;
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
    dataSetRoot === null
      ? `- Data: built-in template text, no data set; inputs hash \`${job.data_root}\`.`
      : `- Data: data set with manifest root \`${dataSetRoot}\`; inputs hash \`${job.data_root}\`.`,
    `- Trained on ${tokens} tokens in ${seconds.toFixed(0)} s of steps${hello === undefined ? "" : ` on ${hello.device}, ${hello.dtype}, torch ${hello.torch}`}. ${spentLine(events)}`,
    ...(job.allow_inexact === true
      ? ["- Resumed with other hardware, threads or versions: it cannot be repeated bit by bit."]
      : []),
    ...originRows(run),
    ...(absent.length === 0
      ? []
      : ["", `The recipe also weighs ${absent.join("; ")}: no conversation has that, it was left out.`]),
    "",
    "## Evaluation",
    "",
    ...evaluationRows(run),
    ...loadRows(run, recipe.moe.experts),
    ...lossLines(events, facts.format),
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
