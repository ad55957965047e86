import type { Capital } from "./capitals.ts";
import { cities } from "./name-lists.ts";
import type { PiiSpan } from "./span.ts";

const citySet = new Set(cities.map((city) => city.replaceAll("_", " ")));
const cityStarts = new Set(Array.from(citySet, (city) => city.split(" ")[0] as string));

export const cityFirstWords = (): Iterable<string> => cityStarts;

const cityCue =
  /(?:\b(?:in|near|outside|around)|\b(?:liv(?:e|es|ed|ing)|mov(?:e|ed|ing)|grew up|raised|born|based|resides?|located|from|am|i'm)(?: (?:back|out|here|over))?(?: in| to| from| near)?) $/i;

/**
 * Cities of the list, behind words that say that somebody lives there. `starts`: where names may begin, ascending; else
 * anywhere.
 */
export function findCities(
  text: string,
  capitals: readonly Capital[],
  starts?: readonly number[],
): PiiSpan[] {
  const spans: PiiSpan[] = [];
  for (let at = 0; at < capitals.length; at++) {
    const { start, bare } = capitals[at] as Capital;
    if (starts?.includes(start) === false) continue;
    if (!cityStarts.has(bare) || !cityCue.test(text.slice(Math.max(0, start - 24), start))) continue;
    for (let count = 3; count > 0; count--) {
      const last = capitals[at + count - 1];
      if (last === undefined || !citySet.has(text.slice(start, last.end).toLowerCase())) continue;
      spans.push({ start, end: last.end, type: "city" });
      break;
    }
  }
  return spans;
}
