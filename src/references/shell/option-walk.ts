import { enterValue, splitAssignment, type Meaning } from "./arguments.ts";
import type { ShellState } from "./state.ts";
import type { Word } from "./tokens.ts";
import { bareStart, wordTail } from "./word-span.ts";

/** What the value of each option is; `skip`: no path. */
export type Options = Readonly<Record<string, Meaning | "skip">>;

/** Walks words whose options are known: each one's value gets its meaning, `operand` takes the rest. */
export function walkOptions(
  state: ShellState,
  words: readonly Word[],
  options: Options,
  operand: (word: Word, index: number) => void,
): void {
  let index = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const bare = bareStart(word);
    if (!bare.startsWith("-") || bare === "-") {
      operand(word, index);
      index += 1;
      continue;
    }
    const split = splitAssignment(word);
    const name = split?.option === true ? split.name : bare;
    const meaning = options[name];
    if (split?.option === true) {
      if (meaning !== undefined && meaning !== "skip")
        enterValue(state, split.value, { key: name.replace(/^-+/, ""), ...meaning });
      continue;
    }
    if (meaning === undefined) {
      // `-rrequirements.txt`
      const short = options[bare.slice(0, 2)];
      if (bare.length > 2 && bare[1] !== "-" && short !== undefined && short !== "skip")
        enterValue(state, wordTail(word, 2), { key: bare[1] as string, ...short });
      continue;
    }
    const value = words[at + 1];
    at += 1;
    if (meaning !== "skip" && value !== undefined)
      enterValue(state, value, { key: name.replace(/^-+/, ""), ...meaning });
  }
}

/** A file without which the command fails. */
export const hard = { strength: "hard", certain: true } as const;
