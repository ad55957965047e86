import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import { runProgram } from "./framework/run.ts";

const root = join(import.meta.dirname, "../..");
// Made up, and put together here so that no scanner takes this file for a leak.
const token = `hf_${"a1B2c3D4e5".repeat(3)}f6G7`;
let folder = "";
let repo = "";

type Outcome = { code: number; stdout: string };

function training(...words: string[]): Promise<Outcome> {
  const program = `import(${JSON.stringify(join(root, "src/cli/main.ts"))}).then((m) => m.main(process.argv.slice(1)))`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", "-e", program, "--", ...words],
      { cwd: root, env: { ...process.env, TRAINING_READY_CACHE: join(folder, "cache"), INIT_CWD: repo } },
      (error, stdout) => resolve({ code: error === null ? 0 : Number(error.code), stdout }),
    );
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
}

const git = (...words: string[]): void =>
  void execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...words], {
    cwd: repo,
    stdio: "ignore",
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  repo = join(folder, "repo");
  const train =
    "import torch\nfrom transformers import Trainer\n\nif __name__ == '__main__':\n    Trainer().train()\n";
  write("ai/one/train.py", train);
  write("ai/one/requirements.txt", "torch\ntransformers\n");
  write("ai/two/train.py", train);
  write("ai/two/requirements.txt", "torch\ntransformers\n");
  write("ai/two/.env", `# made up\nHF_TOKEN=${token}\n`);
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "first");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("training-ready audit", () => {
  it("exits 1 for a secret, writes every form, and shows the value in none", async () => {
    const out = join(folder, "out");
    const { code, stdout } = await training("audit", "--out", out);
    expect(code).toBe(1);
    expect(stdout).toContain("`ai/two/.env` holds what looks like a secret (huggingface-token).");
    expect(stdout).toContain(join(out, "audit.html"));
    const names = readdirSync(out).sort();
    expect(names).toEqual(["audit.html", "audit.json", "audit.md", "audit.sarif", "home.json"]);
    const manifest = JSON.parse(readFileSync(join(out, "home.json"), "utf8")) as {
      artifacts: { path: string; origin: { path: string } }[];
    };
    expect(manifest.artifacts).toContainEqual(
      expect.objectContaining({ path: "scripts/train.py", role: "script" }),
    );
    for (const name of names)
      expect(readFileSync(join(out, name), "utf8").includes(token.slice(3)), name).toBe(false);
    expect(stdout).not.toContain(token.slice(3));
    expect(JSON.parse(readFileSync(join(out, "audit.json"), "utf8"))).toMatchObject({
      version: 1,
      tool: { name: "training-ready" },
    });
  });

  it("prints one JSON document with the same findings as the file", async () => {
    const { code, stdout } = await training("audit", "--json", "--fail-on", "never");
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { version: number; findings: { rule: string; id: string }[] };
    expect(document.version).toBe(1);
    expect(document.findings.map((one) => one.rule)).toContain("secret");
    const file = JSON.parse(readFileSync(join(folder, "out", "audit.json"), "utf8")) as typeof document;
    expect(document.findings).toEqual(file.findings);
  });

  it("fails only for what a baseline does not know", async () => {
    const baseline = join(folder, "baseline.json");
    expect((await training("audit", "--write-baseline", baseline)).code).toBe(0);
    expect(readFileSync(baseline, "utf8")).not.toContain(token.slice(3));
    expect((await training("audit", "--baseline", baseline, "--fail-on", "note")).code).toBe(0);
    write("ai/one/.env", `HF_TOKEN=${token}\n`);
    const { code, stdout } = await training("audit", "--baseline", baseline);
    rmSync(join(repo, "ai/one/.env"));
    expect(code).toBe(1);
    expect(stdout).toContain("`ai/one/.env` holds what looks like a secret");
    expect(stdout).not.toContain("`ai/two/.env` holds");
  });

  it("does not read its own reports and baselines in the repository", async () => {
    await training("audit", "--out", "report", "--write-baseline", "known/audit-baseline.json");
    const { stdout } = await training("audit", "--json", "--baseline", "known/audit-baseline.json");
    const document = JSON.parse(stdout) as {
      references: { path: string }[];
      findings: { at: { path: string } }[];
      warnings: { code: string; path?: string }[];
    };
    const inside = /^(?:report|known)\//;
    expect(document.references.filter((one) => inside.test(one.path))).toEqual([]);
    expect(document.findings.filter((one) => inside.test(one.at.path))).toEqual([]);
    expect(document.warnings.filter((one) => one.code === "own-report").map((one) => one.path)).toEqual([
      "known/audit-baseline.json",
      "report/audit.html",
      "report/audit.json",
      "report/audit.md",
      "report/audit.sarif",
      "report/home.json",
    ]);
    rmSync(join(repo, "report"), { recursive: true });
    rmSync(join(repo, "known"), { recursive: true });
  });

  it("honours ignore rules and comments, and reports the unused", async () => {
    write("ai/two/.env", `# training-ready: ignore[secret]\nHF_TOKEN=${token}\n`);
    write("training-ready.yaml", 'ignore:\n  - {rule: ref-stale, path: "docs/**", reason: not yet}\n');
    const { code, stdout } = await training("audit", "--json");
    rmSync(join(repo, "training-ready.yaml"));
    write("ai/two/.env", `# made up\nHF_TOKEN=${token}\n`);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { warnings: unknown[] }).warnings).toContainEqual({
      code: "ignore-unused",
      message: "the config ignores rule ref-stale, path docs/**, but nothing is found there: remove it",
    });
  });

  it("explains a finding by the start of its id", async () => {
    const file = JSON.parse(readFileSync(join(folder, "out", "audit.json"), "utf8")) as {
      findings: { rule: string; id: string }[];
    };
    const id = file.findings.find((one) => one.rule === "secret")?.id as string;
    const { code, stdout } = await training("audit", "--explain", id.slice(0, 9));
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe(`${id}  error secret`);
    expect(stdout).toContain("Revoke it first");
  });

  it.each([
    [["audit", "--explain", "ffffffffffff"], "E_FINDING_UNKNOWN"],
    [["audit", "--baseline", "missing.json"], "E_FILE_MISSING"],
    [["audit", "--fail-on", "eror"], "E_CLI_ARGUMENT"],
    [["audit", "--repo", "nowhere"], "E_FILE_MISSING"],
    [["audit", "--bseline", "x"], "E_CLI_UNKNOWN_FLAG"],
  ])("refuses %j with exit 2", async (words, code) => {
    let [stdout, stderr] = ["", ""];
    const exitCode = await runProgram(commands, words, {
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      isTerminal: false,
      environment: { TRAINING_READY_CACHE: join(folder, "cache") },
      cwd: repo,
      signal: new AbortController().signal,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(code);
    expect(stdout).toBe("");
  });
});
