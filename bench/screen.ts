// The risk screen on every labelled file, as one Markdown page: recall and false positives with Wilson intervals by level,
// category and language, false alarms of whole conversations, and time on texts of 2,000 characters.
//   npm run proof:screen -- [FILE.jsonl ...]      without files: bench/safety/*.jsonl
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { evaluateScreen, type LabelledText, type ScreenScores } from "../src/inference/index.ts";
import { screenConversation, screenText } from "../src/safety/index.ts";

const folder = join(import.meta.dirname, "safety");
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : readdirSync(folder)
        .filter((name) => name.endsWith(".jsonl"))
        .toSorted()
        .map((name) => join(folder, name));
const read = (file: string): LabelledText[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as LabelledText);

type Share = ScreenScores["watch"]["recall"];
const share = ({ count, of, value, low, high }: Share): string =>
  value === null || low === null || high === null
    ? "-"
    : `${value.toFixed(3)}, ${low.toFixed(2)} to ${high.toFixed(2)} (${count} of ${of})`;
const line = (cells: readonly string[]): void => {
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
};
const row = (name: string, { watch, elevated, imminent }: ScreenScores): void =>
  line([
    name,
    ...[watch, elevated, imminent].flatMap(({ recall, falsePositives }) => [
      share(recall),
      share(falsePositives),
    ]),
  ]);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

say("# The risk screen on labelled texts\n");
say("A level or worse; 95 % Wilson intervals. Drafts on synthetic texts: no claim of clinical safety.\n");
const all: LabelledText[] = [];
for (const file of files) {
  const items = read(file);
  all.push(...items);
  const { scores, byCategory, byLanguage, falseAlarms } = evaluateScreen(items);
  say(`## ${basename(file)}, ${items.length} texts\n`);
  line(["part", "watch recall", "false", "elevated recall", "false", "imminent recall", "false"]);
  line(Array.from({ length: 7 }, () => "---"));
  row("all", scores);
  for (const [name, one] of Object.entries(byCategory)) row(`category ${name}`, one);
  if (Object.keys(byLanguage).length > 1)
    for (const [name, one] of Object.entries(byLanguage)) row(`language ${name}`, one);
  if (falseAlarms.watch.of > 0)
    say(
      `\nConversations of ${falseAlarms.turns} harmless texts, raised at any turn: watch ${share(falseAlarms.watch)}; elevated ${share(falseAlarms.elevated)}; imminent ${share(falseAlarms.imminent)}.`,
    );
  say("");
}

// Time: the labelled texts one behind the other, cut at 2,000 characters; each cut's fastest of five.
const joined = all.map(({ text }) => text).join(" ");
const cuts = Array.from({ length: Math.floor(joined.length / 500) }, (_, at) =>
  joined.slice(at * 500, at * 500 + 2000),
);
function microseconds(pieces: readonly (() => unknown)[]): string {
  const best = pieces.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 5; round++)
    for (const [at, run] of pieces.entries()) {
      const startedAt = performance.now();
      run();
      best[at] = Math.min(best[at] as number, (performance.now() - startedAt) * 1000);
    }
  best.sort((a, b) => a - b);
  const at = (part: number): string =>
    (best[Math.min(best.length - 1, Math.floor(best.length * part))] as number).toFixed(0);
  return `p50 ${at(0.5)} us, p99 ${at(0.99)} us, most ${at(1)} us`;
}
const turn = (content: string) => ({ role: "user" as const, content });
const chats = Array.from({ length: Math.floor(all.length / 20) }, (_, at) =>
  all.slice(at * 20, at * 20 + 20).map(({ text }) => turn(text)),
);
say("## Time\n");
say(
  `- ${cuts.length} texts of 2,000 characters: ${microseconds(cuts.map((text) => () => screenText(text)))}`,
);
say(
  `- ${chats.length} conversations of 20 turns, whole: ${microseconds(chats.map((turns) => () => screenConversation(turns)))}`,
);
