import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChange, resumeApply, undoChange } from "./apply-change.ts";
import { moveWaves, type TreeChange } from "./change.ts";
import { checkRepository } from "./preconditions.ts";

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: join(tmpdir(), "change-no-git-settings"),
  GIT_AUTHOR_DATE: "2024-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2024-01-01T00:00:00Z",
};
const git = (root: string, ...args: string[]): string =>
  execFileSync("git", args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "change-"));
  git(root, "init", "-q", "-b", "main");
  git(root, "config", "user.name", "A Tester");
  git(root, "config", "user.email", "tester@example.org");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (text.startsWith("->")) symlinkSync(text.slice(2), join(root, path));
    else writeFileSync(join(root, path), text);
    if (text.startsWith("#!")) chmodSync(join(root, path), 0o755);
  }
  git(root, "add", "-A");
  git(root, "commit", "-qm", "first");
  return root;
}

/** Every file on disk with bytes and mode, and every folder. */
function disk(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (path === ".git" || path.startsWith(".git/")) continue;
    const facts = lstatSync(join(root, path));
    if (facts.isDirectory()) found[`${path}/`] = "";
    else if (facts.isSymbolicLink()) found[path] = `->${readlinkSync(join(root, path))}`;
    else found[path] = `${(facts.mode & 0o100) !== 0 ? "x" : "-"}${readFileSync(join(root, path), "latin1")}`;
  }
  return found;
}

const texts = { moves: "move", edits: "edit" };
const bytes = (text: string): Buffer => Buffer.from(text);

async function apply(
  root: string,
  change: TreeChange,
  options: { branch?: string; onStep?: (step: string) => void } = {},
) {
  const branch = options.branch === undefined ? "refs/heads/training-ready/home" : options.branch;
  const resumed = await resumeApply(root, { planHash: "plan" });
  if (resumed !== undefined) return resumed.applied;
  const state = await checkRepository(root, { newBranch: true });
  return await applyChange(state, {
    change,
    texts,
    branch,
    planHash: "plan",
    ...(options.onStep ? { onStep: options.onStep } : {}),
  });
}

const files = {
  "a/one.txt": "one\n",
  "a/two.sh": "#!/bin/sh\n",
  "a/link": "->one.txt",
  "b/three.txt": "three\n",
  "b/same.txt": "same\n",
  "c/same.txt": "same\n",
  "keep.txt": "keep\n",
};
const change: TreeChange = {
  moves: [
    { from: "a/one.txt", to: "home/one.txt" },
    { from: "a/two.sh", to: "home/bin/two.sh" },
    { from: "a/link", to: "home/link" },
    { from: "b/three.txt", to: "home/three.txt" },
  ],
  writes: [
    { path: "home/three.txt", bytes: bytes("THREE\n"), mode: "file" },
    { path: "home/new.txt", bytes: bytes("new\n"), mode: "file" },
    { path: "keep.txt", bytes: bytes("kept, edited\n"), mode: "file" },
  ],
  deletes: ["b/same.txt"],
};

describe("moves", () => {
  it("that refill a vacated path go in two waves", () => {
    expect(
      moveWaves([
        { from: "a", to: "b" },
        { from: "b", to: "c" },
      ]),
    ).toEqual([
      [
        { from: "a", to: "b.moving" },
        { from: "b", to: "c" },
      ],
      [{ from: "b.moving", to: "b" }],
    ]);
  });
});

describe("applying a change", () => {
  it("leaves disk, index and commits in agreement, on a new branch, moves exact", async () => {
    const root = repository(files);
    const applied = await apply(root, change);
    expect(git(root, "status", "--porcelain")).toBe("");
    expect(git(root, "rev-parse", "HEAD^{tree}").trim()).toBe(applied.tree);
    expect(git(root, "branch", "--show-current").trim()).toBe("training-ready/home");
    expect(applied.commits).toHaveLength(2);
    const statuses = git(
      root,
      "diff-tree",
      "-r",
      "-M100%",
      "--name-status",
      "--no-commit-id",
      applied.commits[0] as string,
    );
    expect(
      statuses
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0]),
    ).toEqual(["R100", "R100", "R100", "R100"]);
    expect(git(root, "log", "--follow", "--format=%s", "--", "home/three.txt").trim().split("\n")).toEqual([
      "edit",
      "move",
      "first",
    ]);
    expect(git(root, "log", "-1", "--format=%(trailers:key=Training-Ready-Base,valueonly)").trim()).toBe(
      git(root, "rev-parse", "main").trim(),
    );
    expect(disk(root)).toMatchObject({
      "home/bin/two.sh": "x#!/bin/sh\n",
      "home/link": "->one.txt",
      "home/three.txt": "-THREE\n",
    });
    expect(Object.keys(disk(root)).filter((path) => path.startsWith("a/") || path.startsWith("b/"))).toEqual(
      [],
    );
  });

  it("is taken back to the same bytes, folders and branch", async () => {
    const root = repository(files);
    const before = disk(root);
    await apply(root, change);
    await undoChange(root);
    expect(disk(root)).toEqual(before);
    expect(git(root, "status", "--porcelain")).toBe("");
    expect(git(root, "branch", "--format=%(refname:short)").trim()).toBe("main");
    await expect(undoChange(root)).rejects.toMatchObject({ code: "E_NOTHING_APPLIED" });
  });

  it("leaves untracked and ignored files where they are", async () => {
    const root = repository({ ...files, ".gitignore": "*.log\n" });
    writeFileSync(join(root, "a/run.log"), "log");
    await apply(root, change);
    expect(disk(root)["a/run.log"]).toBe("-log");
    await undoChange(root);
    expect(disk(root)["a/run.log"]).toBe("-log");
  });

  it("works on the current branch when asked", async () => {
    const root = repository(files);
    await apply(root, change, { branch: "refs/heads/main" });
    expect(git(root, "log", "--format=%s").trim().split("\n")).toEqual(["edit", "move", "first"]);
    await undoChange(root);
    expect(git(root, "log", "--format=%s").trim()).toBe("first");
  });

  it("keeps the line ends that a checkout has", async () => {
    const root = repository({ ".gitattributes": "*.txt text eol=crlf\n", "a/x.txt": "1\r\n2\r\n" });
    const result: TreeChange = {
      moves: [{ from: "a/x.txt", to: "h/x.txt" }],
      writes: [{ path: "h/x.txt", bytes: bytes("1\r\n3\r\n"), mode: "file" }],
      deletes: [],
    };
    await apply(root, result);
    expect(disk(root)["h/x.txt"]).toBe("-1\r\n3\r\n");
    expect(git(root, "status", "--porcelain")).toBe("");
    expect(git(root, "show", "HEAD:h/x.txt")).toBe("1\n3\n");
  });
});

describe("refusals come before anything is touched", () => {
  const refused = async (root: string, code: string, action: () => Promise<unknown>) => {
    const before = disk(root);
    await expect(action()).rejects.toMatchObject({ code });
    expect(disk(root)).toEqual(before);
  };

  it("no git, no commit, no identity", async () => {
    const root = mkdtempSync(join(tmpdir(), "change-"));
    await refused(root, "E_NO_GIT", () => checkRepository(root, { newBranch: true }));
    git(root, "init", "-q");
    await refused(root, "E_NO_GIT", () => checkRepository(root, { newBranch: true }));
  });

  it("a changed tracked file, a merge in progress, a detached HEAD", async () => {
    const root = repository(files);
    writeFileSync(join(root, "keep.txt"), "changed");
    await refused(root, "E_DIRTY", () => checkRepository(root, { newBranch: true }));
    git(root, "checkout", "-q", "keep.txt");
    writeFileSync(join(root, ".git/MERGE_HEAD"), git(root, "rev-parse", "HEAD"));
    await refused(root, "E_IN_PROGRESS", () => checkRepository(root, { newBranch: true }));
    execFileSync("rm", [join(root, ".git/MERGE_HEAD")]);
    git(root, "checkout", "-q", "--detach");
    await refused(root, "E_DETACHED", () => checkRepository(root, { newBranch: false }));
    expect(await checkRepository(root, { newBranch: true })).toMatchObject({ branch: null });
  });

  it("an untracked file in the way, a branch that exists, a second process", async () => {
    const root = repository(files);
    mkdirSync(join(root, "home"));
    writeFileSync(join(root, "home/one.txt"), "mine");
    await refused(root, "E_OCCUPIED", () => apply(root, change));
    execFileSync("rm", ["-r", join(root, "home")]);
    git(root, "branch", "training-ready/home");
    await refused(root, "E_BRANCH_EXISTS", () => apply(root, change));
    writeFileSync(join(root, ".git/training-ready/lock"), "1");
    await refused(root, "E_LOCKED", () => apply(root, change, { branch: "refs/heads/other" }));
  });

  it("undo over later commits and over an edited file", async () => {
    const root = repository(files);
    await apply(root, change);
    writeFileSync(join(root, "home/new.txt"), "edited");
    await refused(root, "E_DRIFTED", () => undoChange(root));
    git(root, "commit", "-qam", "later");
    execFileSync("cp", [
      join(root, ".git/training-ready/journal.json"),
      join(root, ".git/training-ready/journal.copy"),
    ]);
  });
});

class Crash extends Error {}

/** Runs an action that crashes after its n-th step; false if it ended before. */
async function crashAfter(steps: number, action: (onStep: () => void) => Promise<unknown>): Promise<boolean> {
  let left = steps;
  try {
    await action(() => {
      if (left-- === 0) throw new Crash();
    });
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

describe("a crash after any step", () => {
  it("is finished by the same apply, or taken back by undo, to the byte", async () => {
    const reference = repository(files);
    const before = disk(reference);
    await apply(reference, change);
    const after = disk(reference);
    let steps = 0;
    for (;;) {
      const root = repository(files);
      const crashed = await crashAfter(steps, (onStep) => apply(root, change, { onStep }));
      if (!crashed) break;
      const other = repository(files);
      await crashAfter(steps, (onStep) => apply(other, change, { onStep }));
      await apply(root, change).catch((error: unknown) => {
        // After the last step everything is applied: a second apply has nothing to start from.
        expect(error).toMatchObject({ code: expect.stringMatching(/E_BRANCH_EXISTS|E_PLAN_STALE/) });
      });
      expect(disk(root)).toEqual(after);
      expect(git(root, "status", "--porcelain")).toBe("");
      await undoChange(other).catch((error: unknown) =>
        expect(error).toMatchObject({ code: "E_NOTHING_APPLIED" }),
      );
      expect(disk(other)).toEqual(before);
      expect(git(other, "status", "--porcelain")).toBe("");
      steps++;
    }
    expect(steps).toBeGreaterThan(15);
  }, 240_000);

  it("of undo is finished by undo", async () => {
    const before = disk(repository(files));
    for (let steps = 0; ; steps++) {
      const root = repository(files);
      await apply(root, change);
      const crashed = await crashAfter(steps, (onStep) => undoChange(root, { onStep }));
      if (!crashed) break;
      await undoChange(root);
      expect(disk(root)).toEqual(before);
      expect(git(root, "status", "--porcelain")).toBe("");
    }
  });
});

describe("equal files that change places", () => {
  it("survive a crash after any step of apply and of undo", async () => {
    const equal = { a: "same\n", b: "same\n", "c/d": "same\n", "c/e": "same\n" };
    const cycle: TreeChange = {
      moves: [
        { from: "a", to: "c/d" },
        { from: "b", to: "c/e" },
        { from: "c/d", to: "b" },
        { from: "c/e", to: "f" },
      ],
      writes: [],
      deletes: [],
    };
    const before = disk(repository(equal));
    for (let steps = 0; steps < 14; steps++) {
      const root = repository(equal);
      if (await crashAfter(steps, (onStep) => apply(root, cycle, { onStep })))
        await apply(root, cycle).catch(() => {});
      const held = Object.keys(disk(root)).filter((path) => !path.endsWith("/"));
      expect(new Set(held)).toEqual(new Set(["b", "c/d", "c/e", "f"]));
      if (await crashAfter(steps, (onStep) => undoChange(root, { onStep })))
        await undoChange(root).catch(() => {});
      expect(disk(root)).toEqual(before);
    }
  }, 240_000);
});

describe("a plan that is applied already", () => {
  it("is not applied twice where its moves would be possible a second time", async () => {
    const root = repository({ a: "one\n", b: "two\n" });
    const swap: TreeChange = {
      moves: [
        { from: "a", to: "b" },
        { from: "b", to: "a" },
      ],
      writes: [],
      deletes: [],
    };
    const first = await apply(root, swap);
    const head = git(root, "rev-parse", "HEAD");
    expect(await apply(root, swap)).toEqual(first);
    expect(git(root, "rev-parse", "HEAD")).toBe(head);
    expect(disk(root)).toEqual({ a: "-two\n", b: "-one\n" });
  });
});

describe("any permutation of files", () => {
  it("is applied and undone exactly, with crashes in both", async () => {
    const names = ["a", "b", "c/d", "c/e", "f/g/h"];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(names, { minLength: 5 }),
        fc.array(fc.constantFrom("same", "x", "y"), { minLength: 5, maxLength: 5 }),
        fc.subarray(names),
        fc.nat(12),
        async (targets, contents, edited, crash) => {
          const root = repository(Object.fromEntries(names.map((name, at) => [name, `${contents[at]}\n`])));
          const before = disk(root);
          const moves = names
            .map((from, at) => ({ from, to: targets[at] as string }))
            .filter((move) => move.from !== move.to);
          const writes = edited.map((path) => ({
            path,
            bytes: bytes(`edited ${path}\n`),
            mode: "file" as const,
          }));
          const permuted = { moves, writes, deletes: [] };
          if (await crashAfter(crash, (onStep) => apply(root, permuted, { onStep })))
            await apply(root, permuted);
          expect(git(root, "status", "--porcelain")).toBe("");
          for (const path of edited) expect(disk(root)[path]).toBe(`-edited ${path}\n`);
          if (await crashAfter(crash, (onStep) => undoChange(root, { onStep }))) await undoChange(root);
          expect(disk(root)).toEqual(before);
          expect(git(root, "status", "--porcelain")).toBe("");
        },
      ),
      { numRuns: 15 },
    );
  }, 240_000);
});
