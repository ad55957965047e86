import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { emptyRepository, git, removeFolders, run } from "./sample-repository.ts";

afterAll(removeFolders);

const count = Number(process.env["TRAINING_READY_FLATTEN_FILES"] ?? 60);
const every = Array.from({ length: count }, (_, at) => at);

const names = ["README.md", "train.py", "config.yaml", "run.sh", "notes.md"];
const before = (at: number): string =>
  `packages/p${at % 37}/deep/er${at}/${names[at % names.length] as string}`;
const after = (at: number): string => `flat/f${at}-${names[at % names.length] as string}`;

/** Text that names the next file by its path from the root, so that every file is edited. */
function textOf(at: number, version: number): string {
  const next = before((at + 1) % count);
  const lines = Array.from({ length: 12 }, (_, line) => `${at} and ${line}`);
  const body = [`file ${at}, version ${version}`, ...lines];
  switch (names[at % names.length]) {
    case "train.py":
      return `"""${body.join("\n")}"""\n\nopen("${next}")\n`;
    case "config.yaml":
      return `${body.map((line) => `# ${line}\n`).join("")}next: ${next}\n`;
    case "run.sh":
      return `${body.map((line) => `# ${line}\n`).join("")}cat ${next}\n`;
    default:
      return `${body.join("\n")}\n\nSee \`${next}\`.\n`;
  }
}

describe(`${count} files that are flattened, renamed and edited at once`, () => {
  it(
    "keep all of their history for git log --follow",
    async () => {
      const root = emptyRepository();
      for (const version of [1, 2, 3]) {
        for (const at of every) {
          if ((at + version) % 3 === 0 && version > 1) continue;
          mkdirSync(dirname(join(root, before(at))), { recursive: true });
          writeFileSync(join(root, before(at)), textOf(at, version));
        }
        git(root, "add", "-A");
        git(root, "commit", "-qm", `version ${version}`);
      }
      const history = (path: string, ...more: string[]): string[] =>
        git(root, "log", "--format=%H", ...more, "--", path).split("\n");
      const old = every.map((at) => history(before(at)));

      const [list, plan] = [join(root, "../moves.tsv"), join(root, "../plan.yaml")];
      writeFileSync(list, every.map((at) => `${before(at)}\t${after(at)}\n`).join(""));
      expect(await run(root, "plan", "--moves", list, "--out", plan)).toMatchObject({
        code: 0,
        document: { proven: true },
      });
      const applied = await run(root, "apply", plan, "--yes");
      expect(applied).toMatchObject({ code: 0 });
      const [moves, edits] = applied.document.commits as [string, string];
      const edited = git(root, "diff-tree", "-r", "--name-only", "--no-commit-id", edits).split("\n");
      const exact = git(root, "diff-tree", "-r", "-M100%", "--name-status", "--no-commit-id", moves)
        .split("\n")
        .filter((line) => line.startsWith("R100"));
      const whole = every.filter((at) => {
        const wanted = [edits, moves, ...(old[at] as string[])];
        return history(after(at), "--follow").join() === wanted.join();
      });
      if (count > 100)
        process.stdout.write(
          `${whole.length} of ${count} whole, ${exact.length} exact renames, ${edited.filter((path) => path.startsWith("flat/")).length} edited\n`,
        );
      expect(exact).toHaveLength(count);
      for (const at of every) expect(edited).toContain(after(at));
      expect(whole).toEqual(every);
    },
    120_000 + count * 600,
  );
});
