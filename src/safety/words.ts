/** A word as patterns compare it, with the place in the text that it came from. */
export type Word = { form: string; start: number; end: number };

// Characters that show nothing: Unicode's default ignorable code points.
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const accents = /[\u0300-\u036F]/gu; // not the marks of Devanagari or Thai, which are letters
const apostrophes = /['\u2019\u2018`\u00B4\u02BC]/gu;
const leet: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
  "*": "",
};
// Latin look-alikes of Cyrillic and Greek letters (Unicode confusables), read as Latin inside a word of Latin letters.
const lookalikes: Readonly<Record<string, string>> = {
  а: "a",
  е: "e",
  о: "o",
  р: "p",
  с: "c",
  у: "y",
  х: "x",
  і: "i",
  ѕ: "s",
  ο: "o",
  α: "a",
  ε: "e",
  ι: "i",
};

// Letters, marks, digits, what stands in for them in disguise, apostrophes and what shows nothing.
const inWord = /^[\p{L}\p{M}\p{N}@$!|*'\u2019\u2018`\u00B4\u02BC\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]$/u;

// What a UTF-16 unit is: 0 not asked yet, 1 between words, 2 in a word, 3 a to z, 4 half of a pair.
const unitKinds = new Uint8Array(0x1_0000);
const [between, within, lowerLetter, half] = [1, 2, 3, 4] as const;

function kindOf(unit: number): number {
  const known = unitKinds[unit] as number;
  if (known !== 0) return known;
  const kind =
    unit >= 97 && unit <= 122
      ? lowerLetter
      : unit >= 0xd800 && unit <= 0xdfff
        ? half
        : inWord.test(String.fromCharCode(unit))
          ? within
          : between;
  unitKinds[unit] = kind;
  return kind;
}

/** One word in the form that patterns use: compatibility letters, lower case, no accents, no disguise. */
export function wordForm(raw: string): string {
  const isAscii = !/[^\x00-\x7F]/.test(raw);
  let form = isAscii
    ? raw.toLowerCase().replace(/['`]/g, "")
    : raw
        .normalize("NFKC")
        .toLowerCase()
        .replace(invisible, "")
        .replace(apostrophes, "")
        .normalize("NFD")
        .replace(accents, "")
        .normalize("NFC");
  form = form.replace(/^[!|*]+|[!|*]+$/g, "");
  if (/[a-z]/.test(form)) {
    if (!isAscii && /[\u0370-\u03FF\u0400-\u04FF]/u.test(form))
      form = Array.from(form, (one) => lookalikes[one] ?? one).join("");
    if (/[^a-z]/.test(form) && !/^\d+(?:mg|ml|g|am|pm|st|nd|rd|th|k)$/.test(form))
      form = form.replace(/[0-9@$!|*]/g, (one) => leet[one] ?? one);
  }
  return form;
}

/** Words of a text without joining what was spaced out: each stands for itself. */
export function plainWords(text: string): Word[] {
  const words: Word[] = [];
  const { length } = text;
  let start = -1;
  let isPlain = true;
  for (let at = 0; at <= length; at++) {
    let kind = at === length ? between : kindOf(text.charCodeAt(at));
    let units = 1;
    if (kind === half) {
      const point = text.codePointAt(at) as number;
      units = point > 0xffff ? 2 : 1;
      kind = units === 2 && inWord.test(String.fromCodePoint(point)) ? within : between;
    }
    if (kind === between) {
      if (start >= 0) {
        const raw = text.slice(start, at);
        const form = isPlain ? raw : wordForm(raw);
        if (form !== "") words.push({ form, start, end: at });
        start = -1;
        isPlain = true;
      }
    } else {
      if (start < 0) start = at;
      if (kind !== lowerLetter) isPlain = false;
    }
    at += units - 1;
  }
  return words;
}

/** Words of a text, with letters that were written apart ("k i l l", "d-i-e") put together, and cut at known words. */
export function wordsOf(text: string, vocabulary: ReadonlySet<string> = new Set()): Word[] {
  const plain = plainWords(text);
  const words: Word[] = [];
  for (let at = 0; at < plain.length; at++) {
    let end = at;
    while (end < plain.length && isLetter(plain[end] as Word) && (end === at || gap(plain, end) <= 3)) end++;
    if (end - at < 3) {
      words.push(plain[at] as Word);
      continue;
    }
    words.push(...joined(plain.slice(at, end), text).flatMap((word) => divided(word, vocabulary)));
    at = end - 1;
  }
  return words;
}

const isLetter = ({ form }: Word): boolean => form.length === 1 && form >= "a" && form <= "z";
const gap = (words: readonly Word[], at: number): number =>
  (words[at] as Word).start - (words[at - 1] as Word).end;

// A wider gap than the usual one ends a word: "k i l l   m y s e l f".
function joined(letters: readonly Word[], text: string): Word[] {
  const groups: Word[][] = [[]];
  const gaps = letters.slice(1).map((_, index) => gap(letters, index + 1));
  const usual = Math.min(...gaps);
  letters.forEach((letter, index) => {
    if (index > 0 && (gaps[index - 1] as number) > usual) groups.push([]);
    (groups.at(-1) as Word[]).push(letter);
  });
  // "i w a n t": the pronoun stands alone where nothing else divides.
  const first = groups[0] as Word[];
  if (
    groups.length === 1 &&
    first.length > 3 &&
    first[0]?.form === "i" &&
    !text.startsWith("i.", first[0].start)
  )
    groups.splice(0, 1, first.slice(0, 1), first.slice(1));
  return groups.map((group) => ({
    form: group.map(({ form }) => form).join(""),
    start: (group[0] as Word).start,
    end: (group.at(-1) as Word).end,
  }));
}

// Letters apart at even distance run several words together: the fewest known words that make up the whole.
function divided(word: Word, vocabulary: ReadonlySet<string>): Word[] {
  const { form, start, end } = word;
  if (vocabulary.has(form) || form.length > 60) return [word];
  const best: (string[] | undefined)[] = [[]];
  for (let to = 1; to <= form.length; to++)
    for (let from = Math.max(0, to - 14); from < to; from++) {
      const before = best[from];
      const piece = form.slice(from, to);
      if (before === undefined || !(vocabulary.has(piece) || piece === "i")) continue;
      if (best[to] === undefined || before.length + 1 < (best[to] as string[]).length)
        best[to] = [...before, piece];
    }
  return best[form.length]?.map((piece) => ({ form: piece, start, end })) ?? [word];
}
