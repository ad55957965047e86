import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instrumentNamed } from "../instruments/index.ts";
import { decide } from "../verdict/index.ts";
import { isTrue } from "./check.ts";
import { instrumentSection } from "./instrument-section.ts";

const phq9 = instrumentNamed("PHQ-9");
if (phq9 === undefined) throw new Error("PHQ-9 is shipped");
const instrument = phq9;

const sectionOf = (totals: readonly number[]) => {
  const at = (index: number): string => new Date(Date.UTC(2026, 0, 5 + 7 * index)).toISOString();
  const verdict = decide(
    instrument,
    totals.map((total, index) => ({ time: Date.parse(at(index)), total })),
  );
  const points = totals.map((total, index) => ({
    id: `m${index}`,
    at: at(index),
    total,
    valid: true,
    counts: true,
    source: "self" as const,
    items: null,
    band: "mild",
  }));
  return instrumentSection(verdict, points, { plan: null, zone: "UTC", course: null });
};
const series = fc.array(fc.integer({ min: 0, max: 27 }), { minLength: 1, maxLength: 14 });

describe("the sentence checker", () => {
  it("passes every sentence that the templates make", () => {
    fc.assert(
      fc.property(series, (totals) => {
        const { sentences, facts } = sectionOf(totals);
        const byId = new Map(facts.map((one) => [one.id, one]));
        for (const one of sentences) expect(isTrue(one, byId), one.text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("passes none in which a number or a word of direction was changed", () => {
    let altered = 0;
    const swaps: [RegExp, string][] = [
      [/better/, "worse"],
      [/worse/, "better"],
      [/no reliable change/, "reliable change"],
      [/two in a row/, "one"],
    ];
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 9 }), fc.nat(30), (totals, shift, which) => {
        const { sentences, facts } = sectionOf(totals);
        const byId = new Map(facts.map((one) => [one.id, one]));
        for (const one of sentences) {
          const digits = [...one.text.matchAll(/\d/g)];
          const digit = digits[which % Math.max(1, digits.length)];
          const texts = swaps.map(([from, to]) => one.text.replace(from, to));
          if (digit !== undefined) {
            const other = String((Number(digit[0]) + shift) % 10);
            texts.push(one.text.slice(0, digit.index) + other + one.text.slice(digit.index + 1));
            texts.push(`${one.text.slice(0, digit.index)}-${one.text.slice(digit.index)}`);
            texts.push(one.text.slice(0, digit.index) + digit[0] + one.text.slice(digit.index));
          }
          texts.push(`${one.text} It is worse.`, `${one.text} 7`, `Not so: ${one.text}`);
          for (const text of texts) {
            if (text === one.text) continue;
            altered += 1;
            expect(isTrue({ ...one, text }, byId), text).toBe(false);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(altered).toBeGreaterThan(3000);
  });

  it("does not take two facts in the other order", () => {
    const { sentences, facts } = sectionOf([18, 17, 14, 10, 8, 6]);
    const byId = new Map(facts.map((one) => [one.id, one]));
    const step = sentences.find((one) => one.text.startsWith("From "));
    expect(step?.text).toBe(
      "From a baseline of 17.5 (mean of the first two) to 7 (mean of the last two): 10.5 points, better.",
    );
    expect(
      isTrue(
        {
          text: "From a baseline of 7 (mean of the first two) to 17.5 (mean of the last two): 10.5 points, better.",
          facts: step?.facts ?? [],
        },
        byId,
      ),
    ).toBe(false);
  });

  it("says how both ends were formed, and takes no other words for it", () => {
    const step = (totals: number[]) => {
      const { sentences, facts } = sectionOf(totals);
      const said = sentences.find((one) => one.text.startsWith("From "));
      if (said === undefined) throw new Error("no step is said");
      return { said, facts: new Map(facts.map((one) => [one.id, one])) };
    };
    expect(step([18, 12, 11]).said.text).toBe(
      "From a baseline of 18 (the first) to 11.5 (mean of the last two): 6.5 points, better.",
    );
    expect(step([18, 17]).said.text).toMatch(
      /^From a baseline of 18 \(the first\) to 17\.5 \(mean of the last two\)/,
    );
    const { said, facts } = step([18, 17, 14, 10, 8, 6]);
    expect(isTrue(said, facts)).toBe(true);
    for (const text of [
      said.text.replace("mean of the first two", "the first"),
      said.text.replace("mean of the last two", "mean of the first two"),
      said.text.replace(" (mean of the last two)", ""),
    ])
      expect(isTrue({ ...said, text }, facts), text).toBe(false);
  });
});
