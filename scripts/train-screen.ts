// Trains the linear model of the risk screen:
//   npx tsx scripts/train-screen.ts [--counsel-chat FILE.csv] [--folds 5]
// Text: scripts/screen/lines*.txt with scripts/screen/slots.txt, written for this project. As examples without risk the
// sentences that the phrases pass of counsel-chat questions on everyday topics. No evaluation text. --folds writes
// nothing: it says how the screen does on lines that were left out.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvScanner, scanItems } from "../src/records/index.ts";
import { levelNumber, riskLevels } from "../src/safety/levels.ts";
import { eachFeature, featureCount, sentencesOf } from "../src/safety/risk-features.ts";
import type { RiskLevel } from "../src/safety/risk-entry.ts";
import { modelEvidence, type Head } from "../src/safety/risk-model.ts";
import { findPhrases, knownWords } from "../src/safety/screen-phrases.ts";
import { wordsOf } from "../src/safety/words.ts";

const root = join(import.meta.dirname, "..");
const everydayTopics = new Set(
  "workplace-relationships spirituality parenting marriage social-relationships professional-ethics legal-regulatory counseling-fundamentals intimacy family-conflict relationships relationship-dissolution human-sexuality lgbtq".split(
    " ",
  ),
);
const mostCopies = 28;
const openers = ["", "", "", "", "", "honestly ", "sometimes ", "lately ", "I think ", "well, ", "and "];

type Example = { text: string; level: number; weight: number; template: number };

let state = 20261125;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function slots(): Map<string, string[]> {
  const lines = readFileSync(join(root, "scripts/screen/slots.txt"), "utf8").trim().split("\n");
  return new Map(
    lines.map((line): [string, string[]] => {
      const [name, values] = line.split("=") as [string, string];
      return [name, values.split(";")];
    }),
  );
}

/** `(a/b/)` is one of its parts, maybe none; `{name}` one of a slot's values. */
function filled(template: string, values: ReadonlyMap<string, string[]>): string {
  const chosen = template.replace(/\(([^()]*\/[^()]*)\)/g, (_, parts: string) => pick(parts.split("/")));
  return chosen
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      const list = values.get(name);
      if (list === undefined) throw new Error(`no slot ${name}`);
      return pick(list);
    })
    .replace(/\s+/g, " ")
    .trim();
}

function readTemplates(): Example[] {
  const values = slots();
  const folder = join(root, "scripts/screen");
  const files = readdirSync(folder)
    .filter((name) => name.startsWith("lines"))
    .toSorted();
  const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
  const examples: Example[] = [];
  for (const [template, line] of lines.entries()) {
    const [label, text] = line.split("|") as [RiskLevel, string];
    const made = new Set<string>();
    for (let copy = 0; copy < mostCopies; copy++) made.add(pick(openers) + filled(text, values));
    const isWide = text.includes("/");
    for (const one of made)
      examples.push({
        text: one,
        level: levelNumber(label),
        weight: (isWide ? 10 : 4) / made.size,
        template,
      });
  }
  return examples;
}

const isCalm = (text: string): boolean =>
  findPhrases(text, wordsOf(text)).evidence.every(({ level }) => level === "none");

/** The clauses of a text as examples without risk. */
function calmClauses(text: string, weight: number, template: number): Example[] {
  const words = wordsOf(text, knownWords);
  return sentencesOf(text, words).map(([from, to]) => ({
    text: text.slice(words[from]?.start, words[to - 1]?.end),
    level: 0,
    weight,
    template,
  }));
}

async function readEveryday(path: string): Promise<Example[]> {
  const bytes = readFileSync(path);
  const examples: Example[] = [];
  const seen = new Set<string>();
  async function* chunks() {
    yield bytes;
  }
  for await (const item of scanItems(chunks(), csvScanner({ maxItemBytes: 2 ** 23 }))) {
    if (!item.ok) continue;
    const row = item.value as Record<string, string>;
    if (!everydayTopics.has(row["topic"] ?? "")) continue;
    const text = `${row["questionTitle"] ?? ""}.\n${row["questionText"] ?? ""}`.replace(/<[^>]+>/g, " ");
    if (seen.has(text) || !isCalm(text)) continue;
    seen.add(text);
    examples.push(...calmClauses(text, 0.4, -seen.size));
  }
  return examples;
}

/** Logistic regression by AdaGrad over features divided by the root of their number. */
function train(examples: readonly Example[], isPositive: (level: number) => boolean): Head {
  const weights = new Float64Array(featureCount);
  const squares = new Float64Array(featureCount).fill(1e-3);
  let [bias, biasSquare] = [0, 1e-3];
  const prepared = examples.map((example) => {
    const words = wordsOf(example.text, knownWords);
    const features: number[] = [];
    const count = eachFeature(words, 0, words.length, (feature) => features.push(feature));
    return { ...example, features: Int32Array.from(features), scale: 1 / Math.sqrt(Math.max(1, count)) };
  });
  const order = prepared.map((_, index) => index);
  for (let epoch = 0; epoch < 12; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    for (const index of order) {
      const { features, scale, level, weight } = prepared[index] as (typeof prepared)[number];
      let score = bias;
      for (const feature of features) score += (weights[feature] as number) * scale;
      const error = (1 / (1 + Math.exp(-score)) - (isPositive(level) ? 1 : 0)) * weight;
      for (const feature of features) {
        const gradient = error * scale + 2e-4 * (weights[feature] as number);
        squares[feature] = (squares[feature] as number) + gradient * gradient;
        const step = (0.3 * gradient) / Math.sqrt(squares[feature]);
        weights[feature] = (weights[feature] as number) - step;
      }
      biasSquare += error * error;
      bias -= (0.3 * error) / Math.sqrt(biasSquare);
    }
  }
  const most = weights.reduce((largest, one) => Math.max(largest, Math.abs(one)), 0);
  const step = most / 127;
  return { bias, step, weights: Int8Array.from(weights, (one) => Math.round(one / step)) };
}

const trainBoth = (examples: readonly Example[]): { watch: Head; elevated: Head } => ({
  watch: train(examples, (level) => level >= 1),
  elevated: train(examples, (level) => level >= 2),
});

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

/** Screens each example by a model that saw nothing of its line, at several thresholds. */
function crossValidate(examples: readonly Example[], folds: number): void {
  const rows: { example: Example; scores: number[]; levels: number[] }[] = [];
  const watches = [-2, -1.6, -1.3, -1, -0.7, -0.4, 0, 0.4];
  for (let fold = 0; fold < folds; fold++) {
    const isIn = ({ template }: Example): boolean => Math.abs(template) % folds === fold;
    const heads = trainBoth(examples.filter((one) => !isIn(one)));
    const perTemplate = new Map<number, number>();
    for (const example of examples.filter(isIn)) {
      const seen = perTemplate.get(example.template) ?? 0;
      perTemplate.set(example.template, seen + 1);
      if (seen >= 4) continue;
      const words = wordsOf(example.text, knownWords);
      const found = findPhrases(example.text, words);
      const phrase = Math.max(0, ...found.evidence.map(({ level }) => levelNumber(level)));
      const levels = watches.map((watch) => {
        const model = modelEvidence(example.text, words, found, { watch, elevated: watch + 1 }, heads);
        return Math.max(phrase, ...model.map(({ level }) => levelNumber(level)));
      });
      rows.push({ example, scores: [], levels });
    }
  }
  for (const [name, wanted] of [
    ["own lines", rows.filter(({ example }) => example.template >= 0)],
    ["others' sentences", rows.filter(({ example }) => example.template < 0)],
  ] as const)
    for (const [at, watch] of watches.entries()) {
      const share = (isPositive: boolean, level: number): string => {
        const list = wanted.filter(({ example }) => example.level >= level === isPositive);
        const hits = list.filter(({ levels }) => (levels[at] as number) >= level);
        return (hits.length / Math.max(1, list.length)).toFixed(3);
      };
      process.stdout.write(
        `${name}, watch ${watch}: recall ${share(true, 1)} false ${share(false, 1)}; elevated ${watch + 1}: recall ${share(true, 2)} false ${share(false, 2)}\n`,
      );
    }
  const missed = rows.filter(({ example, levels }) => example.level >= 1 && levels[4] === 0);
  if (process.argv.includes("--missed"))
    for (const { example } of missed) process.stdout.write(`missed ${example.level}: ${example.text}\n`);
  const wrong = rows.filter(({ example, levels }) => example.level === 0 && (levels[4] as number) > 1);
  if (process.argv.includes("--missed"))
    for (const { example, levels } of wrong) process.stdout.write(`false ${levels[4]}: ${example.text}\n`);
}

const [chat, folds] = [option("--counsel-chat"), option("--folds")];
const examples = [...readTemplates(), ...(chat === undefined ? [] : await readEveryday(chat))];
const counts = riskLevels.map(
  (name, level) => `${examples.filter((one) => one.level === level).length} ${name}`,
);
process.stderr.write(`${counts.join(", ")}\n`);
if (folds !== undefined) crossValidate(examples, Number(folds));
else {
  const digest = (path: string | undefined): string =>
    path === undefined ? "none" : createHash("sha256").update(readFileSync(path)).digest("hex");
  const packed = (weights: ArrayLike<number>): string =>
    Buffer.from(Int8Array.from(weights).buffer).toString("base64");
  writeFileSync(
    join(root, "src/safety/risk-model.data.ts"),
    `// Written by scripts/train-screen.ts from ${counts.join(", ")} sentences.
// counsel-chat file: ${digest(chat)}
export const riskModel = {
${Object.entries(trainBoth(examples))
  .map(
    ([name, { bias, step, weights }]) =>
      `  ${name}: { bias: ${bias.toPrecision(8)}, step: ${step.toPrecision(8)}, weights:\n    "${packed(weights)}" },`,
  )
  .join("\n")}
};
`,
  );
}
