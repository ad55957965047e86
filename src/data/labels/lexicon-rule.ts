import { headOf } from "../kernel/word-heads.ts";

/**
 * A rule of a lexical detector. `weight` 1: the term alone decides; less: terms add up. `hints`: words of
 * which a text must hold one before the pattern is tried, by their first four letters or whole; `heads`: their slots.
 */
export type LexiconRule = {
  rule: string;
  weight: number;
  hints: readonly string[];
  heads: readonly number[];
  pattern: RegExp;
};

type Terms = Readonly<Record<string, readonly [hints: string, source: string]>>;

/** Rules of one weight from `[hints, pattern]` by name: a hint is the first four letters of a word, or a whole shorter one. */
export const terms = (weight: number, list: Terms): LexiconRule[] =>
  Object.entries(list).map(([rule, [hints, source]]) => ({
    rule,
    weight,
    hints: hints.split(" "),
    heads: hints.split(" ").map(headOf),
    pattern: new RegExp(`\\b(?:${source})\\b`, "i"),
  }));
