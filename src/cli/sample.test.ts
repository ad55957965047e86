import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import { runProgram } from "./framework/run.ts";

const base = mkdtempSync(join(tmpdir(), "sample-command-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const code = await runProgram(commands, ["sample", ...words], {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    isTerminal: false,
    environment: {},
    cwd: base,
    signal: new AbortController().signal,
  });
  return { code, ...said };
}

describe("training-ready sample", () => {
  it("writes the repository below the working folder and the key beside it", async () => {
    const { code, out } = await run("one", "--seed", "3", "--no-git");
    expect([code, out.split("\n").length]).toEqual([0, 4]);
    expect(readdirSync(base).sort()).toEqual(["one", "one.answers.json"]);
    expect(readdirSync(join(base, "one"))).toContain("ai");
  });

  it("prints one JSON document that counts what is planted", async () => {
    const { code, out } = await run("two", "--answers", "key.json", "--json");
    expect(code).toBe(0);
    const document = JSON.parse(out) as { version: number; commits: number; planted: Record<string, number> };
    expect(document.version).toBe(1);
    expect(document.commits).toBeGreaterThan(12);
    expect(document.planted["references"]).toBeGreaterThan(200);
    expect(readdirSync(base)).toContain("key.json");
  });

  it("refuses a folder in use, a flag that it does not know and a scale of nothing", async () => {
    await run("three", "--no-git");
    const again = await run("three", "--no-git", "--json");
    expect([again.code, JSON.parse(again.out)]).toMatchObject([2, { error: { code: "E_SAMPLE_FOLDER" } }]);
    expect((await run("four", "--sed", "1")).err).toContain("--seed");
    expect((await run("four", "--scale", "0")).code).toBe(2);
    expect(readdirSync(base)).not.toContain("four");
  });
});
