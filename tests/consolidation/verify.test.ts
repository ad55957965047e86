import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

type Verified = {
  ok: boolean;
  recorded: boolean;
  references: { broken: { before: { path: string; raw: string } }[]; repaired: unknown[] };
  blobs: { moved: number; lost: unknown[] };
  history: { moved: number };
};

const commit = (root: string, text: string): void => {
  git(root, "add", "-A");
  git(root, "commit", "-qm", text);
};

describe("verify --before without a record", () => {
  it("finds what a move by hand broke, and nothing where references were mended", async () => {
    const root = await sample(7801);
    mkdirSync(join(root, "ai/guides"));
    writeFileSync(join(root, "ai/guides/one.md"), "# One\n\n[two](two.md) and [up](../ovh/README.md)\n");
    writeFileSync(join(root, "ai/guides/two.md"), `# Two\n\n${"text\n".repeat(20)}\n[one](one.md)\n`);
    commit(root, "guides");
    const base = git(root, "rev-parse", "HEAD");
    mkdirSync(join(root, "ai/guides/deep"));
    renameSync(join(root, "ai/guides/two.md"), join(root, "ai/guides/deep/two.md"));
    commit(root, "by hand");
    const broken = await run(root, "verify", "--before", base);
    expect(broken.code).toBe(1);
    const { references, recorded, history } = broken.document as unknown as Verified;
    expect(recorded).toBe(false);
    expect(history.moved).toBe(1);
    expect(references.broken.map(({ before }) => `${before.path} ${before.raw}`).sort()).toEqual([
      "ai/guides/one.md two.md",
      "ai/guides/two.md one.md",
    ]);

    for (const [path, from, to] of [
      ["ai/guides/one.md", "(two.md)", "(deep/two.md)"],
      ["ai/guides/deep/two.md", "(one.md)", "(../one.md)"],
    ] as const)
      writeFileSync(join(root, path), readFileSync(join(root, path), "utf8").replace(from, to));
    commit(root, "mended");
    expect(await run(root, "verify", "--before", base)).toMatchObject({ code: 0, document: { ok: true } });
  }, 120_000);

  it("judges repairs alone, and refuses where nothing came after", async () => {
    const root = await sample(7802);
    expect(await run(root, "verify", "--before", "HEAD")).toMatchObject({
      code: 1,
      document: { error: { code: "E_NOTHING_APPLIED" } },
    });
    const [plan, out] = [join(root, "../plan.yaml"), join(root, "../review")];
    await run(root, "plan", "--repairs", "--out", plan);
    expect(await run(root, "apply", plan, "--yes", "--out", out)).toMatchObject({ code: 0 });
    const { code, document } = await run(root, "verify");
    expect(code).toBe(0);
    const verified = document as unknown as Verified;
    expect(verified).toMatchObject({ ok: true, recorded: false });
    expect(verified.references.repaired.length).toBeGreaterThan(0);
    expect(readFileSync(join(out, "consolidation.html"), "utf8")).toContain("The consolidation is whole.");
  }, 120_000);
});

describe("two homes in one repository", () => {
  it("are verified each by its own record", async () => {
    const root = await sample(7803);
    const plan = join(root, "../plan.yaml");
    const base = git(root, "rev-parse", "HEAD");
    await run(root, "plan", "ai/ovh", "--home", "ai/first", "--out", plan);
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    const middle = git(root, "rev-parse", "HEAD");
    await run(root, "plan", "ai/lightning_training_package", "--home", "ai/second", "--out", plan);
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    for (const words of [[], ["--before", middle], ["--before", base]])
      expect(await run(root, "verify", ...words)).toMatchObject({
        code: 0,
        document: { ok: true, recorded: true },
      });
  }, 180_000);
});
