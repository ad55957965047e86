import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { disk, git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

// Seeds that nothing was tuned on.
for (const seed of [7101, 7102]) {
  describe(`a sample of seed ${seed}`, () => {
    it("is consolidated without breaking anything, verified in a clone, and taken back to the byte", async () => {
      const root = await sample(seed);
      const plan = join(root, "../plan.yaml");
      const before = disk(root);
      const planned = await run(root, "plan", "--all", "--out", plan);
      expect(planned).toMatchObject({ code: 0, document: { proven: true } });
      const moves = planned.document.lines.filter((line) => line.action === "move");
      expect(moves.length).toBeGreaterThan(40);
      // The same input gives the same plan.
      const text = readFileSync(plan, "utf8");
      await run(root, "plan", "--all", "--out", plan);
      expect(readFileSync(plan, "utf8")).toBe(text);

      const applied = await run(root, "apply", plan, "--yes");
      expect(applied.code).toBe(0);
      expect(applied.document.commits).toHaveLength(2);
      expect(git(root, "status", "--porcelain")).toBe("");
      expect(git(root, "rev-parse", "HEAD^{tree}")).toBe(applied.document.tree);

      const clone = join(root, "../clone");
      git(root, "clone", "-q", root, clone);
      const verified = await run(clone, "verify");
      expect(verified).toMatchObject({
        code: 0,
        document: {
          ok: true,
          references: { broken: [], rebound: [] },
          imports: { broken: [], rebound: [] },
          entries: { broken: [] },
          blobs: { lost: [] },
          manifest: { wrong: [] },
        },
      });
      expect(verified.document.references.unchanged).toBeGreaterThan(200);
      const { moved, exactRenames } = verified.document.history;
      expect(exactRenames).toBe(moved);
      for (const one of moves.slice(0, 5)) {
        const followed = git(root, "log", "--follow", "--format=%H", "--", one.to).split("\n").length;
        expect(followed).toBeGreaterThan(git(root, "log", "--format=%H", "--", one.to).split("\n").length);
      }

      expect(await run(root, "undo", "--yes")).toMatchObject({ code: 0 });
      expect(disk(root)).toEqual(before);
      expect(git(root, "status", "--porcelain")).toBe("");
    }, 120_000);
  });
}
