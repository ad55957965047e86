import { describe, expect, it } from "vitest";
import { fingerprint, type Fingerprint } from "./fingerprint.ts";
import { knownNearPairs, KnownPairs, TextIndex, textsKey } from "./near-pairs.ts";
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

const text = (path: string, names: readonly string[]) => {
  const code = functions(names);
  return {
    path,
    blob: `blob of ${code}`,
    fingerprint: fingerprint(Buffer.from(code), "python") as Fingerprint,
  };
};

const loader = text("a/loader.py", words("x", 20));
const grown = text("b/loader.py", words("x", 26));
const other = text("c/eval.py", words("z", 20));
const texts = [loader, grown, other];
const sizes = [10, 20, 30];

describe("near pairs kept between runs", () => {
  it("are the same as those searched for, to the last digit, and are not searched for again", () => {
    const cache = jsonCache();
    const found = new TextIndex(texts).nearPairs();
    expect(found).toMatchObject([{ a: 0, b: 1 }]);
    expect(knownNearPairs(textsKey(texts, sizes), cache, () => found)).toEqual(found);
    const again = knownNearPairs(textsKey(texts, sizes), cache, () => {
      throw new Error("searched again");
    });
    expect(again).toEqual(found);
  });

  it.each([
    ["a text changes", [loader, text("b/loader.py", words("y", 20)), other], sizes],
    ["a text gets another name", [loader, { ...grown, path: "b/reader.py" }, other], sizes],
    ["the order changes", [grown, loader, other], sizes],
    ["a text is gone", [loader, grown], [10, 20]],
    ["the same blob lies on disk with other line ends", texts, [10, 21, 30]],
  ])("are searched for again if %s", (_, changed, changedSizes) => {
    const cache = jsonCache();
    knownNearPairs(textsKey(texts, sizes), cache, () => []);
    let searched = false;
    knownNearPairs(textsKey(changed, changedSizes), cache, () => {
      searched = true;
      return [];
    });
    expect(searched).toBe(true);
  });
});

describe("what is known of single pairs", () => {
  it("is computed once, also where nothing can be said, and anew for other texts", () => {
    const cache = jsonCache();
    const first = new KnownPairs("one", cache);
    expect(first.of(0, 1, () => 1 / 3)).toBe(1 / 3);
    expect(first.of(1, 2, () => null)).toBeNull();
    first.save();
    const never = () => {
      throw new Error("computed again");
    };
    const again = new KnownPairs("one", cache);
    expect([again.of(0, 1, never), again.of(1, 2, never)]).toEqual([1 / 3, null]);
    expect(again.of(1, 0, () => 0.5)).toBe(0.5);
    expect(new KnownPairs("two", cache).of(0, 1, () => 1)).toBe(1);
  });
});
