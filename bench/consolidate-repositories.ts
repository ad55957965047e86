/**
 * Plans, applies, verifies and takes back the consolidation of real repositories, each in a copy, and has a second
 * method judge the result. The repositories themselves are only read.
 * Run: npm run proof:consolidation-repositories -- FOLDER... [--keep DIR]
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judge, movesOf, type PlannedLine } from "../tests/consolidation/second-method.ts";
import { measured } from "./peers/measured.ts";

const { values, positionals } = parseArgs({
  options: { keep: { type: "string" }, moves: { type: "string" } },
  allowPositionals: true,
});
if (positionals.length === 0) {
  process.stderr.write(
    "Usage: npm run proof:consolidation-repositories -- FOLDER... [--moves FILE] [--keep DIR]\n",
  );
  process.exit(2);
}
const from = process.env["INIT_CWD"] ?? ".";
const program = fileURLToPath(new URL("../bin/training-ready", import.meta.url));

type Row = { target: string | null };
type Printed = {
  error?: { code: string; message: string };
  lines: (PlannedLine & { because: string[] })[];
  rounds: number;
  commits: string[];
  tree: string;
  ok: boolean;
  references: Record<"broken" | "rebound" | "repaired", Row[]> & { unchanged: number };
  imports: Record<"broken" | "rebound" | "repaired", Row[]> & { unchanged: number };
  entries: Record<"broken" | "repaired", unknown[]> & { unchanged: number };
  blobs: { edited: number; lost: unknown[] };
  history: { moved: number; exactRenames: number };
  manifest: { wrong: string[] };
};

function git(root: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=A Tester", "-c", "user.email=tester@example.org", ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  }).trim();
}

/** One hash of the bytes of every tracked file on disk. */
function diskHash(root: string): string {
  const hash = createHash("sha256");
  for (const row of git(root, "ls-files", "-s", "-z").split("\0").filter(Boolean)) {
    const path = row.slice(row.indexOf("\t") + 1);
    if (row.startsWith("160000")) continue;
    hash.update(`${path}\0`);
    hash.update(row.startsWith("120000") ? readlinkSync(join(root, path)) : readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

/** Reasons of a plan's lines without the names in them, with how often each is given. */
function reasons(lines: Printed["lines"]): [string, number][] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    if (line.action !== "keep" && line.action !== "leave") continue;
    const said = (line.because[0] ?? "no reason").replace(/: .*?:\d+: /, ": ");
    const kind = said.startsWith("not proven elsewhere")
      ? `not proven: ${/would [a-z ]+|: ([^:]+)$/.exec(said)?.[0].replace(/^: /, "") ?? said}`
      : said;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

for (const given of positionals) {
  const source = resolve(from, given);
  const scratch = mkdtempSync(join(values.keep ?? tmpdir(), `consolidated-${basename(source)}-`));
  const root = join(scratch, "repository");
  execFileSync("cp", ["-a", source, root]);
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  // Objects that the copy at hand lacks cannot be moved: what is left of the tree is the base.
  if (git(root, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty") !== "")
    git(root, "commit", "-qam", "what this copy lacks");
  const before = { tree: git(root, "rev-parse", "HEAD^{tree}"), disk: diskHash(root) };
  const plan = join(scratch, "plan.yaml");
  const command = (...words: string[]): { document: Printed; seconds: number } => {
    const ran = measured([process.execPath, program, ...words, "--repo", root, "--json"], {
      cwd: root,
      environment: { TRAINING_READY_CACHE: join(scratch, "cache") },
    });
    writeFileSync(join(scratch, `${words[0]}.json`), ran.stdout);
    if (ran.stdout === "") throw new Error(ran.stderr);
    const document = JSON.parse(ran.stdout) as Printed;
    if (document.error !== undefined)
      throw new Error(`${words[0]}: ${document.error.code}: ${document.error.message}`);
    return { document, seconds: ran.cost.seconds };
  };
  try {
    const what = values.moves === undefined ? ["--all"] : ["--moves", resolve(from, values.moves)];
    const planned = command("plan", ...what, "--out", plan);
    const { lines } = planned.document;
    const count = (...actions: string[]): number =>
      lines.filter((line) => actions.includes(line.action)).length;
    const old = join(scratch, "before");
    cpSync(root, old, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => path !== join(root, ".git"),
    });
    const applied = command("apply", plan, "--yes");
    const row: Record<string, unknown> = {
      repository: basename(source),
      files: lines.length,
      moved: count("move"),
      archived: count("archive"),
      deleted: count("delete"),
      stay: count("keep", "leave"),
      rounds: planned.document.rounds,
      planSeconds: Number(planned.seconds.toFixed(1)),
      applySeconds: Number(applied.seconds.toFixed(1)),
    };
    if (applied.document.commits.length > 0) {
      const { document: verified } = command("verify");
      const { references, imports, entries } = verified;
      const moves = join(scratch, "moves.json");
      writeFileSync(moves, JSON.stringify(movesOf(lines)));
      const judged = judge(old, root, moves);
      writeFileSync(join(scratch, "judged.json"), JSON.stringify(judged, null, 1));
      command("undo", "--yes");
      Object.assign(row, {
        ok: verified.ok,
        edited: verified.blobs.edited,
        references: `${references.broken.length} broken, ${references.rebound.length} re-bound, ${references.repaired.length} mended, ${references.unchanged} unchanged`,
        imports: `${imports.broken.length} broken, ${imports.rebound.length} re-bound, ${imports.repaired.length} mended, ${imports.unchanged} unchanged`,
        entries: `${entries.broken.length} broken, ${entries.repaired.length} mended, ${entries.unchanged} unchanged`,
        lost: verified.blobs.lost.length,
        renames: `${verified.history.exactRenames} of ${verified.history.moved}`,
        secondMethod: judged.checked,
        secondMethodFailures: judged.failures.length,
        undo:
          git(root, "rev-parse", "HEAD^{tree}") === before.tree && diskHash(root) === before.disk
            ? "same tree and bytes"
            : "DIFFERS",
      });
    }
    row["stayBecause"] = Object.fromEntries(reasons(lines).slice(0, 12));
    process.stdout.write(`${JSON.stringify(row, null, 1)}\n`);
  } catch (error) {
    process.stdout.write(`${basename(source)}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
  if (values.keep === undefined) rmSync(scratch, { recursive: true, force: true });
}
