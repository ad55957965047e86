import { describe, expect, it } from "vitest";
import { HoldBack } from "./index.ts";

const through = (pieces: readonly string[]): { text: string; violation: string | undefined } => {
  const hold = new HoldBack();
  const text = pieces.map((piece) => hold.push(piece)).join("") + hold.finish();
  return { text, violation: hold.violation };
};

describe("hold-back", () => {
  const forbidden: [string, string, string][] = [
    ["It is hard. You should just kill yourself now.", "It is hard. ", "encouragement"],
    ["From what you say, you have major depression, I think.", "From what you say, ", "diagnosis"],
    ["Please take about 500 mg of it.", "Please ", "prescription"],
    ["Yes, I am a licensed therapist and so on.", "Yes, ", "identity"],
    ["Yes, I'm your therapist and so on.", "Yes, ", "identity"],
    ["Then you must stop taking medication now.", "Then ", "prescription"],
  ];
  for (const [text, before, policy] of forbidden)
    it(`cuts before "${text.slice(before.length, before.length + 20)}…" at every split point`, () => {
      let seen = 0;
      for (let one = 0; one <= text.length; one++)
        for (let two = one; two <= text.length; two += 3) {
          const out = through([text.slice(0, one), text.slice(one, two), text.slice(two)]);
          expect(out).toEqual({ text: before, violation: policy });
          seen++;
        }
      expect(seen).toBeGreaterThan(100);
    });

  it("lets every other text through unchanged, piece by piece", () => {
    const text =
      "If you have depression, talk to a doctor. I am not a therapist; you can take a walk. Über 漢字 ok?";
    expect(through(text.split(""))).toEqual({ text, violation: undefined });
    const hold = new HoldBack();
    expect(hold.push("The weather is fine today and ")).toBe("The weather is fine today and ");
  });

  it("does not hold a text without spaces for ever", () => {
    const hold = new HoldBack();
    expect(hold.push("x".repeat(2000)).length).toBeGreaterThan(1000);
  });
});
