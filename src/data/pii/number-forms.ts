/** What the digits of a text look like: enough to tell which patterns cannot match. */
export type NumberForms = {
  digits: number;
  /** The longest run of digits, and of letters and digits. */
  digitRun: number;
  wordRun: number;
  colons: number;
  /** Times that a dot, hyphen or slash stands between two digits. */
  marks: number;
  hasPlus: boolean;
  /** True where a digit stands right behind a capital; right before a space. */
  isBehindCapital: boolean;
  isBeforeSpace: boolean;
  hasMonth: () => boolean;
};

const month = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const [other, digit, capital, small, mark, colon, plus, space] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/\d/.test(character)) return digit;
  if (/[A-Z]/.test(character)) return capital;
  if (/[a-z]/.test(character)) return small;
  if (/[./-]/.test(character)) return mark;
  return character === ":" ? colon : character === "+" ? plus : character === " " ? space : other;
});

/** Reads a text once. */
export function numberForms(text: string): NumberForms {
  let [digits, digitRun, wordRun, colons, marks] = [0, 0, 0, 0, 0];
  let [hasPlus, isBehindCapital, isBeforeSpace] = [false, false, false];
  let [inDigits, inWord, before, beforeMark] = [0, 0, other as number, other as number];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? (kinds[code] as number) : other;
    if (kind === digit) {
      digits++;
      if (++inDigits > digitRun) digitRun = inDigits;
      if (before === capital) isBehindCapital = true;
      else if (before === mark && beforeMark === digit) marks++;
    } else {
      inDigits = 0;
      if (kind === space) isBeforeSpace ||= before === digit;
      else if (kind === colon) colons++;
      else if (kind === plus) hasPlus = true;
    }
    if (kind === digit || kind === capital || kind === small) {
      if (++inWord > wordRun) wordRun = inWord;
    } else inWord = 0;
    beforeMark = before;
    before = kind;
  }
  let isMonthThere: boolean | undefined;
  const hasMonth = (): boolean => (isMonthThere ??= month.test(text));
  return {
    digits,
    digitRun,
    wordRun,
    colons,
    marks,
    hasPlus,
    isBehindCapital,
    isBeforeSpace,
    hasMonth,
  };
}
