import { finish, mixEight, wordBasis } from "./word-hash.ts";

const wideWord = /[\p{L}\p{N}]/u;
const wideSpace = /\s/;
/** Kinds of characters beyond ASCII; `lower`: part of a word, one unit, its own lower case. */
const kind = { mark: 1, space: 2, word: 3, lower: 4 } as const;
const kinds = new Uint8Array(2 ** 16); // filled as they are met

function kindOf(point: number): number {
  const known = point > 0xffff ? 0 : (kinds[point] as number);
  if (known !== 0) return known;
  const character = String.fromCodePoint(point);
  const isOwnLower = character.length === 1 && character.toLowerCase() === character;
  const found = !wideWord.test(character)
    ? wideSpace.test(character)
      ? kind.space
      : kind.mark
    : isOwnLower
      ? kind.lower
      : kind.word;
  if (point <= 0xffff) kinds[point] = found;
  return found;
}

// What a UTF-16 unit is in a word: its lower-case form for ASCII letters and digits, 0 for other ASCII.
const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 122) ? code : code >= 65 && code <= 90 ? code + 32 : 0,
);

const [dot, slash, at, quote, backslash] = [46, 47, 64, 34, 92];
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isMarkup = (code: number): boolean => code === 60 || code === 123 || code === 125 || code === 91;

/** What a scan in plain script tells: the same as the kernel of an ASCII text, and of every other one too. */
export type WideScan = {
  /** Letters and digits of ASCII. */
  wordUnits: number;
  digits: number;
  capitals: number;
  /** Letters and digits beyond ASCII, in UTF-16 units. */
  otherLetters: number;
  /** UTF-8 bytes beyond one for each unit. */
  moreBytes: number;
  hasAt: boolean;
  hasAddress: boolean;
  hasMarkup: boolean;
  /** White space other than single spaces. */
  hasSpace: boolean;
  hasWideCapital: boolean;
  /** Something that JSON writes in another way. */
  hasEscape: boolean;
};

/** Calls back with the hash of each word of a text: lower case, letters and digits only. */
export function scanWide(text: string, add: (hash: number) => void): WideScan {
  let [hash, low, high, bytes] = [wordBasis, 0, 0, 0];
  const put = (byte: number): void => {
    if (bytes > 0 && (bytes & 7) === 0) {
      hash = mixEight(hash, low, high);
      [low, high] = [0, 0];
    }
    if ((bytes & 4) === 0) low |= byte << (8 * (bytes & 3));
    else high |= byte << (8 * (bytes & 3));
    bytes++;
  };
  const endWord = (): void => {
    if (bytes === 0) return;
    add(finish(mixEight(hash, low, high)));
    [hash, low, high, bytes] = [wordBasis, 0, 0, 0];
  };
  const putPoint = (point: number): void => {
    if (point < 0x80) put(point);
    else if (point < 0x800) {
      put(0xc0 | (point >> 6));
      put(0x80 | (point & 63));
    } else {
      if (point < 0x10000) put(0xe0 | (point >> 12));
      else {
        put(0xf0 | (point >> 18));
        put(0x80 | ((point >> 12) & 63));
      }
      put(0x80 | ((point >> 6) & 63));
      put(0x80 | (point & 63));
    }
  };
  const seen: WideScan = {
    wordUnits: 0,
    digits: 0,
    capitals: 0,
    otherLetters: 0,
    moreBytes: 0,
    hasAt: false,
    hasAddress: false,
    hasMarkup: false,
    hasSpace: false,
    hasWideCapital: false,
    hasEscape: false,
  };
  let before = 0; // the ASCII character before, 0 for others
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 128) {
      const lower = ascii[code] as number;
      if (lower !== 0) {
        if (bytes === 0 && before === dot) seen.hasAddress = true;
        put(lower);
        seen.wordUnits++;
        if (lower !== code) seen.capitals++;
        else if (code < 58) seen.digits++;
        before = code;
        continue;
      }
      endWord();
      if (isSpace(code) && (code !== 32 || isSpace(before))) seen.hasSpace = true;
      else if (code === at) seen.hasAt = true;
      else if (code === slash) seen.hasAddress = true;
      else if (isMarkup(code)) seen.hasMarkup = true;
      if (code < 32 || code === quote || code === backslash) seen.hasEscape = true;
      before = code;
      continue;
    }
    before = 0;
    const point = text.codePointAt(index) as number;
    seen.moreBytes += point < 0x800 ? 1 : 2; // bytes beyond the one of each unit
    if (point > 0x2ff || (point >= 0xc0 && point !== 0xd7 && point !== 0xf7))
      seen.otherLetters += point > 0xffff ? 2 : 1;
    if (point >= 0xc0) seen.hasWideCapital = true;
    if (point > 0xffff) index++;
    const is = kindOf(point);
    if (is === kind.lower) putPoint(point);
    else if (is === kind.word)
      for (const one of String.fromCodePoint(point).toLowerCase()) putPoint(one.codePointAt(0) as number);
    else {
      endWord();
      if (is === kind.space) seen.hasSpace = true;
    }
  }
  endWord();
  return seen;
}
