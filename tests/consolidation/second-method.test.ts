import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { git, removeFolders, run, sample } from "./sample-repository.ts";
import { judge, movesOf } from "./second-method.ts";

afterAll(removeFolders);

async function consolidated(seed: number): Promise<{ root: string; before: string; moves: string }> {
  const root = await sample(seed);
  const [before, moves, plan] = ["before", "moves.json", "plan.yaml"].map((name) =>
    join(root, "..", name),
  ) as [string, string, string];
  cpSync(root, before, { recursive: true, verbatimSymlinks: true });
  rmSync(join(before, ".git"), { recursive: true });
  const planned = await run(root, "plan", "--all", "--out", plan);
  expect(planned).toMatchObject({ code: 0 });
  expect(await run(root, "apply", plan, "--yes")).toMatchObject({ code: 0 });
  writeFileSync(moves, JSON.stringify(movesOf(planned.document.lines)));
  return { root, before, moves };
}

describe("a second method", () => {
  // Seeds that nothing was tuned on.
  for (const seed of [7301, 7302]) {
    it(`finds every import, command, link, COPY source and path of seed ${seed} at its new place`, async () => {
      const { root, before, moves } = await consolidated(seed);
      const { checked, failures } = judge(before, root, moves);
      expect(failures).toEqual([]);
      expect(checked["commands"]).toBeGreaterThan(15);
      expect(checked["imports"]).toBeGreaterThan(10);
      expect(checked["links"]).toBeGreaterThan(15);
      expect(checked["sources"]).toBeGreaterThan(0);
      expect(checked["strings"]).toBeGreaterThan(2);
      // The same from the repository alone: base and moves are read from git and the record.
      const script = join(import.meta.dirname, "judge_repository.py");
      const printed = execFileSync("python3", ["-B", script, root], { encoding: "utf8" });
      expect(JSON.parse(printed)).toMatchObject({ moves: "record", checked, failures: [] });
    }, 120_000);
  }

  it("sees what a move without rewriting breaks", async () => {
    const root = await sample(7303);
    const [before, moves] = [join(root, "../before"), join(root, "../moves.json")];
    cpSync(root, before, { recursive: true, verbatimSymlinks: true });
    rmSync(join(before, ".git"), { recursive: true });
    const files = git(root, "ls-files")
      .split("\n")
      .filter((path) =>
        /^ai\/therapeutic_ai[^/]*\/(?:training_scripts|docs)\/[^/" ]+\.(?:py|md)$/.test(path),
      );
    const lines = files.map((from) => ({
      action: "move",
      from,
      to: `elsewhere/${from.endsWith("moe_architecture.py") ? "models/" : ""}${from.split("/").at(-1) ?? ""}`,
    }));
    for (const { to } of lines) execFileSync("mkdir", ["-p", join(root, to, "..")]);
    for (const { from, to } of lines) git(root, "mv", from, to);
    writeFileSync(moves, JSON.stringify(movesOf(lines)));
    const kinds = new Set(judge(before, root, moves).failures.map((one) => one.split(":")[0]));
    expect(kinds).toContain("import");
    expect(kinds).toContain("command");
    expect(kinds).toContain("links");
  }, 60_000);
});
