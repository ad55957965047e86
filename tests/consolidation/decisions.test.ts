import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

describe("a rule under `decisions`", () => {
  it("speaks for every line that it fits, and is proven like any other plan", async () => {
    const root = await sample(7701);
    const plan = join(root, "../plan.yaml");
    expect(await run(root, "plan", "--all", "--out", plan)).toMatchObject({ code: 0 });
    const text = readFileSync(plan, "utf8");
    writeFileSync(
      plan,
      text.replace("decisions: []", 'decisions:\n  - { from: "ai/ovh/**", action: leave }'),
    );
    const before = git(root, "ls-tree", "-r", "--name-only", "HEAD", "ai/ovh");
    expect(before.split("\n").length).toBeGreaterThan(10);
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    expect(git(root, "ls-tree", "-r", "--name-only", "HEAD", "ai/ovh")).toBe(before);
    expect(await run(root, "verify")).toMatchObject({ code: 0, document: { ok: true } });
  }, 120_000);
});
