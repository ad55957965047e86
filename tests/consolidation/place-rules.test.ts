import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

type Planned = {
  lines: { from: string; action: string; because: string[] }[];
  warnings: { rule: string; paths: string[]; message: string }[];
};

async function withRules(seed: number, rules: Record<string, string>): Promise<string> {
  const root = await sample(seed);
  for (const [path, text] of Object.entries(rules)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git(root, "add", "-A");
  git(root, "commit", "-qm", "rules");
  return root;
}

describe("git's rules at a new place", () => {
  it("keep a file in place whose line ends would change, and refuse such a move", async () => {
    const root = await withRules(7901, { ".gitattributes": "/ai/ovh/*.sh text eol=lf\n" });
    const [plan, list] = [join(root, "../plan.yaml"), join(root, "../moves.tsv")];
    const { document } = await run(root, "plan", "ai/ovh", "--out", plan);
    const scripts = (document as unknown as Planned).lines.filter(({ from }) => from.endsWith(".sh"));
    expect(scripts.length).toBeGreaterThan(2);
    for (const { action, because } of scripts) {
      expect(action).toBe("keep");
      expect(because[0]).toContain("attributes would change from text=set eol=lf to none");
    }
    writeFileSync(list, "ai/ovh/run-training.sh\tai/elsewhere/run-training.sh\n");
    await run(root, "plan", "--moves", list, "--out", plan);
    const head = git(root, "rev-parse", "HEAD");
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({
      code: 1,
      document: { error: { code: "E_PLAN_ATTRIBUTES" } },
    });
    expect([git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")]).toEqual([head, ""]);
  }, 120_000);

  it("move with the rules where these lie in the folder that moves", async () => {
    const root = await withRules(7902, { "ai/ovh/.gitattributes": "*.sh text eol=lf\n" });
    const plan = join(root, "../plan.yaml");
    const { document } = await run(root, "plan", "ai/ovh", "--out", plan);
    const actions = (document as unknown as Planned).lines
      .filter(({ from }) => from.endsWith(".sh"))
      .map(({ action }) => action);
    expect(actions).toContain("move");
    expect(actions.length).toBeGreaterThan(2);
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    expect(await run(root, "verify")).toMatchObject({ code: 0 });
  }, 120_000);

  it("warn of a place that an ignore rule covers, with the exception to add; the file stays tracked", async () => {
    const root = await withRules(7903, { ".gitignore": "platforms/\n" });
    const plan = join(root, "../plan.yaml");
    const { document, stderr } = await run(root, "plan", "ai/ovh", "--out", plan);
    const { warnings, lines } = document as unknown as Planned;
    const place = "ai/training_ready/platforms/ovh/train_ovh.py";
    expect(lines.find(({ from }) => from === "ai/ovh/train_ovh.py")?.action).toBe("move");
    expect(warnings).toHaveLength(1);
    const [warning] = warnings;
    expect(warning).toMatchObject({ rule: "plan-ignored" });
    expect(warning?.paths).toContain(place);
    expect(warning?.message).toContain(".gitignore:1: platforms/");
    expect(warning?.message).toContain("add !/ai/training_ready/platforms/");
    expect(stderr).toContain("where an ignore rule applies");
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    expect(git(root, "ls-files", place)).toBe(place);
    expect(readFileSync(join(root, place)).length).toBeGreaterThan(0);
  }, 120_000);
});
