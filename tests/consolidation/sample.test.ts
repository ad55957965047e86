import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { runProgram } from "../../src/cli/framework/run.ts";
import { writeSample } from "../../src/sample/index.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" };
const git = (root: string, ...args: string[]): string =>
  execFileSync("git", args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

async function sample(seed: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "consolidation-"));
  folders.push(folder);
  const root = join(folder, "repository");
  await writeSample({ seed, folder: root });
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  return root;
}

type Line = { action: string; from: string; to: string };
type Document = {
  lines: Line[];
  commits: string[];
  tree: string;
  references: { unchanged: number };
  history: { moved: number; exactRenames: number };
  error?: { code: string };
};

async function run(
  root: string,
  ...words: string[]
): Promise<{ code: number; document: Document; stderr: string }> {
  let stdout = "";
  let stderr = "";
  const code = await runProgram(commands, [...words, "--json"], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    isTerminal: false,
    environment: { ...process.env, TRAINING_READY_CACHE: join(root, "../cache") },
    cwd: root,
    signal: new AbortController().signal,
  });
  return { code, document: JSON.parse(stdout) as Document, stderr };
}

function disk(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (path === ".git" || path.startsWith(".git/")) continue;
    const facts = lstatSync(join(root, path));
    if (facts.isSymbolicLink()) found[path] = `->${readlinkSync(join(root, path))}`;
    else if (facts.isFile()) found[path] = `${facts.mode & 0o100}${readFileSync(join(root, path), "latin1")}`;
    else found[`${path}/`] = "";
  }
  return found;
}

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

describe("a plan edited into nonsense", () => {
  it("is refused before anything is touched", async () => {
    const root = await sample(7103);
    const plan = join(root, "../plan.yaml");
    expect(await run(root, "plan", "--all", "--out", plan)).toMatchObject({ code: 0 });
    const good = readFileSync(plan, "utf8");
    const before = disk(root);
    const target = /\n {4}to: ([^\n]+)/g;
    const [first, second] = [...good.matchAll(target)].map((match) => match[1] as string);
    const cases: [string, string, string][] = [
      ["a target outside", good.replace(`to: ${first}`, "to: ../../outside.md"), "E_PLAN_PATH"],
      [
        "two files to one place",
        good.replace(`\n    to: ${second}`, `\n    to: ${first}`),
        "E_PLAN_COLLISION",
      ],
      ["an unknown id", good.replace(/id: [0-9a-f]{8}|id: "[0-9e]+"/, "id: deadbeef"), "E_PLAN"],
      ["an unknown action", good.replace("action: move", "action: mvoe"), "E_PLAN"],
      [
        "a changed file",
        good.replace(/blob: ([0-9a-f]{40}|"[0-9e]{40}")/, `blob: ${"0".repeat(39)}a`),
        "E_PLAN_STALE",
      ],
      ["no YAML at all", "lines: [", "E_PLAN"],
    ];
    for (const [what, text, code] of cases) {
      expect(text, what).not.toBe(good);
      writeFileSync(plan, text);
      const { code: exit, document } = await run(root, "apply", plan, "--yes");
      expect({ what, exit, code: document.error?.code }).toEqual({ what, exit: 1, code });
    }
    expect(disk(root)).toEqual(before);
  }, 120_000);
});
