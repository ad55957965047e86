// Trains the linear model of the risk screen: npx tsx scripts/train-screen.ts [--counsel-chat FILE.csv]
// Text: scripts/screen/lines.txt with scripts/screen/slots.txt, both written for this project, and as examples without
// risk the sentences of counsel-chat questions on everyday topics that the phrases pass. No evaluation text.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvScanner, scanItems } from "../src/records/index.ts";
import { eachFeature, featureCount, sentencesOf } from "../src/safety/risk-features.ts";
import { levelNumber, riskLevels } from "../src/safety/levels.ts";
import type { RiskLevel } from "../src/safety/risk-lexicon.data.ts";
import { findPhrases } from "../src/safety/screen-phrases.ts";
import { wordsOf } from "../src/safety/words.ts";

const root = join(import.meta.dirname, "..");
const everydayTopics = new Set(
  "workplace-relationships spirituality parenting marriage social-relationships professional-ethics legal-regulatory counseling-fundamentals intimacy family-conflict relationships relationship-dissolution human-sexuality lgbtq".split(
    " ",
  ),
);
const copiesOfTemplate = 14;
const openers = ["", "", "", "", "honestly ", "sometimes ", "lately ", "I think ", "well, ", "and "];

type Example = { text: string; level: number; weight: number };

let state = 20261125;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function readTemplates(): Example[] {
  const slots = new Map(
    readFileSync(join(root, "scripts/screen/slots.txt"), "utf8")
      .trim()
      .split("\n")
      .map((line): [string, string[]] => {
        const [name, values] = line.split("=") as [string, string];
        return [name, values.split(";")];
      }),
  );
  const examples: Example[] = [];
  for (const line of readFileSync(join(root, "scripts/screen/lines.txt"), "utf8").trim().split("\n")) {
    const [label, template] = line.split("|") as [RiskLevel, string];
    const made = new Set<string>();
    for (let copy = 0; copy < copiesOfTemplate; copy++)
      made.add(
        pick(openers) +
          template.replace(/\{(\w+)\}/g, (_, name: string) => {
            const values = slots.get(name);
            if (values === undefined) throw new Error(`no slot ${name}`);
            return pick(values);
          }),
      );
    for (const text of made) examples.push({ text, level: levelNumber(label), weight: 4 / made.size });
  }
  return examples;
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
    if (seen.has(text)) continue;
    seen.add(text);
    if (findPhrases(text, wordsOf(text)).evidence.some(({ level }) => level !== "none")) continue;
    const words = wordsOf(text);
    for (const [from, to] of sentencesOf(text, words)) {
      const sentence = text.slice(words[from]?.start, words[to - 1]?.end);
      examples.push({ text: sentence, level: 0, weight: 0.5 });
    }
  }
  return examples;
}

/** Logistic regression by AdaGrad over features divided by the root of their number. */
function train(examples: readonly Example[], isPositive: (level: number) => boolean) {
  const weights = new Float64Array(featureCount);
  const squares = new Float64Array(featureCount).fill(1e-3);
  let [bias, biasSquare] = [0, 1e-3];
  const prepared = examples.map((example) => {
    const words = wordsOf(example.text);
    const features: number[] = [];
    const count = eachFeature(words, 0, words.length, (feature) => features.push(feature));
    return { ...example, features, scale: 1 / Math.sqrt(Math.max(1, count)) };
  });
  const order = prepared.map((_, index) => index);
  for (let epoch = 0; epoch < 25; epoch++) {
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
  const packed = Int8Array.from(weights, (one) => Math.round(one / step));
  return { bias, step, packed: Buffer.from(packed.buffer).toString("base64") };
}

const at = process.argv.indexOf("--counsel-chat");
const path = at < 0 ? undefined : process.argv[at + 1];
const everyday = path === undefined ? [] : await readEveryday(path);
const examples = [...readTemplates(), ...everyday];
const heads = {
  watch: train(examples, (level) => level >= 1),
  elevated: train(examples, (level) => level >= 2),
};
const counts = riskLevels.map(
  (name, level) => `${examples.filter((one) => one.level === level).length} ${name}`,
);
const source = path === undefined ? "none" : createHash("sha256").update(readFileSync(path)).digest("hex");
const number = (value: number): string => value.toPrecision(8);
writeFileSync(
  join(root, "src/safety/risk-model.data.ts"),
  `// Written by scripts/train-screen.ts from ${counts.join(", ")} sentences; counsel-chat file: ${source}.
export const riskModel = {
${Object.entries(heads)
  .map(
    ([name, { bias, step, packed }]) =>
      `  ${name}: { bias: ${number(bias)}, step: ${number(step)}, weights:\n    "${packed}" },`,
  )
  .join("\n")}
};
`,
);
process.stderr.write(`${counts.join(", ")}\n`);
