import { describe, expect, it } from "vitest";
import { levelNumber, screenText } from "./index.ts";

// Synthetic sentences that no phrase finds, and everyday ones near to them.
describe("the linear model", () => {
  it.each([
    ["Every morning is grey and I can't say why I bother getting up.", "watch"],
    ["There are cameras in my bedroom and someone is watching me.", "watch"],
    ["If there was a gun in the house I would use it on myself.", "elevated"],
  ] as const)("reads %j as %s at least", (text, least) => {
    expect(levelNumber(screenText(text).level)).toBeGreaterThanOrEqual(levelNumber(least));
  });

  it.each([
    "I want to be with my sister for the wedding.",
    "We fixed the roof and drank lemonade.",
    "I'm dying of laughter, we are dead on our feet.",
    "word ".repeat(400),
  ])("lets %j pass", (text) => {
    expect(screenText(text).level).toBe("none");
  });

  it("never says imminent, and gives a place, not words", () => {
    const { level, evidence } = screenText("Fine. My life is a mess and nobody would notice if I left.");
    expect(level).not.toBe("imminent");
    const model = evidence.find(({ by }) => by === "model");
    expect(model?.start).toBe(6);
  });

  it("leaves sentences alone that a negated phrase or an idiom explains", () => {
    expect(screenText("I don't want to die.").level).toBe("none");
    expect(screenText("I wish I was dead.").level).toBe("elevated");
  });
});
