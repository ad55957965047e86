// How well personal data is found, on seeded synthetic conversations with planted entities:
//   npx tsx bench/pii.ts [CONVERSATIONS] [SEED] [--counsel-chat FILE.csv]
// Prints one JSON document. Check digits are computed here anew, not by the product's code. Half of the people carry names
// that are on none of the product's lists. Templates are of two kinds: `usual`, and `hard` (no cue, lower case, odd forms).
import { readFileSync } from "node:fs";
import { csvScanner, scanItems } from "../src/records/index.ts";
import { scrub } from "../src/data/pii/scrub.ts";
import { drawer } from "../src/data/generate/draw.ts";
import { piiTypes } from "../src/data/pii/span.ts";
import { listedNames, otherNames, templates, traps } from "./pii/templates.ts";
import { entityOf } from "./pii/entities.ts";

type Span = { type: string; start: number; end: number };
type Planted = { text: string; spans: (Span & { kind: "usual" | "hard" })[] };
const count = Number(process.argv[2] ?? 2000);
const seed = process.argv[3] ?? "1";

function wilson(hits: number, of: number): [number, number, number] {
  if (of === 0) return [0, 0, 1];
  const z = 1.959964;
  const p = hits / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return [p, middle - half, middle + half].map((one) => Math.round(one * 10_000) / 10_000) as [
    number,
    number,
    number,
  ];
}

/** Fills a template's slots, and notes where each value came to stand. */
function plant(
  template: string,
  kind: "usual" | "hard",
  valueOf: (slot: string) => { type: string; text: string },
): Planted {
  const planted: Planted = { text: "", spans: [] };
  let at = 0;
  for (const match of template.matchAll(/\{(\w+)\}/g)) {
    planted.text += template.slice(at, match.index);
    const { type, text } = valueOf(match[1] as string);
    planted.spans.push({ type, kind, start: planted.text.length, end: planted.text.length + text.length });
    planted.text += text;
    at = match.index + match[0].length;
  }
  planted.text += template.slice(at);
  return planted;
}

const spanMark = new RegExp(` (${piiTypes.join("|")}) (\\d+) `);

/** The spans that were replaced, by comparing a text with its masked form. */
function replaced(text: string, masked: string): Span[] {
  const pieces = masked.split(spanMark);
  const spans: Span[] = [];
  let at = (pieces[0] as string).length;
  for (let piece = 1; piece < pieces.length; piece += 3) {
    const literal = pieces[piece + 2] as string;
    const isLast = piece + 3 >= pieces.length;
    const end =
      literal === ""
        ? isLast
          ? text.length
          : at + 1
        : isLast
          ? text.length - literal.length
          : text.indexOf(literal, at + 1);
    spans.push({ type: pieces[piece] as string, start: at, end });
    at = end + literal.length;
  }
  return spans;
}

const overlap = (a: Span, b: Span): number =>
  Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
type Tally = { planted: number; found: number; characters: number; covered: number };
const byType = new Map<string, Record<"usual" | "hard", Tally>>();
const names = { listed: { planted: 0, found: 0 }, other: { planted: 0, found: 0 } };
let [flagged, right, flaggedCharacters, rightCharacters, consistent, people] = [0, 0, 0, 0, 0, 0];
const wrong = new Map<string, number>();

for (let index = 0; index < count; index++) {
  const draw = drawer("pii", seed, index);
  const isListed = index % 8 < 4;
  const person = draw.pick(isListed ? listedNames : otherNames);
  const [first, last] = person.split(" ") as [string, string];
  const kind = index % 4 < 3 ? "usual" : "hard";
  const valueOf = (slot: string): { type: string; text: string } => {
    if (slot === "first") return { type: "name", text: first };
    if (slot === "full") return { type: "name", text: person };
    if (slot === "last") return { type: "name", text: last };
    if (slot === "lower") return { type: "name", text: first.toLowerCase() };
    return { type: slot === "mobile" ? "phone" : slot, text: entityOf(slot, draw) };
  };
  const chosen = Array.from({ length: 3 }, () => plant(draw.pick(templates[kind]), kind, valueOf));
  const texts: Planted[] = [...chosen, { text: draw.pick(traps), spans: [] }];
  const messages = texts.map(({ text }, at) => ({
    role: at % 2 === 0 ? ("user" as const) : ("assistant" as const),
    content: text,
  }));
  const clean = scrub(messages, {}, { key: "bench", group: undefined });
  const stands = new Set<string>();
  for (const [at, { text, spans }] of texts.entries()) {
    const found = replaced(text, clean.masked[at] as string);
    for (const one of spans) {
      const tally = byType.get(one.type) ?? {
        usual: { planted: 0, found: 0, characters: 0, covered: 0 },
        hard: { planted: 0, found: 0, characters: 0, covered: 0 },
      };
      byType.set(one.type, tally);
      const covered = found.reduce((sum, other) => sum + overlap(one, other), 0);
      tally[one.kind].planted++;
      tally[one.kind].characters += one.end - one.start;
      tally[one.kind].covered += covered;
      // A name's space may stay: first name and surname are two spans.
      const isWhole = covered >= one.end - one.start - (one.type === "name" ? 1 : 0);
      if (isWhole) tally[one.kind].found++;
      if (one.type === "name" && one.kind === "usual") {
        const side = isListed ? names.listed : names.other;
        side.planted++;
        if (isWhole) side.found++;
      }
    }
    for (const one of found) {
      const covered = spans.reduce((sum, other) => sum + overlap(one, other), 0);
      flagged++;
      flaggedCharacters += one.end - one.start;
      rightCharacters += covered;
      if (covered > 0) right++;
      else {
        const key = `${one.type}: ${text.slice(one.start, one.end)}`;
        wrong.set(key, (wrong.get(key) ?? 0) + 1);
      }
    }
    // Turns with the first name speak of one person, who must be one stand-in. "Dr. Miller" alone may be another.
    if (new RegExp(`\\b${first}\\b`).test(text))
      for (const word of clean.masked[at]?.matchAll(/ name (\d+) /g) ?? []) stands.add(word[1] as string);
  }
  if (stands.size > 1 && process.env["SHOW"] !== undefined)
    process.stderr.write(`${JSON.stringify([texts.map(({ text }) => text), clean.masked])}\n`);
  if (stands.size > 0) {
    people++;
    if (stands.size === 1) consistent++;
  }
}

async function counselChat(path: string) {
  async function* chunks() {
    yield readFileSync(path);
  }
  const tally = { answers: 0, naming: 0, kept: 0, keptWithColumn: 0 };
  for await (const item of scanItems(chunks(), csvScanner({ maxItemBytes: 2 ** 23 }))) {
    if (!item.ok) continue;
    const row = item.value as Record<string, string>;
    const content = (row["answerText"] ?? "").replace(/<[^>]+>/g, " ");
    const [first = "", last = ""] = (row["therapistInfo"] ?? "").split(/[\s,]+/);
    if (first.length < 2 || last.length < 2 || content.trim() === "") continue;
    tally.answers++;
    const holds = (text: string): boolean => new RegExp(`\\b${first.replace(/\W/g, "")}\\b`).test(text);
    if (!holds(content)) continue;
    tally.naming++;
    const talk = [
      { role: "user" as const, content: "How?" },
      { role: "assistant" as const, content },
    ];
    const options = { key: "bench", group: undefined };
    if (holds(scrub(talk, {}, options).messages[1]?.content ?? "")) tally.kept++;
    if (holds(scrub(talk, { therapistInfo: row["therapistInfo"] }, options).messages[1]?.content ?? ""))
      tally.keptWithColumn++;
  }
  return tally;
}

const total = (kind: "usual" | "hard", isName: boolean): Tally =>
  [...byType].reduce(
    (sum, [type, one]) =>
      (type === "name" || type === "city") === isName
        ? {
            planted: sum.planted + one[kind].planted,
            found: sum.found + one[kind].found,
            characters: sum.characters + one[kind].characters,
            covered: sum.covered + one[kind].covered,
          }
        : sum,
    { planted: 0, found: 0, characters: 0, covered: 0 },
  );
const recallOf = ({ planted, found, characters, covered }: Tally) => ({
  planted,
  recall: wilson(found, planted),
  characterRecall: characters === 0 ? null : Math.round((covered / characters) * 10_000) / 10_000,
});
const at = process.argv.indexOf("--counsel-chat");
process.stdout.write(
  `${JSON.stringify(
    {
      conversations: count,
      seed,
      precision: wilson(right, flagged),
      characterPrecision: Math.round((rightCharacters / flaggedCharacters) * 10_000) / 10_000,
      structured: { usual: recallOf(total("usual", false)), hard: recallOf(total("hard", false)) },
      namesAndCities: { usual: recallOf(total("usual", true)), hard: recallOf(total("hard", true)) },
      namesByList: {
        listed: wilson(names.listed.found, names.listed.planted),
        other: wilson(names.other.found, names.other.planted),
      },
      byType: Object.fromEntries(
        [...byType]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([type, one]) => [
            type,
            { usual: recallOf(one.usual), ...(one.hard.planted > 0 ? { hard: recallOf(one.hard) } : {}) },
          ]),
      ),
      consistency: wilson(consistent, people),
      wrong: Object.fromEntries([...wrong].toSorted(([, a], [, b]) => b - a).slice(0, 20)),
      ...(at < 0 ? {} : { counselChat: await counselChat(process.argv[at + 1] as string) }),
    },
    null,
    2,
  )}\n`,
);
