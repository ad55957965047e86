import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agreement, duplicateBands, putBandKey, signatureOf } from "./signature.ts";
import { jaccard, jaccardFrom } from "./jaccard.ts";
import { shinglesOf, WordBuffer } from "./words.ts";

const wordsOf = (text: string): Uint32Array => {
  const buffer = new WordBuffer();
  buffer.addText(text);
  return buffer.words.slice();
};
const keyOf = (signature: Uint32Array, band: number, rows: number): string => {
  const halves = new Uint32Array(2);
  putBandKey(signature, band, rows, halves, 0);
  return halves.join();
};
const set = fc.uniqueArray(fc.nat(60), { maxLength: 40 }).map((all) => Uint32Array.from(all).sort());

describe("words", () => {
  it("do not depend on case, marks between them, or spaced apostrophes", () => {
    expect(wordsOf("I'm fine; Über-all!")).toEqual(wordsOf("i ' m FINE über all"));
    expect(wordsOf("a b")).not.toEqual(wordsOf("ab"));
    expect(wordsOf("")).toHaveLength(0);
  });
});

describe("shingles", () => {
  it("are the distinct runs of five words, wherever they stand", () => {
    const text = "one two three four five six seven";
    expect(shinglesOf(wordsOf(text))).toHaveLength(3);
    const inside = shinglesOf(wordsOf(`zero ${text} eight`));
    for (const shingle of shinglesOf(wordsOf(text))) expect(inside).toContain(shingle);
    expect(shinglesOf(wordsOf("a a a a a a a a"))).toHaveLength(1);
    expect(shinglesOf(wordsOf("only three words"))).toHaveLength(1);
  });
});

describe("similarity", () => {
  it("is the same with and without a limit, or 0 below it", () => {
    fc.assert(
      fc.property(set, set, fc.double({ min: 0.05, max: 1, noNaN: true }), (a, b, least) => {
        const exact = jaccard(a, b);
        expect(jaccardFrom(a, b, least)).toBe(exact >= least && exact > 0 ? exact : 0);
      }),
    );
  });
});

describe("signatures", () => {
  it("agree as often as the sets do, within four standard errors, and bands find pairs as often as theory says", () => {
    let state = 1;
    const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    const pairs = 300;
    for (const similarity of [0.5, 0.8, 0.9]) {
      let agreed = 0;
      let found = 0;
      for (let pair = 0; pair < pairs; pair++) {
        const both = Math.round((400 * similarity) / (1 + similarity));
        const common = Array.from({ length: both }, random);
        const side = (): Uint32Array =>
          Uint32Array.from([...common, ...Array.from({ length: 200 - both }, random)]).sort();
        const [a, b] = [signatureOf(side()), signatureOf(side())];
        agreed += agreement(a, b) / pairs;
        const { bands, rows } = duplicateBands;
        if (
          Array.from({ length: bands }, (_, band) => band).some(
            (band) => keyOf(a, band, rows) === keyOf(b, band, rows),
          )
        )
          found++;
      }
      const exact = Math.round((400 * similarity) / (1 + similarity));
      const truth = exact / (400 - exact);
      expect(Math.abs(agreed - truth)).toBeLessThan(4 * Math.sqrt((truth * (1 - truth)) / (112 * pairs)));
      const theory = 1 - (1 - truth ** 8) ** 14;
      expect(Math.abs(found / pairs - theory)).toBeLessThan(
        4 * Math.sqrt((theory * (1 - theory)) / pairs) + 0.01,
      );
    }
  });
});
