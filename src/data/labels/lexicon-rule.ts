/**
 * A rule of a lexical detector. `weight` 1: the term alone decides; less: terms add up. `hints`: first letters, at most
 * four, of words of which a text must hold one before the pattern is tried.
 */
export type LexiconRule = { rule: string; weight: number; hints: readonly string[]; pattern: RegExp };

type Terms = Readonly<Record<string, readonly [hints: string, source: string]>>;

/** Rules of one weight from `[hints, pattern]` by name. */
export const terms = (weight: number, list: Terms): LexiconRule[] =>
  Object.entries(list).map(([rule, [hints, source]]) => ({
    rule,
    weight,
    hints: hints.split(" "),
    pattern: new RegExp(`\\b(?:${source})\\b`, "i"),
  }));
