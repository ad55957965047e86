import { isBitcoin, isCard, isDea, isIban, isNhs, isNpi, isRouting, isVin } from "./check-digits.ts";
import { helpLineHosts, helpLineNumbers } from "./help-lines.data.ts";
import type { NumberForms } from "./number-forms.ts";
import type { PiiType } from "./span.ts";

/** `group`: the part of the match that is personal; `near`: words that must stand up to 40 characters before it. */
export type Rule = {
  type: PiiType;
  pattern: RegExp;
  /** What a text must hold for the pattern to be tried; for numbers, what its digits must look like at least. */
  needs: "@" | "url" | ((numbers: NumberForms) => boolean);
  group?: number;
  near?: RegExp;
  check?: (text: string) => boolean;
};

const months =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const states =
  "A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]";
const streets =
  "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Circle|Cir|Highway|Hwy|Parkway|Pkwy|Square|Sq|Way";

const digitsOf = (text: string): string => text.replaceAll(/\D/g, "");

/** Toll-free numbers (prefixes of the North American plan) belong to services, not to people. */
export function isServiceNumber(text: string): boolean {
  const digits = digitsOf(text).replace(/^1(?=\d{10}$)/, "");
  return /^8(?:00|33|44|55|66|77|88)\d{7}$/.test(digits) || helpLineNumbers.has(digits);
}

function isPersonalUrl(text: string): boolean {
  const host = /^(?:https?:\/\/)?(?:www\.)?([^/?#:\s]+)/i.exec(text)?.[1]?.toLowerCase() ?? "";
  return !helpLineHosts.has(host) && !/(?:^|\.)example\.(?:org|com|net)$/.test(host);
}

const isIpv4 = (text: string): boolean => text.split(".").every((part) => Number(part) < 256);

function isSsn(text: string): boolean {
  const [area, group, serial] = [
    digitsOf(text).slice(0, 3),
    digitsOf(text).slice(3, 5),
    digitsOf(text).slice(5),
  ];
  return area !== "000" && area !== "666" && !area.startsWith("9") && group !== "00" && serial !== "0000";
}

const isPhone = (text: string): boolean => {
  const count = digitsOf(text).length;
  return count >= 7 && count <= 15 && !isServiceNumber(text);
};

/** In order: what an earlier rule took, a later one leaves. */
export const rules: readonly Rule[] = [
  {
    type: "email",
    needs: "@",
    pattern: /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g,
  },
  {
    type: "url",
    needs: "url",
    pattern: /\b(?:https?:\/\/|www\.)[^\s<>"'()[\]{}]{3,2000}/gi,
    check: isPersonalUrl,
  },
  {
    type: "url",
    needs: "url",
    pattern:
      /(?<![@\w.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|io|co\.uk|us|biz|me)(?:\/[^\s<>"'()[\]{}]*)?(?![\w@-])/gi,
    check: isPersonalUrl,
  },
  {
    type: "iban",
    needs: ({ isBehindCapital }) => isBehindCapital,
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
    check: isIban,
  },
  { type: "vin", needs: ({ wordRun }) => wordRun >= 17, pattern: /\b[A-HJ-NPR-Z0-9]{17}\b/g, check: isVin },
  { type: "crypto", needs: ({ wordRun }) => wordRun >= 42, pattern: /\b0x[0-9a-fA-F]{40}\b/g },
  { type: "crypto", needs: ({ wordRun }) => wordRun >= 14, pattern: /\bbc1[02-9ac-hj-np-z]{11,71}\b/g },
  {
    type: "crypto",
    needs: ({ wordRun }) => wordRun >= 26,
    pattern: /\b[13][1-9A-HJ-NP-Za-km-z]{25,34}\b/g,
    check: isBitcoin,
  },
  {
    type: "ip",
    needs: ({ marks }) => marks >= 3,
    pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g,
    check: isIpv4,
  },
  {
    type: "ip",
    needs: ({ colons }) => colons >= 7,
    pattern: /(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi,
  },
  {
    type: "ip",
    needs: ({ colons }) => colons >= 2,
    pattern: /(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])/gi,
  },
  {
    type: "card",
    needs: ({ digits }) => digits >= 13,
    pattern: /(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-]*\d)/g,
    check: isCard,
  },
  { type: "dea", needs: ({ digitRun }) => digitRun >= 7, pattern: /\b[A-Z][A-Z9]\d{7}\b/g, check: isDea },
  {
    type: "ssn",
    needs: ({ digits, marks }) => digits >= 9 && marks >= 2,
    pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-]*\d)/g,
    check: isSsn,
  },
  {
    type: "ssn",
    needs: ({ digits }) => digits >= 9,
    pattern: /(?<!\d)\d{3} ?\d{2} ?\d{4}(?!\d)/g,
    near: /\bssn\b|social security/i,
    check: isSsn,
  },
  {
    type: "routing",
    needs: ({ digitRun }) => digitRun >= 9,
    pattern: /(?<!\d)\d{9}(?!\d)/g,
    near: /\brouting\b|\baba\b/i,
    check: isRouting,
  },
  {
    type: "npi",
    needs: ({ digitRun }) => digitRun >= 10,
    pattern: /(?<!\d)[12]\d{9}(?!\d)/g,
    near: /\bnpi\b/i,
    check: isNpi,
  },
  {
    type: "nhs",
    needs: ({ digits }) => digits >= 10,
    pattern: /(?<!\d)\d{3} \d{3} \d{4}(?!\d)/g,
    near: /\bnhs\b/i,
    check: isNhs,
  },
  {
    type: "nhs",
    needs: ({ digitRun }) => digitRun >= 10,
    pattern: /(?<!\d)\d{10}(?!\d)/g,
    near: /\bnhs\b/i,
    check: isNhs,
  },
  {
    type: "phone",
    needs: ({ digits }) => digits >= 10,
    pattern: /(?<![\w.+-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-]*\d)/g,
    check: isPhone,
  },
  {
    type: "phone",
    needs: ({ digits, hasPlus }) => hasPlus && digits >= 7,
    pattern: /(?<![\w+])\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?!\d)/g,
    check: isPhone,
  },
  {
    type: "phone",
    needs: ({ digits }) => digits >= 9,
    pattern: /(?<![\w.-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?!\d)/g,
    check: isPhone,
  },
  {
    type: "phone",
    needs: ({ digits }) => digits >= 7,
    pattern: /(?<![\w.-])(?:\d{3}[ .-]\d{4}|\d{10,11}|\d{2,4}(?:[ .-]\d{2,4}){2,4})(?![\d-]*\d)/g,
    near: /\b(?:call|text|phone|tel|cell|mobile|number|whatsapp|reach|fax)\b/i,
    check: isPhone,
  },
  {
    type: "date",
    needs: ({ digits, marks }) => digits >= 8 && marks >= 2,
    pattern: /(?<![\d/.-])(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)/g,
  },
  {
    type: "date",
    needs: ({ digits, marks }) => digits >= 4 && marks >= 2,
    pattern:
      /(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|[12]\d|3[01])\1(?:(?:19|20)\d{2}|\d{2})(?![\d/.-]*\d)/g,
  },
  {
    type: "date",
    needs: ({ digits, hasMonth }) => digits >= 5 && hasMonth(),
    pattern: new RegExp(`\\b(?:${months})\\.? \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2}\\b`, "gi"),
  },
  {
    type: "date",
    needs: ({ digits, hasMonth }) => digits >= 5 && hasMonth(),
    pattern: new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:${months})\\.?,? (?:19|20)\\d{2}\\b`, "gi"),
  },
  {
    type: "date",
    needs: ({ hasMonth }) => hasMonth(),
    pattern: new RegExp(
      `\\b(?:${months})\\.? \\d{1,2}(?:st|nd|rd|th)?\\b|\\b\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:${months})\\b`,
      "gi",
    ),
    near: /\b(?:born|birthday|birth|dob|died|anniversary)\b/i,
  },
  {
    type: "age",
    needs: ({ digitRun }) => digitRun >= 2,
    pattern: /(?<![\d.])(9\d|1[0-2]\d)(?=[ -](?:years?|yrs?)[ -]old\b| ?y\/o\b)/gi,
  },
  { type: "age", needs: ({ digitRun }) => digitRun >= 2, pattern: /\bage[d:]? (9\d|1[0-2]\d)\b/gi, group: 1 },
  {
    type: "street",
    needs: ({ isBeforeSpace }) => isBeforeSpace,
    pattern: new RegExp(
      `(?<!\\d)\\d{1,5} (?:[NSEW]\\.? )?(?:(?:[A-Z][a-z]+|\\d{1,3}(?:st|nd|rd|th)) ){1,3}(?:${streets})\\b\\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|#)\\.? ?\\w{1,6})?`,
      "g",
    ),
  },
  {
    type: "postcode",
    needs: ({ digitRun }) => digitRun >= 5,
    pattern: new RegExp(`\\b(?:${states}),? (\\d{5}(?:-\\d{4})?)(?!\\d)`, "g"),
    group: 1,
  },
  {
    type: "postcode",
    needs: ({ digitRun }) => digitRun >= 5,
    pattern: /(?<!\d)\d{5}(?:-\d{4})?(?!\d)/g,
    near: /\bzip\b|postal code/i,
  },
  {
    type: "postcode",
    needs: ({ digits, isBehindCapital }) => isBehindCapital && digits >= 2,
    pattern: /\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b/g,
  },
  {
    type: "record",
    needs: ({ digits }) => digits >= 4,
    pattern:
      /\b(?:MRN|medical record|patient id|member id|policy|account|acct|case|claim|insurance id|passport|driver'?s licen[cs]e|chart)(?: (?:number|no\.?|num|id))?(?: is)?[ :#]{1,3}([A-Z0-9-]{0,6}\d[A-Z0-9-]{3,20})\b/gi,
    group: 1,
    check: (text) => digitsOf(text).length >= 4,
  },
];
