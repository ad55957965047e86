import { isInsideSentence } from "./names-by-role.ts";
import type { Capital } from "./capitals.ts";
import { isOtherWord } from "./other-words.ts";

// Forms that names hardly have: derived words, and medicines (WHO stems for common classes).
const unlikely =
  /(?:(.)\1\1.*|[^d]ing|[bcgklnpstvwz]ed|tion|sion|ism|ist|ness|ment|ship|ology|graphy|able|ible|www|https?|ized|ised|pam|lam|pril|statin|xetine|tidine|mycin|cillin|profen|azole|olol|ipram|triptyline|tal|pine|zine|done|gabalin|ify|tril|pentin)$/;
const isPlainWord = /^[A-Z\u00c0-\u00de][a-z\u00df-\u024f]+(?:-[A-Z\u00c0-\u00de][a-z\u00df-\u024f]+)?$/;
// What stands before a place or a thing, seldom before a person.
const placed =
  /\b(?:in|at|near|of|on|into|onto|the|a|an|this|that|these|those|new|your|no|some|any|every|each|old|own) $/i;
// Behind these "of" stands a person as well.
const ofPerson =
  /\b(?:because|afraid|scared|tired|sick|think|thinking|thought|dream|dreaming|dreamed|dreamt|picture|photo|photos|pictures|friend|jealous|proud|ashamed|fond|instead|care|advantage|memory|memories|front|heard|both) of $/i;
const surnameNext = /^ ([A-Z\u00c0-\u00de][a-z\u00df-\u024f'’-]{2,})(?=(?:['’]s)?(?:[.,;:!?)\n]|$| [a-z]))/;
// Brands, medicines, methods, works and faiths that a list of common words in newspapers lacks or takes for names.
const things = new Set(
  "aldi lidl tesco asda sainsburys waitrose morrisons walmart costco ikea primark zara etsy shein temu argos boots greggs nandos starbucks mcdonalds subway chipotle wendys domino dominos doordash deliveroo instacart ryanair easyjet lufthansa emirates heathrow gatwick airbnb expedia kia skoda seat dacia lexus tesla porsche ferrari fiat peugeot renault citroen subaru mazda yamaha kawasaki trello slack asana jira notion figma github dropbox evernote duolingo headspace calm fitbit garmin strava peloton spotify tidal hulu roku twitch discord telegram signal threads pinterest tumblr quora linkedin grindr bumble hinge onlyfans roblox fortnite minecraft pokemon zelda mario sims skyrim nintendo lego playmobil barbie marvel hogwarts simpsons bridgerton lamictal seroquel abilify zyprexa risperdal depakote effexor cymbalta pristiq celexa paxil remeron trazodone buspar klonopin ativan valium ambien lunesta suboxone naltrexone antabuse vyvanse concerta strattera methadone ozempic wegovy tylenol advil nurofen calpol botox reiki pilates zumba crossfit ayurveda metta vipassana feng brainspotting hypnobirthing lent advent diwali holi eid purim passover yom rosh kwanzaa sabbath torah vedas sikh jain taoism tory tories labour libdem brexit nhs covid omicron sudoku wordle yorkie labrador labradoodle cockapoo poodle husky dachshund chihuahua rottweiler dalmatian persian siamese bordeaux rioja merlot prosecco guinness heineken jager vegemite marmite nutella oreo snickers doritos pepsi fanta gatorade".split(
    " ",
  ),
);
const smallAfter = /^(?:['’]s)?(?:[.,;:!?)]|$| [a-z]| I\b)/;
// What only a person does, at a sentence's start, where any word has a capital.
const startsAsPerson =
  /^(?:['’]s (?:husband|wife|mother|mom|mum|father|dad|brother|sister|son|daughter|kids|friend|boyfriend|girlfriend|lawyer|doctor|boss|house|flat|funeral|birthday|voice|family)\b| and (?:I|me)\b| (?:always |never |just |also |still |even )?(?:says|said|told|tells|thinks|thought|wants|wanted|asked|asks|knows|knew|loves|loved|hates|hated|calls|called|texted|cried|cries|left|lives|lived|moved|cheated|promised|believes|feels|felt)\b)/;
const sentenceStart = /(?:^|[.!?]["”']?\s+|\n\s*)$/;
// Small words of other languages: where several stand, a capital is told by other rules than these.
const notEnglish =
  /\b(?:el|la|los|las|que|una|para|por|con|del|est[aá]|le|les|des|est|une|pas|und|der|die|das|ist|nicht|ein|che|il|di|para|uma|n[aã]o)\b/g;
const noBreak = 0xa0;
const vowel = /[aeiouy\u00e0-\u024f]/;

/** Whether a capital word at a text's or sentence's start may be asked about: what follows is what a person does. */
export function mayStartAsPerson(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  return (next === 32 || next === 39 || next === 0x2019) && startsAsPerson.test(text.slice(end, end + 32));
}

/**
 * A name that is on no list, since its word is none of those that are no name: inside a sentence where it has a capital
 * of its own, or at its start before what only a person does.
 */
export function isUnknownName(text: string, { start, end, bare }: Capital): boolean {
  if (bare.length < 3 || bare.length > 15 || isOtherWord(bare)) return false;
  const shown = text.slice(start, end);
  if (!isPlainWord.test(shown) || unlikely.test(bare) || !vowel.test(bare)) return false;
  if (isInsideSentence(text, start) && text.charCodeAt(start - 2) !== noBreak) {
    const surname = surnameNext.exec(text.slice(end, end + 24))?.[1]?.toLowerCase();
    const isBeforeSurname = surname !== undefined && !isOtherWord(surname) && !things.has(surname);
    if (!isBeforeSurname && !smallAfter.test(text.slice(end, end + 5))) return false;
    const before = text.slice(Math.max(0, start - 20), start);
    if (placed.test(before) && !ofPerson.test(before)) return false;
  } else if (!mayStartAsPerson(text, end) || !sentenceStart.test(text.slice(Math.max(0, start - 4), start)))
    return false;
  if (things.has(bare) || bare.split("-").some((part) => part !== bare && isOtherWord(part))) return false;
  const around = text.slice(Math.max(0, start - 200), end + 200);
  return (
    (around.match(notEnglish)?.length ?? 0) < 4 && !(bare.endsWith("s") && isOtherWord(bare.slice(0, -1)))
  );
}
