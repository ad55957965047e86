import type { Word } from "./words.ts";

/**
 * A pattern is words in order. `a|b` alternatives, `word~` any word that begins so, `?x` and `?x|?y` optional, `*` one to three
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
  const parts = body.split("|").map((part) => part.replace(/^\?/, ""));
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

/** A pattern with the numbers of the elements that it cannot do without, the first one left out. */
type Entry<Label> = { pattern: Pattern<Label>; needed: readonly number[] };

// Forms whose elements are kept at most; a form is asked for again and again in a text.
const mostForms = 50_000;
const noElements = new Uint16Array(0);

/** A place in a table of 2^14 for a form's first units; of fewer units, 0 stands for what is missing. */
function headOf(form: string, units: number): number {
  let head = 0;
  for (let at = 0; at < units; at++)
    head = Math.imul(head ^ (at < form.length ? form.charCodeAt(at) : 0), 0x9e3779b1);
  return head >>> 18;
}

/**
 * Patterns found by their first word, so that a text is read once. A pattern is compared only where all the words that
 * it needs stand behind its first one.
 */
export class PatternIndex<Label> {
  private readonly elements: Element[] = [];
  private readonly starting: Entry<Label>[][] = [];
  private readonly byForm = new Map<string, Uint16Array>();
  private readonly byWord = new Map<string, number[]>();
  private readonly byBeginning = new Map<string, { start: string; element: number }[]>();
  // Which first letters occur at all: most words of a text fit no element, and need not be looked up.
  private readonly heads = new Uint8Array(2 ** 14);
  private readonly shortHeads = new Uint8Array(2 ** 14);
  private lastAt = new Int32Array(0);
  readonly vocabulary = new Set<string>();

  constructor(patterns: readonly Pattern<Label>[]) {
    const numbers = new Map<string, number>();
    for (const one of patterns) {
      const first = one.elements[0] as Element;
      if (first.isOptional || first.isGap)
        throw new Error(`a pattern begins with a certain word: ${one.source}`);
      const needed = one.elements
        .filter(({ isOptional, isGap }) => !isOptional && !isGap)
        .map((element) => this.numberOf(element, numbers));
      (this.starting[needed[0] as number] as Entry<Label>[]).push({ pattern: one, needed: needed.slice(1) });
      for (const element of one.elements) for (const word of element.words) this.vocabulary.add(word);
    }
    this.lastAt = new Int32Array(this.elements.length);
  }

  private numberOf(element: Element, numbers: Map<string, number>): number {
    const text = [...element.words, ...element.beginnings.map((one) => `${one}~`)].join("|");
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = this.elements.push(element) - 1;
    numbers.set(text, number);
    this.starting.push([]);
    for (const word of element.words) this.heads[headOf(word, 4)] = 1;
    for (const start of element.beginnings) {
      if (start.length < 4) this.shortHeads[headOf(start, 2)] = 1;
      else this.heads[headOf(start, 4)] = 1;
    }
    for (const word of element.words) this.byWord.set(word, [...(this.byWord.get(word) ?? []), number]);
    for (const start of element.beginnings) {
      const key = start.slice(0, 2);
      this.byBeginning.set(key, [...(this.byBeginning.get(key) ?? []), { start, element: number }]);
    }
    return number;
  }

  /** Numbers of the elements that a form fits. */
  private elementsOf(form: string): Uint16Array {
    if (this.heads[headOf(form, 4)] === 0 && this.shortHeads[headOf(form, 2)] === 0) return noElements;
    const known = this.byForm.get(form);
    if (known !== undefined) return known;
    const begun = this.byBeginning.get(form.slice(0, 2)) ?? [];
    const found = [
      ...(this.byWord.get(form) ?? []),
      ...begun.filter(({ start }) => form.startsWith(start)).map(({ element }) => element),
    ];
    const numbers = found.length === 0 ? noElements : Uint16Array.from(new Set(found));
    if (this.byForm.size >= mostForms) this.byForm.clear();
    this.byForm.set(form, numbers);
    return numbers;
  }

  /** Patterns that may begin with this word. */
  from(form: string): Pattern<Label>[] {
    return Array.from(this.elementsOf(form)).flatMap((element) =>
      (this.starting[element] as Entry<Label>[]).map(({ pattern: one }) => one),
    );
  }

  /** Every whole match, by word index. */
  matches(words: readonly Word[]): Match<Label>[] {
    const { lastAt } = this;
    lastAt.fill(-1);
    const places: number[] = [];
    const elements: Uint16Array[] = [];
    for (let at = 0; at < words.length; at++) {
      const numbers = this.elementsOf((words[at] as Word).form);
      if (numbers.length === 0) continue;
      places.push(at);
      elements.push(numbers);
      for (let one = 0; one < numbers.length; one++) lastAt[numbers[one] as number] = at;
    }
    const found: Match<Label>[] = [];
    for (let place = 0; place < places.length; place++) {
      const at = places[place] as number;
      const numbers = elements[place] as Uint16Array;
      for (let one = 0; one < numbers.length; one++) {
        const entries = this.starting[numbers[one] as number] as Entry<Label>[];
        for (let number = 0; number < entries.length; number++) {
          const { pattern: tried, needed } = entries[number] as Entry<Label>;
          if (!this.stand(needed, at)) continue;
          const outcome = matchAt(tried.elements, words, at);
          if (outcome.kind === "whole")
            found.push({ label: tried.label, source: tried.source, start: at, end: outcome.end });
        }
      }
    }
    return found;
  }

  /** True where each of the elements is met behind a place. */
  private stand(needed: readonly number[], at: number): boolean {
    for (let one = 0; one < needed.length; one++)
      if ((this.lastAt[needed[one] as number] as number) <= at) return false;
    return true;
  }
}
