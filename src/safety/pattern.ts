import type { Word } from "./words.ts";

/**
 * A pattern is words in order. `a|b` alternatives, `word~` any word that begins so, `?x` optional, `*` one to three
 * words of any kind, `{name}` a named list. Small words such as "just" may stand between.
 */
type Element = {
  words: ReadonlySet<string>;
  beginnings: readonly string[];
  isOptional: boolean;
  isGap: boolean;
};
export type Pattern<Label> = { elements: readonly Element[]; label: Label; source: string };

const fillers = new Set(
  (
    "really just so fucking fuckin freaking even literally actually honestly to the a an all that would be very kinda kind sort of " +
    "like still also maybe please now ever simply truly already always and then"
  ).split(" "),
);
const mostFillers = 3;
const longestGap = 3;

function elementOf(text: string): Element {
  const isOptional = text.startsWith("?");
  const body = isOptional ? text.slice(1) : text;
  const parts = body.split("|");
  return {
    words: new Set(parts.filter((part) => !part.endsWith("~"))),
    beginnings: parts.filter((part) => part.endsWith("~")).map((part) => part.slice(0, -1)),
    isOptional,
    isGap: body === "*",
  };
}

/** Replaces each `{name}` by every one of its alternatives. Throws on a name that is not in `lists`. */
export function expand(source: string, lists: Readonly<Record<string, readonly string[]>>): string[] {
  const found = /\{(\w+)\}/.exec(source);
  if (found === null) return [source];
  const list = lists[found[1] as string];
  if (list === undefined) throw new Error(`no list ${found[1]} for the pattern ${source}`);
  return list.flatMap((one) => expand(source.replace(found[0], one), lists));
}

export function pattern<Label>(source: string, label: Label): Pattern<Label> {
  return { elements: source.trim().split(/\s+/).map(elementOf), label, source };
}

const fits = (element: Element, form: string): boolean =>
  element.isGap || element.words.has(form) || element.beginnings.some((start) => form.startsWith(start));

export type Outcome = { kind: "whole"; end: number } | { kind: "open" } | { kind: "none" };
const none: Outcome = { kind: "none" };

/**
 * Compares a pattern with the words from `at`. `open`: the words end before the pattern is decided. Words from
 * `certain` on are unfinished: they may still become anything.
 */
export function matchAt(
  elements: readonly Element[],
  words: readonly Word[],
  at: number,
  certain: number = words.length,
): Outcome {
  let isOpen = false;
  const go = (element: number, word: number, skipped: number): number | undefined => {
    const wanted = elements[element];
    if (wanted === undefined) return word;
    if (word >= certain) {
      isOpen = true;
      return wanted.isOptional ? go(element + 1, word, skipped) : undefined;
    }
    const { form } = words[word] as Word;
    if (wanted.isGap) {
      for (let length = 1; length <= longestGap; length++) {
        if (word + length > certain) isOpen = true;
        else {
          const end = go(element + 1, word + length, 0);
          if (end !== undefined) return end;
        }
      }
      return undefined;
    }
    if (fits(wanted, form)) {
      const end = go(element + 1, word + 1, 0);
      if (end !== undefined) return end;
    }
    if (wanted.isOptional) {
      const end = go(element + 1, word, skipped);
      if (end !== undefined) return end;
    }
    if (element > 0 && skipped < mostFillers && fillers.has(form)) return go(element, word + 1, skipped + 1);
    return undefined;
  };
  const end = go(0, at, 0);
  if (end !== undefined) return { kind: "whole", end };
  return isOpen ? { kind: "open" } : none;
}

export type Match<Label> = { label: Label; source: string; start: number; end: number };

/** Patterns found by their first word, so that a text is read once. */
export class PatternIndex<Label> {
  private readonly byWord = new Map<string, Pattern<Label>[]>();
  private readonly byBeginning: { start: string; pattern: Pattern<Label> }[] = [];
  readonly vocabulary = new Set<string>();

  constructor(patterns: readonly Pattern<Label>[]) {
    for (const one of patterns) {
      const first = one.elements[0] as Element;
      if (first.isOptional || first.isGap)
        throw new Error(`a pattern begins with a certain word: ${one.source}`);
      for (const word of first.words) this.byWord.set(word, [...(this.byWord.get(word) ?? []), one]);
      for (const start of first.beginnings) this.byBeginning.push({ start, pattern: one });
      for (const element of one.elements) for (const word of element.words) this.vocabulary.add(word);
    }
  }

  /** Patterns that may begin with this word. */
  from(form: string): Pattern<Label>[] {
    const exact = this.byWord.get(form) ?? [];
    const begun = this.byBeginning.filter(({ start }) => form.startsWith(start)).map((one) => one.pattern);
    return begun.length === 0 ? exact : [...exact, ...begun];
  }

  /** Every whole match, by word index. */
  matches(words: readonly Word[]): Match<Label>[] {
    const found: Match<Label>[] = [];
    for (let at = 0; at < words.length; at++)
      for (const { elements, label, source } of this.from((words[at] as Word).form)) {
        const outcome = matchAt(elements, words, at);
        if (outcome.kind === "whole") found.push({ label, source, start: at, end: outcome.end });
      }
    return found;
  }
}
