import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { disk, git, run } from "./sample-repository.ts";

const kills = Number(process.env["TRAINING_READY_KILLS"] ?? 10);
const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = new URL("../../src/cli/main.ts", import.meta.url).href;
const script = `import(${JSON.stringify(program)}).then((m) => m.main(process.argv.slice(1)))`;

const folder = mkdtempSync(join(tmpdir(), "consolidation-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plan = join(folder, "plan.yaml");

/** Documents, scripts and binary files that name each other, with a listed move of every folder. */
function writeRepository(root: string): void {
  const files: Record<string, string | Buffer> = {
    ".gitattributes": "*.cr text eol=crlf\n",
    "README.md": "# All\n\n" + Array.from({ length: 60 }, (_, n) => `- [${n}](old/docs/d${n}.md)\n`).join(""),
    "old/scripts/helper.py": "VALUE = 1\n",
    "old/notes.cr": "one\ntwo\n",
  };
  for (let n = 0; n < 60; n++) {
    files[`old/docs/d${n}.md`] = `# ${n}\n\n[next](d${(n + 1) % 60}.md), [code](../scripts/s${n}.py)\n`;
    files[`old/scripts/s${n}.py`] = `import helper\n\nprint(${n}, helper.VALUE)\n`;
    files[`old/data/b${n}.bin`] = Buffer.from([n, 0, 255, 13, 10, 128, n]);
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git(root, "init", "-q", "-b", "main");
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "first");
  writeFileSync(
    join(folder, "moves.tsv"),
    "old/docs\tnew/documents\nold/scripts\tnew/code\nold/data\tnew/data\nold/notes.cr\tnew/notes.cr\n",
  );
}

type Ended = { code: number | null; toJournal: number; after: number };

/** Runs a command as a process of its own; `kill` ends it outright, so long after its start or its first journal entry. */
async function child(
  root: string,
  words: readonly string[],
  kill?: { after: "start" | "journal"; milliseconds: number },
): Promise<Ended> {
  const journal = join(root, ".git/training-ready/journal.json");
  const before = existsSync(journal) ? readFileSync(journal, "utf8") : "";
  const one = spawn(process.execPath, ["--import", loader, "-e", script, "--", ...words, "--yes", "--json"], {
    cwd: root,
    env: { ...process.env, TRAINING_READY_CACHE: join(folder, "cache"), INIT_CWD: root },
    stdio: "ignore",
  });
  const ended = new Promise<number | null>((resolve) => {
    one.once("exit", resolve);
  });
  const started = performance.now();
  let changed = 0;
  while (one.exitCode === null && one.signalCode === null) {
    const elapsed = performance.now() - started;
    if (changed === 0 && existsSync(journal) && readFileSync(journal, "utf8") !== before) changed = elapsed;
    const from = kill?.after === "start" ? 0 : changed === 0 ? Infinity : changed;
    if (kill !== undefined && elapsed - from >= kill.milliseconds) one.kill("SIGKILL");
    await sleep(1);
  }
  return { code: await ended, toJournal: changed, after: performance.now() - started - changed };
}

function copyOf(root: string, name: string): string {
  const copy = join(folder, name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return copy;
}

type Facts = { disk: Record<string, string>; tree: string; branch: string; status: string };
const factsOf = (root: string): Facts => ({
  disk: disk(root),
  tree: git(root, "write-tree"),
  branch: git(root, "symbolic-ref", "HEAD"),
  status: git(root, "status", "--porcelain"),
});

describe(`apply and undo, killed outright ${kills} times at random moments`, () => {
  it(
    "leave nothing that the same command, or undo, does not put right to the byte",
    async () => {
      const pristine = join(folder, "pristine");
      mkdirSync(pristine);
      writeRepository(pristine);
      const before = factsOf(pristine);
      const moves = join(folder, "moves.tsv");
      expect(await run(pristine, "plan", "--moves", moves, "--out", plan)).toMatchObject({ code: 0 });

      const applied = copyOf(pristine, "applied");
      const whole = await child(applied, ["apply", plan]);
      expect(whole.code).toBe(0);
      const after = factsOf(applied);
      expect(after.tree).not.toBe(before.tree);
      const takenBack = await child(copyOf(applied, "undone"), ["undo"]);
      expect(takenBack.code).toBe(0);
      expect(factsOf(join(folder, "undone"))).toEqual(before);

      const told: string[] = [];
      let killed = 0;
      let inside = 0;
      // A process that ended before its moment came is no kill: the next round stands for it.
      for (let round = 0; (killed < kills || inside < kills / 2) && round < kills * 6; round++) {
        const undoing = round % 3 === 2;
        const { toJournal, after: rest } = undoing ? takenBack : whole;
        // Most kills fall where the disk changes; every fifth falls anywhere.
        const kill =
          round % 5 === 4
            ? ({ after: "start", milliseconds: Math.random() * (toJournal + rest) } as const)
            : ({ after: "journal", milliseconds: Math.random() * rest } as const);
        const root = copyOf(undoing ? applied : pristine, "killed");
        const hit = await child(root, undoing ? ["undo"] : ["apply", plan], kill);
        if (hit.code === null) killed++;
        if (hit.code === null && hit.toJournal > 0) inside++;
        const back = undoing || round % 2 === 1;
        const said = `round ${round}, ${undoing ? "undo" : "apply"}, ${JSON.stringify(kill)}, code ${hit.code}, then ${back ? "undo" : "apply"}`;
        const journal = join(root, ".git/training-ready/journal.json");
        // Killed on its way out, with everything done.
        const isDone = existsSync(journal) && readFileSync(journal, "utf8").includes('"state":"applied"');
        const again = await child(root, back ? ["undo"] : ["apply", plan]);
        const now = factsOf(root);
        const wanted = back ? before : after;
        // Undo of what never began, or apply of what is whole already, is refused and changes nothing.
        const differ = Object.keys({ ...now.disk, ...wanted.disk }).filter(
          (path) => now.disk[path] !== wanted.disk[path],
        );
        if (!isDeepStrictEqual(now, wanted))
          told.push(
            `${said}: code ${again.code}, ${now.branch} ${now.tree} ${now.status} ${differ.join(" ")}`,
          );
        else if (again.code !== 0 && !back && !isDone) told.push(`${said}: right, but code ${again.code}`);
      }
      expect(told).toEqual([]);
      expect(killed).toBeGreaterThanOrEqual(kills);
      expect(inside).toBeGreaterThanOrEqual(kills / 2);
    },
    60_000 + kills * 60_000,
  );
});
