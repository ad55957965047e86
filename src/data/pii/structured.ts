import { seen } from "../words.ts";
import { numberForms } from "./number-forms.ts";
import type { PiiSpan } from "./span.ts";
import { rules } from "./structured-rules.ts";

const urlProbe = /http|www\.|\.(?:com|org|net|edu|gov|info|io|co\.uk|us|biz|me)\b/i;
const digitProbe = /\d[^\n]{0,3}\d/; // a lone digit is no number of a person
const birthProbe = /\b(?:born|birth|died|dob|anniversary)/i;
const trailing = /[.,;:!?*_~]+$/;

/** Personal data that its form gives away. `flags`: what a pass over the text has seen; by default everything. */
export function findStructured(text: string, flags = -1): PiiSpan[] {
  const hasAt = (flags & seen.at) !== 0 && text.includes("@");
  const hasUrl = (flags & seen.address) !== 0 && urlProbe.test(text);
  const hasDigits = (flags & seen.digit) !== 0 && (digitProbe.test(text) || birthProbe.test(text));
  if (!hasAt && !hasUrl && !hasDigits) return [];
  const spans: PiiSpan[] = [];
  const numbers = hasDigits ? numberForms(text) : undefined;
  for (const { type, pattern, needs, group, near, check } of rules) {
    const mayMatch =
      needs === "@" ? hasAt : needs === "url" ? hasUrl : numbers !== undefined && needs(numbers);
    if (!mayMatch) continue;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      let found = match[group ?? 0] ?? match[0];
      const start = match.index + (group === undefined ? 0 : match[0].lastIndexOf(found));
      if (type === "url") found = found.replace(trailing, "");
      if (near !== undefined && !near.test(text.slice(Math.max(0, start - 40), start))) continue;
      if (check !== undefined && !check(found)) continue;
      const end = start + found.length;
      if (spans.some((earlier) => earlier.start < end && start < earlier.end)) continue;
      spans.push({ start, end, type });
    }
  }
  return spans;
}
