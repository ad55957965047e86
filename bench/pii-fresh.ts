// How many names of sentences that no rule was written for are found, and how many capitals are wrongly taken for names:
//   npx tsx bench/pii-fresh.ts [--show]
import { scrub } from "../src/data/pii/scrub.ts";
import { freshNames, freshSentences, freshTraps } from "./pii/fresh.ts";
import { wilson } from "../src/inference/bench/statistics.ts";

const isShown = process.argv.includes("--show");
const masked = (text: string): string =>
  scrub([{ role: "user" as const, content: text }], {}, { key: "bench", group: undefined })
    .masked[0] as string;
const share = (count: number, of: number): string => {
  const { value, low, high } = wilson(count, of);
  return `${value?.toFixed(3)} (${low?.toFixed(3)} to ${high?.toFixed(3)}; ${count} of ${of})`;
};
let [found, planted] = [0, 0];
const missed = new Map<string, number>();
for (const person of freshNames)
  for (const sentence of freshSentences) {
    const first = person.split(" ")[0] as string;
    const text = sentence.replace("{first}", first).replace("{full}", person);
    planted++;
    const isWhole = person.split(" ").every((word) => !masked(text).includes(word));
    if (isWhole) found++;
    else for (const key of [sentence, person]) missed.set(key, (missed.get(key) ?? 0) + 1);
  }
const wrong = freshTraps.filter((text) => / name \d+ /.test(masked(text)));
process.stdout.write(
  `names found: ${share(found, planted)}\nsentences without a name in which one was found: ${share(wrong.length, freshTraps.length)}\n`,
);
if (isShown)
  process.stdout.write(
    `${[...missed].map(([key, count]) => `${count} ${key}`).join("\n")}\n${wrong.join("\n")}\n`,
  );
