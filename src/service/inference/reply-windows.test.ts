import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplyWindows } from "./reply-windows.ts";

/** The windows of a text that comes in pieces; the rest is the last. */
function windowsOf(pieces: readonly string[]): string[] {
  const windows = new ReplyWindows();
  return [...pieces.map((one) => windows.push(one)), windows.finish()].filter((one) => one !== "");
}
const words = (text: string): string[] => text.match(/\S+\s*/gu) ?? [];

describe("windows of a reply", () => {
  it("begin with six words, or with a clause", () => {
    expect(windowsOf(words("one two three four five six seven eight"))).toEqual([
      "one two three four five six ",
      "seven eight",
    ]);
    expect(windowsOf(words("Well, I see that you are here"))).toEqual(["Well, ", "I see that you are here"]);
  });

  it("go on at sentence ends", () => {
    expect(windowsOf(words("I see. That is hard for you, is it not? Tell me more"))).toEqual([
      "I see. ",
      "That is hard for you, is it not? ",
      "Tell me more",
    ]);
  });

  it("are no longer than 160 characters and a piece", () => {
    const all = windowsOf(words("so ".repeat(200)));
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(163);
    expect(all.length).toBeGreaterThan(3);
  });

  it("begin early in a script that writes no words apart", () => {
    const text = "ฉันเข้าใจว่าคุณรู้สึกเหนื่อยมากในช่วงนี้และอยากพักผ่อนบ้างเล็กน้อย";
    expect(windowsOf(text.split(""))[0]?.length).toBeLessThanOrEqual(40);
  });

  it("lose and add nothing, however the text is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (pieces) => {
        expect(windowsOf(pieces).join("")).toBe(pieces.join(""));
      }),
    );
  });
});
