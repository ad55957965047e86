import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seen, SequenceKeys, shinglesInScript, shinglesOf, WordBuffer, type TextFacts } from "../words.ts";
import { kernel } from "./kernel.ts";
import { beginHeads, hasHead, headOf, markHeads } from "./word-heads.ts";
import { wordHash } from "./word-hash.ts";

// Pieces longer than the kernel's steps of 8, 16 and 64 bytes, and characters of every class.
const piece = fc.oneof(
  fc.constantFrom(
    " ",
    "  ",
    ". ",
    ".",
    "\n",
    "\t",
    '"',
    "\\",
    "<b>",
    "&amp;",
    "@",
    "/",
    ":",
    "{",
    "_",
    "\u007f",
    "\u0001",
  ),
  fc.string({ unit: fc.constantFrom("a", "b", "c", "X", "Y", "Z", "0", "1", "9"), maxLength: 20 }),
  fc.constantFrom("Hello", "abcdefgh", "abcdefghi", "ABCDEFGHIJKLMNOPQ", "x".repeat(70)),
);
const asciiText = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(""));
const read = (
  text: string,
  how: "addText" | "addWide",
): { facts: TextFacts; words: number[]; capitals: number[] } => {
  const buffer = new WordBuffer();
  buffer.addText("Words before.");
  const facts = buffer[how](text);
  const capitals = Array.from({ length: facts.lastCapital - facts.firstCapital }, (_, index) =>
    buffer.capitalAt(facts.firstCapital + index),
  );
  return { facts, words: [...buffer.view(facts.start, facts.end)], capitals };
};
/** Flags that stand in both ways of reading, or that one may set without need. */
const exact = seen.digit | seen.capital | seen.at | seen.address;

describe("the kernel", () => {
  it("is there: this processor has 128-bit lanes", () => {
    expect(kernel).toBeDefined();
  });

  it("reads an ASCII text as plain script does", () => {
    fc.assert(
      fc.property(asciiText, (text) => {
        const [fast, slow] = [read(text, "addText"), read(text, "addWide")];
        expect(fast.words).toEqual(slow.words);
        const { flags, letters, capitals, utf8Bytes } = fast.facts;
        expect({ letters, capitals, utf8Bytes }).toEqual({
          letters: slow.facts.letters,
          capitals: slow.facts.capitals,
          utf8Bytes: slow.facts.utf8Bytes,
        });
        expect(flags & exact).toBe(slow.facts.flags & exact);
        // Every cause sets its flag.
        const must = slow.facts.flags & (seen.space | seen.markup);
        expect(flags & must).toBe(must);
        if (JSON.stringify(text) !== `"${text}"`) expect(flags & seen.escape).not.toBe(0);
        if (/[\u0000-\u0008\u000b-\u001f\u007f<&]|data:/.test(text)) expect(flags & seen.odd).not.toBe(0);
        expect(fast.capitals).toEqual(
          Array.from(text.matchAll(/(?<![A-Za-z0-9])[A-Z]/g), (one) => one.index),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves a text with other characters, or a very long one, to plain script", () => {
    for (const text of ["é", "aé", "éa", "I’m", "x".repeat(100) + "ü", "a ".repeat(2 ** 19) + "a"])
      expect(kernel?.scan(text, 0)).toBeUndefined();
    expect(read("Größe ÉTÉ 北京 x’y", "addText").words).toEqual(read("größe été 北京 x y", "addText").words);
    expect(read("plain words", "addWide").words).toEqual([wordHash("plain"), wordHash("words")]);
  });

  it("gives the shingles and keys of plain script", () => {
    const hash = fc.oneof(fc.nat(5), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 300 }), (list) => {
        const words = Uint32Array.from(list);
        expect(shinglesOf(words)).toEqual(shinglesInScript(words));
        const [whole, bit] = [new SequenceKeys(), new SequenceKeys()];
        for (const keys of [whole, bit]) for (const key of [0, 1] as const) keys.begin(key);
        whole.add(words);
        for (const one of list) bit.add(Uint32Array.of(one)); // short ones go through script
        expect([whole.high(0), whole.low(0), whole.high(1)]).toEqual([bit.high(0), bit.low(0), bit.high(0)]);
      }),
    );
  });

  it("sorts a crowd of near-equal hashes too", () => {
    const crowd = Uint32Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 20_000);
    expect(shinglesOf(crowd)).toEqual(shinglesInScript(crowd));
  });

  it("marks the heads of words, as plain script does", () => {
    const heads = ["anxi", "cbt", "men", "ment"].map(headOf);
    const marked = (mark: (text: string) => void, text: string): boolean[] => {
      beginHeads();
      mark(text);
      return heads.map(hasHead);
    };
    const scanText = (text: string): void => void new WordBuffer().addText(text);
    for (const [text, wanted] of [
      ["Anxiety, mental", [true, false, false, true]],
      ["CBT. Men", [false, true, true, false]],
      ["", [false, false, false, false]],
      ["cbts anx omen", [false, false, false, false]],
    ] as const) {
      expect(marked(scanText, text)).toEqual(wanted);
      expect(marked(markHeads, text)).toEqual(wanted);
    }
    for (let round = 0; round < 600; round++) beginHeads();
    expect(heads.some(hasHead)).toBe(false);
    expect(() => headOf("too long")).toThrow(RangeError);
  });
});
