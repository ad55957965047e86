/**
 * Moves one module of a generated sample in three ways and counts what each breaks: `git mv`, rope, and `plan --moves`.
 * Judged by a second method that shares no code with the program, and by `verify`.
 * Run: npx tsx bench/move-one-module.ts [--seed N]   (needs git and python3; rope is installed into a folder of its own)
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judge, movesOf } from "../tests/consolidation/second-method.ts";
import { measured } from "./peers/measured.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: "8801" } } });
const program = fileURLToPath(new URL("../bin/training-ready", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "training-ready-one-module-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
const git = (root: string, ...args: string[]): string =>
  run("git", ["-c", "user.name=A Tester", "-c", "user.email=tester@example.org", ...args], root);
const ours = (root: string, ...words: string[]): string =>
  measured([process.execPath, program, ...words], {
    cwd: root,
    environment: { TRAINING_READY_CACHE: join(scratch, "cache") },
  }).stdout;

const pristine = join(scratch, "pristine");
ours(scratch, "sample", pristine, "--seed", values.seed);
git(pristine, "config", "user.name", "A Tester");
git(pristine, "config", "user.email", "tester@example.org");
const from = git(pristine, "ls-files")
  .split("\n")
  .find((path) => /therapeutic_ai[^/]*\/training_scripts\/moe_architecture\.py$/.test(path));
if (from === undefined) throw new Error("the sample holds no such module");
const folder = join(dirname(dirname(from)), "models");
const to = join(folder, "moe_architecture.py");
const base = git(pristine, "rev-parse", "HEAD");
const moves = join(scratch, "moves.json");
writeFileSync(moves, JSON.stringify(movesOf([{ action: "move", from, to }])));

const python = join(scratch, "venv/bin/python");
run("python3", ["-m", "venv", join(scratch, "venv")], scratch);
run(python, ["-m", "pip", "install", "-q", "rope==1.13.0"], scratch);

const ways: [string, (root: string) => void][] = [
  [
    "git mv",
    (root) => {
      mkdirSync(join(root, folder), { recursive: true });
      git(root, "mv", from, to);
    },
  ],
  [
    "rope 1.13.0",
    (root) => {
      mkdirSync(join(root, folder), { recursive: true });
      run(python, [fileURLToPath(new URL("rope_move.py", import.meta.url)), root, from, folder], root);
      git(root, "add", "-A");
    },
  ],
  [
    "plan --moves",
    (root) => {
      const [list, plan] = [join(scratch, "moves.tsv"), join(scratch, "plan.yaml")];
      writeFileSync(list, `${from}\t${to}\n`);
      ours(root, "plan", "--moves", list, "--repo", root, "--out", plan);
      ours(root, "apply", plan, "--repo", root, "--yes", "--here");
    },
  ],
];
for (const [name, move] of ways) {
  const root = join(scratch, name.replaceAll(" ", "-"));
  cpSync(pristine, root, { recursive: true, verbatimSymlinks: true });
  move(root);
  if (git(root, "status", "--porcelain") !== "") git(root, "commit", "-qam", "moved");
  const verified = JSON.parse(ours(root, "verify", "--repo", root, "--before", base, "--json")) as {
    references: Record<"broken" | "rebound", { before: { path: string; line: number; raw: string } }[]>;
    imports: Record<"broken" | "rebound", { before: { path: string; line: number; module: string } }[]>;
    entries: { broken: unknown[] };
  };
  const old = join(scratch, "before");
  cpSync(pristine, old, { recursive: true, verbatimSymlinks: true });
  rmSync(join(old, ".git"), { recursive: true });
  const { failures } = judge(old, root, moves);
  rmSync(old, { recursive: true });
  const { references, imports, entries } = verified;
  process.stdout.write(
    `${name}: second method ${failures.length} failures; verify: ${references.broken.length} references and ${imports.broken.length} imports broken, ${references.rebound.length} and ${imports.rebound.length} re-bound, ${entries.broken.length} commands that load no more\n`,
  );
  for (const one of failures.slice(0, 6)) process.stdout.write(`  ${one}\n`);
}
