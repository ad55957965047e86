/**
 * Replays moves that people made: what their commit left broken, beside what `plan --moves` of the same list on its
 * parent leaves broken. Judged by `verify` and by a second method that shares no code with the program.
 * Run: npm run proof:consolidation-replay -- REPOSITORY COMMIT...   (the repository is only read)
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { judge, movesOf } from "../tests/consolidation/second-method.ts";
import { measured } from "./peers/measured.ts";

const [given = "", ...commits] = process.argv.slice(2);
if (given === "" || commits.length === 0) {
  process.stderr.write("Usage: npm run proof:consolidation-replay -- REPOSITORY COMMIT...\n");
  process.exit(2);
}
const repository = resolve(process.env["INIT_CWD"] ?? ".", given);
const program = fileURLToPath(new URL("../bin/training-ready", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "training-ready-replay-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

const git = (root: string, ...args: string[]): string =>
  execFileSync("git", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

type Verified = {
  error?: { code: string; message: string };
  ok: boolean;
  proven: boolean;
  lines: unknown[];
  comparison: Comparison;
} & Comparison;
type Comparison = {
  references: Record<
    "broken" | "rebound" | "repaired",
    { before: { path: string; line: number; raw: string } }[]
  > & {
    unchanged: number;
  };
  imports: Record<"broken" | "rebound" | "repaired", unknown[]>;
  entries: Record<"broken" | "repaired", unknown[]>;
};

function ours(root: string, ...words: string[]): Verified {
  const ran = measured([process.execPath, program, ...words, "--repo", root, "--json"], {
    cwd: root,
    environment: { TRAINING_READY_CACHE: join(scratch, "cache") },
  });
  if (ran.stdout === "") throw new Error(ran.stderr);
  const document = JSON.parse(ran.stdout) as Verified;
  if (document.error !== undefined)
    throw new Error(`${words[0]}: ${document.error.code}: ${document.error.message}`);
  return document;
}

function said({ references, imports, entries }: Comparison): string {
  return `${references.broken.length} references broken and ${references.rebound.length} re-bound, ${imports.broken.length} imports broken and ${imports.rebound.length} re-bound, ${entries.broken.length} commands broken; ${references.repaired.length} mended`;
}

/** A clone at a commit, and its files alone beside it. */
function clone(name: string, commit: string): string {
  const root = join(scratch, name);
  rmSync(root, { recursive: true, force: true });
  git(scratch, "clone", "-q", "--shared", "--no-checkout", repository, root);
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  git(root, "checkout", "-q", "-B", "replay", commit);
  // Objects that the copy at hand lacks cannot be moved: what is left of the tree is the base.
  if (git(root, "status", "--porcelain", "--untracked-files=no") !== "")
    git(root, "commit", "-qam", "what this copy lacks");
  return root;
}

for (const commit of commits) {
  const full = git(repository, "rev-parse", `${commit}^{commit}`);
  const moved = git(
    repository,
    "diff-tree",
    "-r",
    "-z",
    "-M50%",
    "-l0",
    "--name-status",
    "--no-commit-id",
    "--diff-filter=R",
    full,
  )
    .split("\0")
    .filter(Boolean);
  const moves: { from: string; to: string }[] = [];
  for (let at = 0; at + 2 < moved.length; at += 3)
    moves.push({ from: moved[at + 1] as string, to: moved[at + 2] as string });
  const list = join(scratch, "moves.tsv");
  // What people deleted in the same commit has no text that could fail.
  const deleted = git(
    repository,
    "diff-tree",
    "-r",
    "-z",
    "-M50%",
    "-l0",
    "--name-only",
    "--no-commit-id",
    "--diff-filter=D",
    full,
  )
    .split("\0")
    .filter(Boolean)
    .map((from) => ({ action: "delete", from }));
  const lines = moves.map((one) => ({ action: "move", ...one }));
  const [maps, theirMaps] = [join(scratch, "moves.json"), join(scratch, "their-moves.json")];
  writeFileSync(maps, JSON.stringify(movesOf(lines)));
  writeFileSync(theirMaps, JSON.stringify(movesOf([...lines, ...deleted])));

  const before = join(scratch, "before");
  rmSync(before, { recursive: true, force: true });
  cpSync(clone("parent", `${full}^`), before, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => basename(path) !== ".git",
  });
  process.stdout.write(`${basename(repository)} ${commit}: ${moves.length} moves\n`);
  try {
    const people = clone("people", full);
    const theirs = ours(people, "verify", "--before", `${full}^`);
    process.stdout.write(
      `  people: ${said(theirs)}; second method ${judge(before, people, theirMaps).failures.length} failures\n`,
    );
    const product = clone("product", `${full}^`);
    const plan = join(scratch, "plan.yaml");
    const held = new Set(
      git(product, "ls-files", "-s", "-z")
        .split("\0")
        .flatMap((row) => (row.startsWith("160000") ? [] : [row.slice(row.indexOf("\t") + 1)])),
    );
    const listed = moves.filter(({ from }) => held.has(from));
    writeFileSync(list, listed.map(({ from, to }) => `${from}\t${to}\n`).join(""));
    const planned = ours(product, "plan", "--moves", list, "--out", plan);
    if (!planned.proven) process.stdout.write(`  plan --moves: not proven: ${said(planned.comparison)}\n`);
    else {
      ours(product, "apply", plan, "--yes", "--here");
      const verified = ours(product, "verify");
      const { failures } = judge(before, product, maps);
      process.stdout.write(`  plan --moves: ${said(verified)}; second method ${failures.length} failures\n`);
      for (const one of failures.slice(0, 5)) process.stdout.write(`    ${one}\n`);
    }
  } catch (error) {
    process.stdout.write(`  ${(error as Error).message.slice(0, 500)}\n`);
    process.exitCode = 1;
  }
}
