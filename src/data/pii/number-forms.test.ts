import * as fc from "fast-check";
import { expect, it } from "vitest";
import { numberForms } from "./number-forms.ts";
import { rules } from "./structured-rules.ts";

// Made up; one at least for each rule that is about numbers, and pieces that come near.
const samples =
  "GB82 WEST 1234 5698 7654 32|1M8GDM9AXKP042788|0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae|bc1qar0srrr7xfkvy5l643|" +
  "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa|203.0.113.77|2001:db8:0:0:0:0:0:1|fe80::1|4111 1111 1111 1111|AB1234563|123-45-6789|" +
  "SSN 123 45 6789|routing 021000021|NPI 1234567893|NHS 943 476 5919|NHS 9434765919|(212) 555-7890|+44 20 7946 0958|+4420794609|" +
  "020 7946 0958|call 555-1234|2019-03-14|1/1/19|03.04.2019|March 3rd, 2019|4 April 2020|born May 3|93 years old|aged 101|" +
  "42 Old Mill Road|IL 62704|zip 90210|SW1A 1AA|M1 1AE|MRN: 00482913|policy A-1234|9|12|a1|A1|:|::|.|-|/|+|x";
const text = fc
  .array(
    fc.tuple(
      fc.constantFrom(...samples.split("|")),
      fc.constantFrom(" ", "", ".", "-", "/", ":", "é", "\n", ", "),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.flat().join(""));

it("tries every pattern on every text that it matches", () => {
  const matched = new Set<number>();
  const look = (one: string): void => {
    const forms = numberForms(one);
    for (const [number, { pattern, needs, group, check }] of rules.entries()) {
      if (typeof needs === "string") continue;
      const isFound = Array.from(one.matchAll(pattern)).some(
        (match) => check === undefined || check(match[group ?? 0] ?? match[0]),
      );
      if (!isFound) continue;
      matched.add(number);
      expect(needs(forms), `${pattern.source} in ${one}`).toBe(true);
    }
  };
  for (const one of samples.split("|")) look(one);
  expect(
    rules.flatMap(({ needs }, number) => (typeof needs === "string" || matched.has(number) ? [] : [number])),
  ).toEqual([]);
  fc.assert(fc.property(text, look), { numRuns: 3000 });
});
