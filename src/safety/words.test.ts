import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainWords, wordForm } from "./words.ts";

// The same words found by one regular expression: slow, and simple enough to be believed.
const segment = /[\p{L}\p{M}\p{N}@$!|*'\u2019\u2018`\u00B4\u02BC\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]+/gu;
const byExpression = (text: string) =>
  Array.from(text.matchAll(segment), ({ 0: raw, index }) => ({
    form: wordForm(raw),
    start: index,
    end: index + raw.length,
  })).filter(({ form }) => form !== "");

describe("words of a text", () => {
  it("are those that the expression finds, in any script and with broken pairs", () => {
    const piece = fc.oneof(
      fc.constantFrom(..."Ik1ll my$elf n't’ \u00ad\u200b-.!| éß Кο ฉัน มर 漢 😀 𝓀 \ud83d \udc00".split("")),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(plainWords(pieces.join(""))).toEqual(byExpression(pieces.join("")));
      }),
    );
  });

  it.each([
    ["DON'T", "dont"],
    ["don’t", "dont"],
    ["k1ll", "kill"],
    ["*die*", "die"],
    ["500mg", "500mg"],
    ["Käse", "kase"],
    ["ѕuicide", "suicide"],
  ])("reads %j as %j", (raw, form) => {
    expect(wordForm(raw)).toBe(form);
  });
});
