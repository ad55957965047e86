import { randomWords } from "./pack.ts";

// Synthetic phrases, written for this file: no person's words, and no advice.
const openings = ["hello", "good morning", "hi there", "good evening"];
const feelings = ["tired", "worried", "restless", "hopeful", "lonely", "tense"];
const causes = ["work", "school", "an exam", "the move", "a long week", "the noise at night"];
const domains: Readonly<Record<string, { ask: string[]; answer: string[] }>> = {
  psychology: {
    ask: ["what is a habit?", "what does attention mean?", "how does memory work?"],
    answer: [
      "a habit is a step that you repeat until it runs by itself.",
      "attention is what the mind holds in the light for a while.",
      "memory keeps what you return to, and lets the rest go.",
    ],
  },
  mental_health: {
    ask: ["i feel {feeling} because of {cause}.", "since {cause} i am {feeling} every day."],
    answer: [
      "it makes sense to feel {feeling}. what part of {cause} weighs most?",
      "{cause} can leave you {feeling}. what has helped a little so far?",
    ],
  },
  bias_detection: {
    ask: ["is this sentence fair: all of them are late?", "does this text treat both groups the same way?"],
    answer: [
      "it speaks of a whole group at once. name the case instead.",
      "it gives one group more room than the other. compare the numbers.",
    ],
  },
  general_therapeutic: {
    ask: ["can we make a plan for today?", "i did the small step that we chose.", "where should i begin?"],
    answer: [
      "yes. one small step, at one time, in one place.",
      "well done. what did you notice while you did it?",
      "begin with what takes five minutes, and stop there.",
    ],
  },
};

export type BuiltInRecord = {
  id: string;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  source: "built-in";
  stage: null;
  labels: { domain: { value: string } };
};

/** Seeded template conversations: enough regularity for a tiny model to learn in a minute on a CPU. */
export function builtInRecords(options: { seed: number; count: number; split: string }): BuiltInRecord[] {
  const words = randomWords(`built-in|${options.seed}|${options.split}`);
  const pick = <T>(items: readonly T[]): T => items[words.next().value % items.length] as T;
  const names = Object.keys(domains);
  return Array.from({ length: options.count }, (_, index) => {
    const domain = names[index % names.length] as string;
    const phrases = domains[domain] as { ask: string[]; answer: string[] };
    const messages: BuiltInRecord["messages"] = [
      { role: "system", content: `you answer about ${domain.replaceAll("_", " ")}.` },
    ];
    const turns = 1 + (words.next().value % 3);
    for (let turn = 0; turn < turns; turn++) {
      const [feeling, cause] = [pick(feelings), pick(causes)];
      const at = words.next().value % phrases.ask.length;
      const fill = (text: string): string =>
        text.replaceAll("{feeling}", feeling).replaceAll("{cause}", cause);
      const greeting = turn === 0 ? `${pick(openings)}, ` : "";
      messages.push({ role: "user", content: greeting + fill(phrases.ask[at] as string) });
      messages.push({ role: "assistant", content: fill(phrases.answer[at] as string) });
    }
    return {
      id: `built-in-${options.split}-${index}`,
      messages,
      source: "built-in",
      stage: null,
      labels: { domain: { value: domain } },
    };
  });
}
