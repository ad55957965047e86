import type { Capital } from "./capitals.ts";

// What only a person does, feels or says, for short: a capital word before it inside a sentence is a name.
const doesAsPerson =
  /^(?: and I(?: (?:were|are|have|had|broke|met|married|got|fight|fought|don't|didn't|used|started|went|live|lived|both|never|always|talked|decided|split|divorced)\b|['’]ve\b)| who\b|(?: [A-Z][a-zà-ÿ'’-]+)? (?:(?:also|always|never|still|just|even|only|often|really|has|had) )?(?:said|says|told|tells|asked|asks|thinks|thought|knows|knew|wants|wanted|loves|loved|hates|hated|left|cheated|replied|texted|texts|cried|cries|yelled|yells|screamed|screams|hugged|kissed|feels|felt|believes|decided|decides|lied|lies|drinks|drank|promised|promises|refused|refuses|agreed|agrees|proposed|apologized|apologised|apologizes|died|passed away|snores|cooks|laughed|laughs|wrote|writes|works|moved|married|broke up|got angry|came home|drove|sleeps|[a-z]{2,}(?<!bas|relat|nam|call|help|unit|need|us|focus|orient|inform|affect|trigger|caus|start|continu|concern|prescrib)ed)\b)/;
// What is done to a person alone.
const doneToPerson =
  /\b(?:told|asked|tell|ask|married|marry|dating|date|dated|kissed|hugged|texted|divorced|divorce|trust|blame|forgive|forgave|introduced|babysit|miss|missed|and me|me and|fight with|argued with|fought with|talk to|talked to|spoke to|lied to|living with|live with|in love with|break up with|broke up with|are with|is with|was with|were with|thinking about|feelings for) $/;
const personsOwn =
  /^['’]s? (?:husband|wife|mother|mom|mum|father|dad|brother|sister|son|daughter|kids|children|friend|friends|boyfriend|girlfriend|partner|ex|family|parents|house|apartment|flat|funeral|death|birthday|room|phone|temper|voice|face|drinking|affair|job|lies)\b/;
const placed = /\b(?:in|at|from|near|to|of|the|a|an|new|your|my) $/i;
// Capital words inside sentences that are no persons, and persons who are nobody's secret.
const noPersons = new Set(
  "god jesus christ lord allah buddha satan bible santa quran christmas easter thanksgiving halloween hanukkah ramadan facebook instagram google amazon netflix youtube twitter tinder snapchat whatsapp reddit tiktok skype zoom uber apple microsoft xanax prozac zoloft lexapro adderall ritalin viagra wellbutrin lithium america american americans canada canadian england english british french german spanish italian mexican indian chinese japanese african asian european catholic muslim jewish jew hindu christian christians mormon buddhist republican democrat congress army navy marine marines veteran vet internet skype psychology counselor counsellor therapist doctor nurse provider attorney police judge officer pastor priest father mother mom mum mommy mama dad daddy papa grandma grandpa granny nana aunt uncle everyone everybody someone somebody anyone nobody none people men women man woman girl boy guy they them others one freud gottman jung beck rogers ellis maslow society science research studies mother's nature earth world self end she he get your you psyd ive joke day disney yoga cbt dbt emdr ptsd adhd ocd bpd alzheimer alzheimer's".split(
    " ",
  ),
);

/** True for capital words inside sentences that are no person's name, or a name that is no secret. */
export const isNobody = (bare: string): boolean => noPersons.has(bare);

/** True behind a small letter or a comma, where a capital means something. */
export function isInsideSentence(text: string, start: number): boolean {
  if (start < 3 || text.charCodeAt(start - 1) !== 32) return false;
  const last = text.charCodeAt(start - 2);
  return (last >= 97 && last <= 122) || last === 44 || last > 127;
}

/** A name that is on no list, by what the sentence lets it do: "when Oluwaseun told me", "I asked Thuy". */
export function isNamedByRole(text: string, { start, end, bare }: Capital): boolean {
  if (bare.length < 3 || !isInsideSentence(text, start)) return false;
  if (noPersons.has(bare) || /['’]/.test(bare) || /^[A-Z]{2}/.test(text.slice(start, start + 2)))
    return false;
  const after = text.slice(end, end + 48);
  if (personsOwn.test(after)) return true;
  // "a therapist in Houston who", "I am from London and I": a place; "the Prozac helped": a thing.
  if (placed.test(text.slice(Math.max(0, start - 6), start))) return false;
  if (doneToPerson.test(text.slice(Math.max(0, start - 18), start)))
    return /^(?:['’]s)?(?: [A-Z][a-zà-ÿ'’-]+)?(?:[.,;:!?)]|$| [a-z]| I\b)/.test(after);
  if (doesAsPerson.test(after)) return !(bare.endsWith("s") && after.startsWith(" who"));
  return false;
}
