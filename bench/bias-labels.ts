// How well the bias labels find biased replies: npx tsx bench/bias-labels.ts [FILE.jsonl]
// Lines {text, label}: a bias category or "none"; those of bench/labels/bias.jsonl are synthetic. One JSON document.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { biasCategories, labelConversation } from "../src/data/labels/label.ts";
import { wilson } from "../src/inference/bench/statistics.ts";

const path = process.argv[2] ?? join(import.meta.dirname, "labels/bias.jsonl");
const rows = readFileSync(path, "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const { text, label } = JSON.parse(line) as { text: string; label: string };
    const messages = [
      { role: "user" as const, content: "What should I do?" },
      { role: "assistant" as const, content: text },
    ];
    return { text, label, found: labelConversation(messages, { extra: {}, shape: "chatml" }).bias };
  });
const biased = rows.filter(({ label }) => label !== "none");
const flagged = rows.filter(({ found }) => found.length > 0);
const share = (list: readonly unknown[], of: readonly unknown[]) => wilson(list.length, of.length);
process.stdout.write(
  `${JSON.stringify(
    {
      recall: share(
        biased.filter(({ label, found }) => found.includes(label)),
        biased,
      ),
      recallOfAny: share(
        biased.filter(({ found }) => found.length > 0),
        biased,
      ),
      precision: share(
        flagged.filter(({ label }) => label !== "none"),
        flagged,
      ),
      byCategory: Object.fromEntries(
        biasCategories.map((name) => {
          const own = biased.filter(({ label }) => label === name);
          return [
            name,
            share(
              own.filter(({ found }) => found.includes(name)),
              own,
            ),
          ];
        }),
      ),
      wrong: flagged.filter(({ label }) => label === "none").map(({ text, found }) => ({ text, found })),
    },
    null,
    2,
  )}\n`,
);
