import { describe, expect, it } from "vitest";
import { TokenText } from "./token-text.ts";

const bytes = (list: readonly number[]): string => Buffer.from(list).toString("utf8");
const said = (list: readonly number[]): { pieces: string[]; isMostlyBroken: boolean } => {
  const text = new TokenText<number>((tokens) => bytes(tokens));
  const pieces = [...list.map((byte) => text.push(byte)), text.finish()].filter((piece) => piece !== "");
  return { pieces, isMostlyBroken: text.isMostlyBroken };
};

describe("text of tokens", () => {
  it("comes in whole characters, whatever a token holds of them", () => {
    const wanted = "aÜ漢😀z";
    expect(said([...Buffer.from(wanted)]).pieces).toEqual(Array.from(wanted));
  });

  it("shows bytes that are no UTF-8, and goes on after them", () => {
    const { pieces, isMostlyBroken } = said([...Buffer.from("ab"), 0xff, ...Buffer.from("cde")]);
    expect(pieces.join("")).toBe("ab\uFFFDcde");
    expect(isMostlyBroken).toBe(false);
  });

  it("tells a reply of nothing but broken bytes, and shows an unfinished character at the end", () => {
    expect(said([0xff, 0xfe, 0xff]).isMostlyBroken).toBe(true);
    expect(said([0x61, 0xe6, 0xbc]).pieces.join("")).toBe("a\uFFFD");
  });
});
