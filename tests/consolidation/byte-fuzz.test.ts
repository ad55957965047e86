import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { shiftOffset, splice, type Edit } from "../../src/consolidate/rewrite/splice.ts";
import { keptBytes } from "./kept-bytes.ts";
import { git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

/** Edits that do not meet, anywhere in a file, also in the middle of a character and at both ends. */
const editsOf = (length: number): fc.Arbitrary<Edit[]> =>
  fc
    .array(fc.tuple(fc.nat(length), fc.string({ unit: "grapheme", maxLength: 12 })), { maxLength: 24 })
    .map((cuts) => {
      const sorted = cuts.toSorted((a, b) => a[0] - b[0]);
      const edits: Edit[] = [];
      for (let at = 0; at + 1 < sorted.length; at += 2) {
        const [start, text] = sorted[at] as [number, string];
        const [end] = sorted[at + 1] as [number, string];
        if (start < end && (edits.at(-1)?.end ?? -1) < start) edits.push({ start, end, text });
      }
      return edits;
    });

describe("splicing", () => {
  it("changes no byte outside the edited spans, over every text file of a sample", async () => {
    const root = await sample(7501);
    const paths = git(root, "-c", "core.quotePath=false", "ls-files", "-s", "-z")
      .split("\0")
      .flatMap((row) => (row.startsWith("100") ? [row.slice(row.indexOf("\t") + 1)] : []));
    let tried = 0;
    for (const path of paths) {
      const bytes = readFileSync(join(root, path));
      if (bytes.subarray(0, 8000).includes(0)) continue;
      fc.assert(
        fc.property(editsOf(bytes.length), fc.array(fc.nat(bytes.length)), (edits, offsets) => {
          const after = splice(bytes, edits);
          tried += edits.length;
          expect(keptBytes(bytes, after, edits)).toBe(
            edits.reduce((left, edit) => left - (edit.end - edit.start), bytes.length),
          );
          for (const offset of offsets)
            if (!edits.some((edit) => edit.start <= offset && offset < edit.end))
              expect(after[shiftOffset(edits, offset)]).toBe(bytes[offset]);
        }),
        { numRuns: 20 },
      );
    }
    expect(tried).toBeGreaterThan(2000);
  }, 120_000);
});

describe("apply", () => {
  it("changes nothing but the spans that its record names", async () => {
    const root = await sample(7502);
    const plan = join(root, "../plan.yaml");
    await run(root, "plan", "--all", "--out", plan);
    const { code, document } = await run(root, "apply", plan, "--yes");
    expect(code).toBe(0);
    const record = JSON.parse(
      readFileSync(join(root, "ai/training_ready/.training-ready/consolidation.json"), "utf8"),
    ) as {
      base: string;
      moves: { from: string; to: string }[];
      archived: { from: string; to: string }[];
      edits: { path: string; stages: Edit[][] }[];
      written: string[];
    };
    const places = new Map([...record.moves, ...record.archived].map((one) => [one.from, one.to]));
    const edits = new Map(record.edits.map((one) => [one.path, one.stages]));
    const at = (commit: string, path: string): Buffer =>
      execFileSync("git", ["cat-file", "blob", `${commit}:${path}`], { cwd: root });
    const kept = git(root, "ls-tree", "-r", "-z", document.tree).split("\0");
    const after = new Set(kept.map((row) => row.slice(row.indexOf("\t") + 1)));
    let compared = 0;
    let edited = 0;
    for (const row of git(root, "ls-tree", "-r", "-z", record.base).split("\0").filter(Boolean)) {
      const path = row.slice(row.indexOf("\t") + 1);
      const place = places.get(path) ?? path;
      if (!after.has(place) || record.written.includes(place) || !row.startsWith("100")) continue;
      let bytes = at(record.base, path);
      const stages = (edits.get(path) ?? []).filter((stage) => stage.length > 0);
      if (stages.length > 0) edited++;
      // Each stage's input is known only by making it; the last one is held against what git has.
      for (const stage of stages.slice(0, -1)) bytes = splice(bytes, stage);
      const last = (stages.at(-1) ?? []).toSorted((a, b) => a.start - b.start || a.end - b.end);
      expect({ path, kept: keptBytes(bytes, at(document.tree, place), last) }).not.toMatchObject({
        kept: undefined,
      });
      compared++;
    }
    // What is archived stays as it was: no repair either.
    for (const { from, to } of record.archived)
      expect(at(document.tree, to).equals(at(record.base, from)), from).toBe(true);
    expect(compared).toBeGreaterThan(100);
    expect(edited).toBeGreaterThan(15);
  }, 120_000);
});
