import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ComparedTexts, type ComparedText } from "./compared-texts.ts";
import { fingerprint, type Fingerprint } from "./fingerprint.ts";
import { functions, words } from "./overlaps.test-support.ts";

/** A cache that keeps JSON text, as the one on disk does. */
function jsonCache() {
  const kept = new Map<string, string>();
  return {
    get: (key: string): unknown => {
      const text = kept.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    put: (key: string, value: unknown): void => void kept.set(key, JSON.stringify(value)),
  };
}

const text = (path: string, names: readonly string[]): ComparedText => {
  const code = functions(names);
  return {
    path,
    blob: `blob-of-${code.length}-${names.join("")}`,
    fingerprint: fingerprint(Buffer.from(code), "python") as Fingerprint,
  };
};

const loader = text("a/loader.py", words("x", 20));
const grown = text("b/loader.py", words("x", 26));
const other = text("c/eval.py", words("z", 20));
const texts = [loader, grown, other];
const sizes = [10, 20, 30];
const unknown = () => undefined;
const fresh = (list: readonly ComparedText[]): ComparedTexts =>
  new ComparedTexts(
    list,
    list.map(() => 1),
    { get: () => undefined, put: () => {} },
    unknown,
  );

describe("texts compared between runs", () => {
  it("gives the same pairs to the last digit, and asks for no hash again if nothing changed", () => {
    const cache = jsonCache();
    const first = new ComparedTexts(texts, sizes, cache, unknown);
    expect(first.near).toMatchObject([{ a: 0, b: 1 }]);
    const contained = first.containment(0, 2);
    first.save();
    const silent = texts.map((one) => ({
      ...one,
      fingerprint: {
        language: one.fingerprint.language,
        get lines(): Uint32Array {
          throw new Error("compared again");
        },
      } as Fingerprint,
    }));
    const again = new ComparedTexts(silent, sizes, cache, unknown);
    expect(again.near).toEqual(first.near);
    expect(again.containment(0, 2)).toBe(contained);
  });

  it.each<[string, ComparedText[], number[]]>([
    ["a text changes", [loader, text("b/loader.py", words("y", 20)), other], sizes],
    ["a text gets another name", [loader, { ...grown, path: "b/reader.py" }, other], sizes],
    ["the order changes", [grown, loader, other], sizes],
    ["a text is gone", [loader, grown], [10, 20]],
    ["the same blob lies on disk with other line ends", texts, [10, 21, 30]],
  ])("compares anew if %s", (_, changed, changedSizes) => {
    const cache = jsonCache();
    new ComparedTexts(texts, sizes, cache, unknown).save();
    const known = new Map(texts.map((one) => [one.blob, one.fingerprint]));
    const again = new ComparedTexts(changed, changedSizes, cache, (blob) => known.get(blob));
    expect(again.near).toEqual(fresh(changed).near);
  });

  it("after any row of edits gives what comparing all gives", () => {
    // Some features are in more than 50 files, most in two or three: an edit concerns few files, seldom many.
    const hash = fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
      { weight: 8, arbitrary: fc.integer({ min: 31, max: 900 }) },
    );
    const hashes = fc.array(hash, { minLength: 0, maxLength: 60 });
    const print = fc.record({
      lines: hashes,
      shingles: hashes,
      definitions: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
    });
    const edits = fc.array(fc.record({ file: fc.nat(69), print }), { minLength: 1, maxLength: 4 });
    let kept = 0;
    fc.assert(
      fc.property(
        fc.array(print, { minLength: 70, maxLength: 70 }),
        fc.array(edits, { minLength: 1, maxLength: 4 }),
        (start, rows) => {
          let number = 0;
          const made = (
            at: number,
            one: { lines: number[]; shingles: number[]; definitions: number[] },
          ): ComparedText => ({
            path: `p/${at % 3 === 0 ? "loader" : `file${String.fromCharCode(97 + (at % 26))}`}.py`,
            blob: `blob${number++}`,
            fingerprint: {
              language: at % 7 === 0 ? "text" : "python",
              // Most of a file is its own: else an edit would touch all.
              lines: Uint32Array.from([
                ...one.lines,
                ...Array.from({ length: 20 }, (_, n) => 1000 + (at >> 1) * 100 + n),
              ]),
              shingles: Uint32Array.from(one.shingles),
              definitions: Uint32Array.from(one.definitions),
              stream: "",
              words: "",
            },
          });
          let current = start.map((one, at) => made(at, one));
          const known = new Map(current.map((one) => [one.blob, one.fingerprint]));
          const cache = jsonCache();
          new ComparedTexts(
            current,
            current.map(() => 1),
            cache,
            unknown,
          ).save();
          for (const row of rows) {
            current = [...current];
            for (const edit of row) {
              const before = current[edit.file] as ComparedText;
              // An edit of some lines, as people make them, or of all.
              const mixed =
                edit.print.lines.length % 2 === 0
                  ? edit.print
                  : {
                      lines: [...start[edit.file]!.lines, ...edit.print.lines.slice(0, 2)],
                      shingles: start[edit.file]!.shingles,
                      definitions: start[edit.file]!.definitions,
                    };
              const one = { ...made(edit.file, mixed), path: before.path };
              current[edit.file] = one;
              known.set(one.blob, one.fingerprint);
            }
            const all = fresh(current);
            const again = new ComparedTexts(
              current,
              current.map(() => 1),
              cache,
              (blob) => {
                kept++;
                return known.get(blob);
              },
            );
            expect(again.near).toEqual(all.near);
            for (let a = 0; a < 70; a += 9)
              for (let b = 3; b < 70; b += 11) expect(again.containment(a, b)).toBe(all.containment(a, b));
            again.save();
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(kept).toBeGreaterThan(20);
  });
});
