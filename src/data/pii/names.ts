import { femaleNames, maleNames, sharedNames, surnames } from "./name-lists.ts";
import { findCapitals, type Capital } from "./capitals.ts";
import { isNamedByRole, isNobody } from "./names-by-role.ts";
import type { PiiSpan } from "./span.ts";
import { isUnknownName } from "./unknown-names.ts";
import { ambiguousNames } from "./surrogate-names.data.ts";

const [femaleSide, maleSide] = [1, 2] as const;
const sides = new Map<string, number>([
  ...femaleNames.map((name) => [name, femaleSide] as const),
  ...maleNames.map((name) => [name, maleSide] as const),
  ...sharedNames.map((name) => [name, femaleSide | maleSide] as const),
]);
const surnameSet = new Set(surnames);

/** A person of one conversation: the words of their name in lower case, as far as they are known. */
export type Person = { first: string | undefined; last: string | undefined };

export const firstNames = (): Iterable<string> => sides.keys();

const isFirstName = (word: string): boolean => sides.has(word);
const isCertain = (word: string): boolean => isFirstName(word) && !ambiguousNames.has(word);

/** The side of the lists on which a first name stands. */
export function genderOf(first: string | undefined): "female" | "male" | undefined {
  const side = first === undefined ? undefined : sides.get(first);
  return side === femaleSide ? "female" : side === maleSide ? "male" : undefined;
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const titles = setOf("dr mr mrs ms miss prof professor doctor");
const kin =
  "husband wife son daughter sister brother mother father mom mum dad friend boyfriend girlfriend partner fianc[eé]e? ex uncle aunt cousin nephew niece boss roommate colleague";
/**
 * Every word that may stand right before a name that is on no list, by the rules below: where none of them ends, such a
 * word is not looked at (`capital-cues.ts`).
 */
export const personCues = {
  titles: [...titles],
  kin: [...kin.split(" ").filter((word) => /^[a-z]+$/.test(word)), "fiance", "fiancee"],
  introducing: ["is", "was", "named", "by", "am"],
} as const;
const strongBefore = /(?:\bname(?: is|'s|’s| was)|\bnamed|\bgoes by) {1,2}$/;
const weakBefore = setOf(
  "husband wife son daughter sister brother mother father mom mum dad friend boyfriend girlfriend partner fiance fiancé fiancee fiancée ex boss uncle aunt cousin nephew niece grandmother grandfather roommate coworker colleague therapist counselor counsellor teacher neighbor neighbour child kid boy girl baby twin stepson stepdaughter hi hello hey dear thanks sorry i'm i’m am it's it’s with from told asked love miss met dating married and about to for by called is was sincerely regards best wishes warmly cheers care blessings respectfully yours luck well",
);
const afterName =
  /^(?:[, ]+(?:said|says|told|asked|thinks|wants|wanted|loves|loved|hates|left|cheated|replied|calls|called)\b| and I\b)/;
const credentials = setOf(
  "lcsw lpc lmft phd psyd msw md lmhc lmsw ncc mft lpcc cadc lcpc edd lac licsw lcmhc lisw lmhp dbh lmac",
);
const common = setOf(
  "the and but you your she her he his they it if when what how why that this there do is are was not in on at my we so also please god monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december english american christian doctor dr mom dad i'm i’m i'll i've who where let just maybe yes no well good hello hi thank thanks best couples family therapy therapist counselor counseling life coach health mental center centre clinic street wellness university college hospital church school",
);

// A relative named by the one who speaks: what stands behind is a name, listed or not.
const kinBefore = new RegExp(
  `\\b(?:my|his|her|our|their)(?: [a-z]{2,12})? (?:${kin.replaceAll(" ", "|")}),? $`,
  "i",
);
const introducedBefore = /\b(?:hello|hi|hey)[,!.]? (?:i['’]m|i am|this is) $/i;
const closingBefore =
  /\b(?:wishes|regards|sincerely|yours|thanks|thank you|cheers|warmly|love|respectfully)[,.!]?\s*\n\s*$/i;
const lineStart = setOf(
  "after before when while since but and so then because although though if as what who why how where now today yesterday he she we they it this that these those there here",
);

/** A name that is on no list: behind a relative, an introduction, or as a letter's signature. */
function isNamedByContext(text: string, { start, end, bare }: Capital): boolean {
  if (bare.length < 3 || start < 3) return false;
  const isNewLine = text[start - 1] === "\n";
  const last = text.charCodeAt(start - 2) | 32; // lower case for letters; a comma stays one
  if (!isNewLine && !((last >= 97 && last <= 122) || last === 44 || last > 127)) return false;
  if (lineStart.has(bare) || ambiguousNames.has(bare)) return false;
  const before = text.slice(Math.max(0, start - 48), start);
  if (isNewLine) return closingBefore.test(before) && isAtEnd(text, end);
  return kinBefore.test(before) || introducedBefore.test(before);
}

// A capital in the middle of a sentence whose neighbours are small: no heading, no beginning.
const isInSentence = (text: string, { start, end }: Capital): boolean =>
  /(?:^|[^A-Za-z\u00c0-\u024f])[a-z'’]{1,24}[,;:]? $/.test(text.slice(Math.max(0, start - 28), start)) &&
  /^(?:['’]s)?(?:[.,;:!?)]|$| [a-z]| I\b)/.test(text.slice(end, end + 5));

/** A surname may follow a first name by one space, or behind one initial. */
function surnameAfter(text: string, capitals: readonly Capital[], at: number): string | undefined {
  const first = capitals[at] as Capital;
  let next = capitals[at + 1];
  if (next?.bare.length === 1 && next.start - first.end <= 2) next = capitals[at + 2];
  if (next === undefined || next.bare.length < 2 || next.start - first.end > 4) return undefined;
  if (!/^ {1,2}(?:[A-Z]\.? )?$/.test(text.slice(first.end, next.start))) return undefined;
  return common.has(next.bare) || ambiguousNames.has(next.bare) || credentials.has(next.bare)
    ? undefined
    : next.bare;
}

/** Whether a first name and surname stand before small letters or a sentence's end, not in a heading. */
function isBeforeSmall(text: string, capitals: readonly Capital[], at: number): boolean {
  const surname = capitals[at + ((capitals[at + 1] as Capital).bare.length === 1 ? 2 : 1)];
  return (
    surname !== undefined &&
    /^(?:['’]s)?(?:[.,;:!?)]|$| [a-z])/.test(text.slice(surname.end, surname.end + 4))
  );
}

/** Whether only a surname, credentials and punctuation stand between a word and the text's end: a signature. */
const isAtEnd = (text: string, end: number): boolean =>
  text.length - end < 80 &&
  /^(?: [A-Z][\w'’.-]*){0,3}(?:,? (?:[A-Z][\w.-]*|~|&)){0,6}[\s.,!~]*$/.test(text.slice(end));

function personAt(text: string, capitals: readonly Capital[], at: number): Person | undefined {
  const { start, end, bare } = capitals[at] as Capital;
  if (bare.length < 2 || common.has(bare)) return undefined;
  const isListed = isFirstName(bare);
  const capital = capitals[at] as Capital;
  const isNamed =
    !isListed &&
    (isNamedByContext(text, capital) ||
      (!lineStart.has(bare) &&
        !ambiguousNames.has(bare) &&
        (isNamedByRole(text, capital) || (!isNobody(bare) && isUnknownName(text, capital)))));
  // Else without a listed name only a title or "name is" counts: last letters tell cheaply that neither stands there.
  if (!isListed && !isNamed && !/[.rsdyf] $/.test(text.slice(Math.max(0, start - 2), start)))
    return undefined;
  const before = text.slice(Math.max(0, start - 24), start);
  const previous = /([A-Za-z\u00c0-\u024f'’]+)[.,]?[ \n]{1,2}$/.exec(before)?.[1]?.toLowerCase();
  const isTitled = previous !== undefined && titles.has(previous);
  const isStrong = isTitled || strongBefore.test(before) || (isListed && /~ ?$/.test(before));
  if (!isListed && !isStrong && !isNamed) return undefined;
  const last = surnameAfter(text, capitals, at);
  if (isNamed) return { first: bare, last };
  if (isStrong) return isListed || !ambiguousNames.has(bare) ? { first: bare, last } : undefined;
  if (last !== undefined && surnameSet.has(last)) return { first: bare, last };
  const credential =
    last === undefined ? undefined : capitals[at + (capitals[at + 1]?.bare.length === 1 ? 3 : 2)];
  if (credential !== undefined && credentials.has(credential.bare.replaceAll(".", "")))
    return { first: bare, last };
  if (!isCertain(bare)) return undefined;
  const isWeak =
    (previous !== undefined && weakBefore.has(previous)) ||
    (/(?:^|\s)[-–—~]\s*$/.test(before) && isAtEnd(text, end)) ||
    (/(?:^|[\n.!?,~])\s{0,4}$/.test(before) && isAtEnd(text, end)) ||
    /\b[Cc]all me $/.test(before) ||
    afterName.test(text.slice(end, end + 14)) ||
    isInSentence(text, capitals[at] as Capital) ||
    (last !== undefined && isBeforeSmall(text, capitals, at));
  return isWeak ? { first: bare, last } : undefined;
}

const lowerCaseCue = /\bname(?:'s|’s| is) {1,2}([a-z\u00df-\u024f]{2,30})\b/g;

const noNames = setOf(
  "mud not on in at the an never called being so very already what too also still now just used listed written unknown known private irrelevant important withheld changed john's spelled misspelled different wrong missing there here mine his her their hers ok okay fake real",
);
/** "my name is oluwaseun and i ...": what follows shows that the word is the whole name. */
const isIntroduced = (text: string, cue: number, word: string): boolean =>
  word.length > 2 &&
  !noNames.has(word) &&
  !common.has(word) &&
  /\b[Mm]y $/.test(text.slice(Math.max(0, cue - 3), cue)) &&
  /^(?: and (?:i|I)\b|,? (?:i|I)['’ ]|[.,!]|$)/.test(text.slice(text.indexOf(word, cue + 4) + word.length));

/**
 * People whose names stand in a text with a signal beside the name itself. `starts`: where names may begin, else
 * anywhere; `mayHoldCue`: false if the text does not hold the word "name".
 */
export function findPeople(
  text: string,
  capitals: readonly Capital[] = findCapitals(text),
  starts?: readonly number[],
  mayHoldCue = text.includes("name"),
): Person[] {
  const people: Person[] = [];
  // A text in capitals alone gives no signal.
  if (capitals.length > 0 && /[a-z]/.test(text)) {
    for (let at = 0; at < capitals.length; at++) {
      if (starts !== undefined && !starts.includes((capitals[at] as Capital).start)) continue;
      const person = personAt(text, capitals, at);
      if (person !== undefined) people.push(person);
    }
  }
  if (mayHoldCue) {
    // In lower case a name must be listed, or stand as a whole sentence's end does: "my name is mud" stays.
    for (const match of text.matchAll(lowerCaseCue)) {
      const word = match[1] as string;
      if (isCertain(word) || isIntroduced(text, match.index, word))
        people.push({ first: word, last: undefined });
    }
  }
  return people;
}

/** The person that a metadata value names ("Sherry Katz, LCSW"), if it looks like a person's name. */
export function personInField(key: string, value: string): Person | undefined {
  const field = key.toLowerCase().replaceAll(/[^a-z]/g, "");
  const isPerson =
    /^(?:therapist|client|patient|counsell?or|author|user|speaker|person|full|first|last|sur|nick)(?:name|info)?$/.test(
      field,
    );
  if (!isPerson && field !== "name") return undefined;
  const head = (value.split(/[,(\n|]/)[0] as string).trim().replace(/^(?:Dr|Mr|Mrs|Ms|Miss|Prof)\.? +/, "");
  const words = head.split(/ +/);
  if (words.length > 4 || !words.every((word) => /^\p{Lu}[\p{L}'’.-]*$/u.test(word))) return undefined;
  if (words.some((word) => common.has(word.toLowerCase()))) return undefined;
  const names = words.map((word) => word.toLowerCase().replace(/\.$/, "")).filter((word) => word.length > 1);
  const first = names[0];
  if (first === undefined) return undefined;
  const last =
    names.length > 1 ? names.findLast((word) => !credentials.has(word) && word !== first) : undefined;
  return isFirstName(first) || (isPerson && last !== undefined) ? { first, last } : undefined;
}

/** Every place in a text where a known person's name stands, capitalised or in capitals, possessive forms too. */
export function findNamePlaces(
  text: string,
  capitals: readonly Capital[],
  words: ReadonlyMap<string, number>,
  mayHoldCue = text.includes("name"),
): (PiiSpan & { person: number })[] {
  const places: (PiiSpan & { person: number })[] = [];
  if (words.size === 0) return places;
  for (const { start, end, bare } of capitals) {
    const person = words.get(bare);
    if (person === undefined) continue;
    if (ambiguousNames.has(bare)) {
      // "Will you": at a sentence's start a word that is also a name is taken as the word.
      const before = text.slice(Math.max(0, start - 24), start).trimEnd();
      const follows = places.at(-1);
      const isBehindName = follows !== undefined && follows.person === person && start - follows.end <= 2;
      const isBehindCue = /\b(?:name is|name's|named|call me|I'm|I am|Dr\.?|Mr\.?|Mrs\.?|Ms\.?)$/.test(
        before,
      );
      if ((before === "" || /[.!?:]$/.test(before)) && !isBehindName && !isBehindCue) continue;
    }
    places.push({ start, end, type: "name", person });
  }
  if (mayHoldCue) {
    for (const match of text.matchAll(lowerCaseCue)) {
      const person = words.get(match[1] as string);
      const start = match.index + match[0].length - (match[1] as string).length;
      if (person !== undefined)
        places.push({ start, end: match.index + match[0].length, type: "name", person });
    }
  }
  return places;
}
