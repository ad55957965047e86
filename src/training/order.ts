import { canonicalJson, sha256, TrainingReadyError } from "../shared/index.ts";
import { packRows, randomWords, shuffle } from "./pack.ts";
import { isSelected, type DocumentLine } from "./documents.ts";
import type { Selector } from "./recipe-schema.ts";
import { checkWeights } from "./weight-rules.ts";

export type StepLine = { first: number; count: number; tokens: number; supervised: number };
export type StageOrder = {
  name: string;
  epochs: number;
  tokensPerStep: number;
  rows: number[][];
  steps: StepLine[];
  stepsPerEpoch: number;
  droppedRows: number;
  fill: number;
  validation: number[][];
};
export type Order = { version: 1; seed: number; length: number; dataRoot: string; stages: StageOrder[] };

/** Copies in epoch n of a document of weight w: floor(w·n + u) − floor(w·(n−1) + u), u a hash of (seed, id). */
export function copiesIn(epoch: number, weight: number, seed: number, id: string): number {
  const u = Number.parseInt(sha256(`${seed}|${id}`).slice(0, 12), 16) / 2 ** 48;
  return Math.floor(weight * epoch + u) - Math.floor(weight * (epoch - 1) + u);
}

/** Documents as often as an epoch holds them: the largest weight of the rules that mean a document counts. */
export function repeated<T extends DocumentLine>(
  lines: readonly T[],
  weights: StageInput["weights"],
  seed: number,
  epoch: number,
): T[] {
  if (weights.length === 0) return [...lines];
  return lines.flatMap((line) => {
    const own = weights.filter(({ select }) => isSelected(line, select)).map(({ weight }) => weight);
    const times = own.length === 0 ? 1 : copiesIn(epoch, Math.max(...own), seed, line.id);
    return Array.from({ length: times }, () => line);
  });
}

export type StageInput = {
  name: string;
  epochs: number;
  tokensPerStep: number;
  select?: Selector | undefined;
  weights: readonly { select: Selector; weight: number }[];
  /** What becomes of weights that mean no conversation; default refuse. */
  unmatched?: "refuse" | "leave_out";
  train: readonly DocumentLine[];
  validation: readonly DocumentLine[];
};

function badData(message: string, hint: string): never {
  throw new TrainingReadyError("E_TRAIN_DATA", message, { hint, exitCode: 1 });
}

function epochRows(
  input: StageInput,
  documents: readonly number[],
  lengths: readonly number[],
  epoch: number,
  options: { seed: number; length: number; dataRoot: string },
): number[][] {
  const { seed, length, dataRoot } = options;
  const words = randomWords([seed, input.name, epoch, length, dataRoot].join("|"));
  const numbered = documents.map((document) => ({ ...(input.train[document] as DocumentLine), document }));
  const copies = repeated(numbered, input.weights, seed, epoch).map(({ document }) => document);
  return shuffle(packRows(shuffle(copies, words), lengths, length), words);
}

/** The order of one stage: a pure function of (seed, stage, epoch, row length, data root) and the recipe. */
export function stageOrder(
  input: StageInput,
  options: { seed: number; length: number; dataRoot: string },
): StageOrder {
  const { length } = options;
  if (input.select !== undefined && !input.train.some((line) => isSelected(line, input.select))) {
    badData(
      `stage ${input.name}: the selector ${canonicalJson(input.select)} matches no conversation`,
      "Correct the selector, or build data that has such conversations.",
    );
  }
  checkWeights(input.name, input.train, [...input.weights], input.unmatched ?? "refuse");
  const documents = input.train.flatMap((line, index) => (isSelected(line, input.select) ? [index] : []));
  const lengths = input.train.map((line) => line.length);
  const rowsPerStep = Math.max(1, Math.floor(input.tokensPerStep / length));
  const wholeEpochs = Math.ceil(input.epochs);
  const rows: number[][] = [];
  let firstEpoch = 0;
  for (let epoch = 1; epoch <= wholeEpochs; epoch++) {
    const made = epochRows(input, documents, lengths, epoch, options);
    if (epoch === 1) firstEpoch = made.length;
    const share = Math.min(1, input.epochs - (epoch - 1));
    rows.push(...made.slice(0, Math.ceil(made.length * share)));
  }
  const steps: StepLine[] = [];
  for (let first = 0; first + rowsPerStep <= rows.length; first += rowsPerStep) {
    const used = rows.slice(first, first + rowsPerStep).flat();
    steps.push({
      first,
      count: rowsPerStep,
      tokens: used.reduce((sum, document) => sum + (lengths[document] as number), 0),
      supervised: used.reduce((sum, document) => sum + (input.train[document] as DocumentLine).supervised, 0),
    });
  }
  if (steps.length === 0) {
    badData(
      `stage ${input.name}: ${documents.length} documents fill ${rows.length} rows of ${length} tokens, a step takes ${rowsPerStep}`,
      `Use --set tokens_per_step=${Math.max(1, rows.length) * length}, a smaller length, or more data.`,
    );
  }
  const usedTokens = rows.flat().reduce((sum, document) => sum + (lengths[document] as number), 0);
  const held = input.validation.flatMap((line, index) => (isSelected(line, input.select) ? [index] : []));
  const heldLengths = input.validation.map((line) => line.length);
  const heldWords = randomWords([options.seed, input.name, "validation", length, options.dataRoot].join("|"));
  return {
    name: input.name,
    epochs: input.epochs,
    tokensPerStep: input.tokensPerStep,
    rows,
    steps,
    stepsPerEpoch: Math.max(1, Math.round(firstEpoch / rowsPerStep)),
    droppedRows: rows.length - steps.length * rowsPerStep,
    fill: Math.round((usedTokens / (rows.length * length)) * 1e6) / 1e6,
    validation: shuffle(packRows(held, heldLengths, length), heldWords),
  };
}

/** The order file's text with its own hash, over the RFC 8785 form of the rest. */
export function orderText(order: Order): string {
  return `${JSON.stringify({ ...order, sha256: sha256(canonicalJson(order)) })}\n`;
}
