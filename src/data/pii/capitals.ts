import { seen, type TurnFacts } from "../words.ts";

/** A capitalised word of a text; `bare`: in lower case without a possessive. */
export type Capital = { start: number; end: number; bare: string };

const capitalWord = /[A-Z\u00c0-\u00d6\u00d8-\u00de][A-Za-z\u00c0-\u024f'’-]*/g;
const wordBefore = /[A-Za-z\u00c0-\u024f0-9]/;

function capitalOf(start: number, word: string): Capital {
  const last = word.charCodeAt(word.length - 1);
  const isMarked = last === apostrophe || last === 0x2019 || last === hyphen || last === 115; // s
  const lower = word.toLowerCase();
  const bare = isMarked ? lower.replace(/['’]s$|['’-]+$/, "") : lower;
  return { start, end: start + bare.length, bare };
}

/** The capitalised words of a text in order. */
export function findCapitals(text: string): Capital[] {
  const found: Capital[] = [];
  for (const match of text.matchAll(capitalWord)) {
    if (match.index > 0 && wordBefore.test(text[match.index - 1] as string)) continue;
    found.push(capitalOf(match.index, match[0]));
  }
  return found;
}

const [apostrophe, hyphen] = [39, 45] as const;
const isMark = (code: number): boolean => code === apostrophe || code === hyphen;
const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122;
const isCapital = (code: number): boolean => code >= 65 && code <= 90;

/** True where a capitalised word goes on over a place: "O'Brien", "Mary-Jane". */
function isInsideWord(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (isCapital(code)) return true;
    if (!isMark(code) && !isLetter(code)) return false;
  }
  return false;
}

/** `findCapitals` from what a scan of the text told. */
export function capitalsOf(text: string, { facts, words }: TurnFacts): Capital[] {
  if ((facts.flags & seen.capital) === 0) return [];
  if ((facts.flags & seen.wide) !== 0) return findCapitals(text);
  const found: Capital[] = [];
  for (let number = facts.firstCapital; number < facts.lastCapital; number++) {
    const start = words.capitalAt(number);
    if (start > 0 && isMark(text.charCodeAt(start - 1)) && isInsideWord(text, start)) continue;
    let end = start + 1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (!isLetter(code) && !isMark(code)) break;
    }
    found.push(capitalOf(start, text.slice(start, end)));
  }
  return found;
}
