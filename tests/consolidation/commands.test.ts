import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { disk, git, removeFolders, run, sample } from "./sample-repository.ts";

afterAll(removeFolders);

describe("undo --revert", () => {
  it("takes a consolidation back over later commits and keeps what these did", async () => {
    const root = await sample(7201);
    const plan = join(root, "../plan.yaml");
    const before = disk(root);
    const { document } = await run(root, "plan", "--all", "--out", plan);
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    const applied = disk(root);
    const { from: origin, to: moved } = document.lines.find(
      ({ action, from, to }) => action === "move" && to.endsWith(".md") && before[from] === applied[to],
    ) as { from: string; to: string };
    appendFileSync(join(root, moved), "\nA later line.\n");
    writeFileSync(join(root, "LATER.md"), "later\n");
    git(root, "add", "-A");
    git(root, "commit", "-qm", "later");
    expect(await run(root, "undo", "--yes")).toMatchObject({
      code: 2,
      document: { error: { code: "E_UNDO_LATER" } },
    });
    expect(await run(root, "undo", "--revert", "--yes")).toMatchObject({ code: 0 });
    const after = disk(root);
    expect(after["LATER.md"]).toBe("0later\n");
    delete after["LATER.md"];
    const touched = Object.keys(before).filter((path) => before[path] !== after[path]);
    expect(touched).toEqual([origin]);
    expect(after[origin]).toBe(`${before[origin]}\nA later line.\n`);
    expect(Object.keys(after).filter((path) => !(path in before))).toEqual([]);
    expect(git(root, "status", "--porcelain")).toBe("");
  }, 120_000);

  it("names the files whose lines a later commit changed, and touches nothing", async () => {
    const root = await sample(7202);
    const plan = join(root, "../plan.yaml");
    await run(root, "plan", "--all", "--out", plan);
    await run(root, "apply", plan, "--yes");
    writeFileSync(join(root, "ai/training_ready/README.md"), "all new\n");
    git(root, "commit", "-qam", "later");
    const now = disk(root);
    expect(await run(root, "undo", "--revert", "--yes")).toMatchObject({
      code: 1,
      document: { error: { code: "E_UNDO_CONFLICT" } },
    });
    expect(disk(root)).toEqual(now);
  }, 120_000);
});

describe("plan", () => {
  it("--moves carries out a person's own list with the same proof", async () => {
    const root = await sample(7203);
    const list = join(root, "../moves.tsv");
    const plan = join(root, "../plan.yaml");
    // A build with `ai` as its context copies from it: nothing that it copies may leave that context.
    writeFileSync(list, "ai/ovh\tplatforms/ovh\n");
    const left = await run(root, "plan", "--moves", list, "--out", plan);
    expect(left).toMatchObject({ code: 1, document: { proven: false } });
    const raws = left.document.comparison.references.broken.map(({ before }) => before.raw);
    expect(raws).toContain("ovh/inference_server.py");
    writeFileSync(list, "# where platform files go\nai/ovh\tai/platforms/ovh\n");
    const planned = await run(root, "plan", "--moves", list, "--out", plan);
    expect(planned).toMatchObject({ code: 0, document: { proven: true } });
    expect(
      planned.document.lines.every((line) => line.to === line.from.replace(/^ai\/ovh/, "ai/platforms/ovh")),
    ).toBe(true);
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    expect(await run(root, "verify")).toMatchObject({ code: 0, document: { ok: true } });
    expect(git(root, "ls-files", "ai/ovh")).toBe("");
  }, 120_000);

  it("--moves refuses a list that names nothing, twice the same, or no tab", async () => {
    const root = await sample(7204);
    const list = join(root, "../moves.tsv");
    for (const text of [
      "",
      "ai/ovh platforms/ovh\n",
      "ai/nothing\tx\n",
      "README.md\ta.md\nREADME.md\tb.md\n",
    ]) {
      writeFileSync(list, text);
      expect(await run(root, "plan", "--moves", list)).toMatchObject({
        code: 1,
        document: { error: { code: "E_PLAN" } },
      });
    }
  }, 60_000);

  it("--moves leaves a submodule in its place, and refuses to move one by name", async () => {
    const root = await sample(7209);
    const head = git(root, "rev-parse", "HEAD");
    mkdirSync(join(root, "ai/ovh/vendored"));
    git(root, "update-index", "--add", "--cacheinfo", `160000,${head},ai/ovh/vendored`);
    git(root, "commit", "-qm", "a submodule");
    const [list, plan] = [join(root, "../moves.tsv"), join(root, "../plan.yaml")];
    // Within `ai`, which is the context of a build that copies from it.
    writeFileSync(list, "ai/ovh\tai/platforms/ovh\n");
    expect(await run(root, "plan", "--moves", list, "--out", plan)).toMatchObject({ code: 0 });
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    expect(git(root, "ls-files", "ai/ovh")).toBe("ai/ovh/vendored");
    writeFileSync(list, "ai/ovh/vendored\tplatforms/vendored\n");
    expect(await run(root, "plan", "--moves", list, "--out", plan)).toMatchObject({
      code: 1,
      document: { error: { code: "E_PLAN" } },
    });
  }, 120_000);

  it("--repairs moves nothing and mends what is proven", async () => {
    const root = await sample(7205);
    const plan = join(root, "../plan.yaml");
    const planned = await run(root, "plan", "--repairs", "--out", plan);
    expect(planned).toMatchObject({ code: 0, document: { lines: [] } });
    expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
    const again = await run(root, "plan", "--repairs", "--out", plan);
    expect(readFileSync(plan, "utf8")).not.toMatch(/apply: true }/);
    expect(again.code).toBe(0);
  }, 60_000);

  it("--patch writes what git apply takes", async () => {
    const root = await sample(7206);
    const patch = join(root, "../rewrites.patch");
    await run(root, "plan", "--repairs", "--patch", patch, "--out", join(root, "../plan.yaml"));
    expect(readFileSync(patch, "latin1")).toMatch(/^--- a\/.+\n\+\+\+ b\//);
    execFileSync("git", ["apply", "--check", patch], { cwd: root });
  }, 60_000);

  it("keeps a person's decisions on a re-plan and says what no longer fits", async () => {
    const root = await sample(7207);
    const plan = join(root, "../plan.yaml");
    const { document } = await run(root, "plan", "--all", "--out", plan);
    const line = document.lines.find((one) => one.action === "move" && one.from.endsWith(".md")) as {
      from: string;
      to: string;
    };
    writeFileSync(
      plan,
      readFileSync(plan, "utf8").replace(`to: ${line.to}\n`, "to: ai/training_ready/docs/mine.md\n"),
    );
    const again = await run(root, "plan", "--all", "--update", plan, "--out", plan);
    expect(again.document.lines.find((one) => one.from === line.from)).toMatchObject({
      to: "ai/training_ready/docs/mine.md",
    });
    expect(again.code).toBe(0);
    git(root, "rm", "-q", line.from);
    git(root, "commit", "-qm", "remove it");
    const third = await run(root, "plan", "--all", "--update", plan, "--out", plan);
    expect(third.stderr).toContain(line.from);
  }, 120_000);

  it("without a package lists the candidates and exits 2", async () => {
    const root = await sample(7208);
    const { code, document } = await run(root, "plan");
    expect({ code, error: document.error?.code }).toEqual({ code: 2, error: "E_PLAN_NOTHING" });
    expect(await run(root, "plan", "ai/ohv")).toMatchObject({
      code: 2,
      document: { error: { code: "E_CLI_ARGUMENT" } },
    });
  }, 60_000);
});
