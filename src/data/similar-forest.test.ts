import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jaccard } from "./jaccard.ts";
import { views, type ShingleAccess, type View } from "./shingle-access.ts";
import { joinSimilar, type KnownRows } from "./similar-forest.ts";
import { UnionFind } from "./union-find.ts";

type Row = Record<View, Uint32Array>;

const accessOf = (rows: readonly Row[]): ShingleAccess => ({
  count: (row, view) => (rows[row] as Row)[view].length,
  shingles: (row, view) => (rows[row] as Row)[view],
  signature: () => new Uint32Array(0),
  eachSet(wanted, view, visit) {
    for (const row of wanted) visit(row, (rows[row] as Row)[view]);
  },
  eachSignature: () => undefined,
  close: () => undefined,
});

/** Which rows belong together, by comparing all with all. */
function wantedGroups(rows: readonly Row[], taken: Uint32Array): string {
  const sets = new UnionFind(rows.length);
  for (const a of taken)
    for (const b of taken)
      if (a < b && views.some((view) => jaccard((rows[a] as Row)[view], (rows[b] as Row)[view]) >= 0.7))
        sets.union(a, b);
  return [...taken].map((row) => sets.find(row)).join();
}

function foundGroups(size: number, taken: Uint32Array, forest: { a: number[]; b: number[] }): string {
  const sets = new UnionFind(size);
  for (const [index, a] of forest.a.entries()) sets.union(a, forest.b[index] as number);
  return [...taken].map((row) => sets.find(row)).join();
}

// Few bases and few changes: chains of rows that are like their neighbours only.
const setOf = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 12 }),
  fc.integer({ min: 0, max: 14 }),
);
const rowOf = fc.record({ all: setOf, user: setOf, assistant: setOf });

/** A run of a base's shingles, spread over the whole range; 0 of them for an empty text. */
const shingles = ([base, from, count]: readonly [number, number, number]): Uint32Array =>
  Uint32Array.from({ length: count }, (_, index) =>
    Math.imul(base * 1000 + from + index + 1, 0x9e3779b1),
  ).sort();

describe("joinSimilar", () => {
  it("joins what comparing all with all joins, also where an earlier search knew some of the rows", () => {
    let [goneOn, joined] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(rowOf, { minLength: 10, maxLength: 40 }),
        fc.array(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), { minLength: 2, maxLength: 5 }),
        (made, steps) => {
          const rows = made.map((row): Row => ({
            all: shingles(row.all),
            user: shingles(row.user),
            assistant: shingles(row.assistant),
          }));
          const kept = new Map<string, Uint32Array>();
          let known: KnownRows | undefined;
          let taken = Uint32Array.from(rows.keys());
          for (const [at, step] of steps.entries()) {
            const store = (view: View) => ({
              load: (part: number, words: Uint32Array): void =>
                words.set(kept.get(`${view}${part}`) as Uint32Array),
              save: (part: number, words: Uint32Array) => void kept.set(`${view}${part}`, words.slice()),
            });
            const found = joinSimilar(accessOf(rows), rows.length, taken, store, known);
            if (!found.isWhole) goneOn++;
            expect(foundGroups(rows.length, taken, found.forest)).toBe(wantedGroups(rows, taken));
            joined += found.forest.a.length;
            const isKnown = new Uint8Array(rows.length);
            for (const row of taken) isKnown[row] = 1;
            known = { isKnown, forest: found.forest, counted: found.counted };
            // A row in eight leaves or comes back.
            const isTaken = isKnown.map((is, row) =>
              step[row] === true && row % 4 === at % 2 ? 1 - is : is,
            );
            taken = Uint32Array.from(rows.keys()).filter((row) => isTaken[row] === 1);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(goneOn).toBeGreaterThan(100);
    expect(joined).toBeGreaterThan(300);
  });
});
