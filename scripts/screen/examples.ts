// What the risk screen is trained on: own lines with slots, and sentences without risk of counsel-chat.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { csvScanner, scanItems } from "../../src/records/index.ts";
import { levelNumber } from "../../src/safety/levels.ts";
import { sentencesOf } from "../../src/safety/risk-features.ts";
import type { RiskLevel } from "../../src/safety/risk-entry.ts";
import { findPhrases, knownWords } from "../../src/safety/screen-phrases.ts";
import { wordsOf } from "../../src/safety/words.ts";

/** `template` numbers own lines from 0 and others' texts from -1 downwards; `file` says where a line stands. */
export type Example = { text: string; level: number; weight: number; template: number; file: string };

const everydayTopics = new Set(
  "workplace-relationships spirituality parenting marriage social-relationships professional-ethics legal-regulatory counseling-fundamentals intimacy family-conflict relationships relationship-dissolution human-sexuality lgbtq".split(
    " ",
  ),
);
const openers = ["", "", "", "", "", "honestly ", "sometimes ", "lately ", "I think ", "well, ", "and "];

/** Numbers from 0 to 1, the same for the same seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const random = numbersFrom(20261125);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function slots(folder: string): Map<string, string[]> {
  const lines = readFileSync(join(folder, "slots.txt"), "utf8").trim().split("\n");
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

/** Own lines, each in up to `copies` forms. */
export function readTemplates(folder: string, copies: number): Example[] {
  const values = slots(folder);
  const files = readdirSync(folder)
    .filter((name) => name.startsWith("lines"))
    .toSorted();
  const lines = files.flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .trim()
      .split("\n")
      .map((line) => ({ file, line })),
  );
  const examples: Example[] = [];
  for (const [template, { file, line }] of lines.entries()) {
    const [label, text] = line.split("|") as [RiskLevel, string];
    const level = levelNumber(label);
    if (level < 0 || text === undefined) throw new Error(`${file}: no level: ${line}`);
    const made = new Set<string>();
    for (let copy = 0; copy < copies; copy++) made.add(pick(openers) + filled(text, values));
    const isWide = text.includes("/");
    for (const one of made)
      examples.push({ text: one, level, weight: (isWide ? 10 : 4) / made.size, template, file });
  }
  return examples;
}

const isCalm = (text: string): boolean =>
  findPhrases(text, wordsOf(text)).evidence.every(({ level }) => level === "none");

/** The clauses of a text as examples without risk. */
function calmClauses(text: string, weight: number, template: number, file: string): Example[] {
  const words = wordsOf(text, knownWords);
  return sentencesOf(text, words).map(([from, to]) => ({
    text: text.slice(words[from]?.start, words[to - 1]?.end),
    level: 0,
    weight,
    template,
    file,
  }));
}

/** Sentences of counsel-chat's questions on everyday topics in which no phrase finds a risk. */
export async function readEveryday(path: string): Promise<Example[]> {
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
    examples.push(...calmClauses(text, 0.4, -seen.size, "counsel-chat"));
  }
  return examples;
}
