import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { gitBlobId } from "../shared/index.ts";
import { git } from "./git.ts";
import { TemporaryRepository } from "./temporary-repository.test-support.ts";
import { openWorkTree, pathInTree, type WorkTree } from "./work-tree.ts";

const made: TemporaryRepository[] = [];
function repository(options: { git?: boolean } = {}): TemporaryRepository {
  const one = new TemporaryRepository(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const makePipe = "mkfifo";
const codes = (tree: WorkTree): string[] =>
  tree.warnings.map((warning) =>
    warning.path === undefined ? warning.code : `${warning.code} ${warning.path}`,
  );
const states = (tree: WorkTree): Record<string, string> =>
  Object.fromEntries([...tree.index.files.values()].map((entry) => [entry.path, entry.state]));
const text = async (tree: WorkTree, path: string): Promise<string> =>
  Buffer.from(await tree.read(tree.index.files.get(path)!)).toString("utf8");

describe("openWorkTree, bad input", () => {
  it("refuses a folder that does not exist", async () => {
    await expect(openWorkTree("/nowhere/at/all")).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  });

  it("refuses git's own storage", async () => {
    const repo = repository();
    await expect(openWorkTree(join(repo.root, ".git"))).rejects.toMatchObject({ code: "E_GIT" });
  });

  it("reads the files of a damaged repository as plain ones, and says what git said", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "a" });
    writeFileSync(join(repo.root, ".git/config"), "[core\nbroken");
    const tree = await openWorkTree(repo.root);
    expect(tree.hasGit).toBe(false);
    expect(states(tree)).toEqual({ "a.txt": "untracked" });
    expect(codes(tree)).toEqual(["git-unusable"]);
    expect(tree.warnings[0]?.message).toMatch(/bad config/);
  });

  it("tells a file that the clone lacks from one that was removed, and names the branch", async () => {
    const repo = repository();
    repo.commit("one", { "left.bin": "left out", "gone.txt": "removed" });
    unlinkSync(join(repo.root, "left.bin"));
    unlinkSync(join(repo.root, "gone.txt"));
    const blob = gitBlobId(Buffer.from("left out"));
    rmSync(join(repo.root, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true });
    const tree = await openWorkTree(repo.root);
    expect([...tree.index.absent]).toEqual(["left.bin"]);
    expect(codes(tree)).toEqual(["file-missing gone.txt", "file-missing left.bin"]);
    expect(tree.branch).toBe("main");
  });

  it("works before the first commit", async () => {
    const repo = repository();
    repo.write({ "a.txt": "a" });
    const tree = await openWorkTree(repo.root);
    expect([tree.commit, tree.hasGit, states(tree)]).toEqual([null, true, { "a.txt": "untracked" }]);
  });

  it("warns of a tracked file that is not on disk, and lists the rest", async () => {
    const repo = repository();
    repo.commit("one", { "gone.txt": "x", "kept.txt": "y" });
    unlinkSync(join(repo.root, "gone.txt"));
    const tree = await openWorkTree(repo.root);
    expect(states(tree)).toEqual({ "kept.txt": "tracked" });
    expect(codes(tree)).toEqual(["file-missing gone.txt"]);
    expect(tree.dirty).toBe(true);
  });

  it("never opens a pipe that took the place of a tracked file", async () => {
    const repo = repository();
    repo.commit("one", { "data.txt": "x" });
    unlinkSync(join(repo.root, "data.txt"));
    execFileSync(makePipe, [join(repo.root, "data.txt")]);
    const tree = await openWorkTree(repo.root);
    expect(codes(tree)).toEqual(["file-unreadable data.txt"]);
  });

  it("does not follow a symlinked folder out of the repository", async () => {
    const repo = repository();
    const outside = repository({ git: false });
    outside.write({ "secret.txt": "somebody else's" });
    repo.commit("one", { "folder/secret.txt": "own" });
    rmSync(join(repo.root, "folder"), { recursive: true });
    symlinkSync(outside.root, join(repo.root, "folder"));
    const tree = await openWorkTree(repo.root);
    expect([...tree.index.files.keys()]).toEqual(["folder"]);
    expect(codes(tree)).toEqual(["path-outside folder/secret.txt"]);
  });

  it("lists cyclic and dangling symlinks as their link text", async () => {
    const repo = repository();
    repo.link("loop", "loop");
    repo.link("folder/up", "..");
    repo.link("dangling", "nowhere");
    repo.commit("one");
    for (const tree of [await openWorkTree(repo.root)]) {
      expect([...tree.index.files.values()].map((entry) => [entry.path, entry.mode])).toEqual([
        ["dangling", "symlink"],
        ["folder/up", "symlink"],
        ["loop", "symlink"],
      ]);
      expect(await text(tree, "folder/up")).toBe("..");
      expect(tree.warnings).toEqual([]);
    }
  });

  it("keeps names with newline, escape and quotes apart, and reads names that are no UTF-8", async () => {
    const repo = repository();
    repo.write({ "new\nline.txt": "1", "esc\u001b[31m.txt": "2", 'quo"te.txt': "3" });
    const odd = Buffer.concat([Buffer.from(`${repo.root}/l`), Buffer.from([0xe9]), Buffer.from(".txt")]);
    writeFileSync(odd, "latin1 name");
    repo.commit("one");
    const changed = repository();
    changed.write({ "a.txt": "a" });
    writeFileSync(
      Buffer.concat([Buffer.from(`${changed.root}/\xff`, "latin1"), Buffer.from(".txt")]),
      "untracked",
    );
    const [tree, other] = [await openWorkTree(repo.root), await openWorkTree(changed.root)];
    expect([...tree.index.files.keys()]).toEqual([
      "esc\u001b[31m.txt",
      "l\ufffd.txt",
      "new\nline.txt",
      'quo"te.txt',
    ]);
    expect(await text(tree, "l\ufffd.txt")).toBe("latin1 name");
    expect(codes(tree)).toEqual(["path-encoding l\ufffd.txt"]);
    expect(await text(other, "\ufffd.txt")).toBe("untracked");
  });

  it("warns of names that differ only by case or Unicode form", async () => {
    const repo = repository();
    repo.commit("one", { "Readme.md": "1", "README.md": "2", "caf\u00e9.txt": "3", "cafe\u0301.txt": "4" });
    const tree = await openWorkTree(repo.root);
    expect(codes(tree).sort()).toEqual(["path-collision README.md", "path-collision cafe\u0301.txt"]);
  });
});

describe("openWorkTree, states", () => {
  it("tells tracked, modified, tracked-but-ignored, untracked and ignored files apart", async () => {
    const repo = repository();
    repo.write({ "pkg/train.py": "print()\n", ".gitignore": "pkg/\n*.log\ncache/\n", "keep.txt": "k" });
    repo.git("add", "--force", "pkg/train.py");
    repo.commit("one");
    repo.write({ "keep.txt": "changed", "new.txt": "n", "run.log": "l", "cache/deep/file.bin": "b" });
    repo.executable("keep.txt");
    const tree = await openWorkTree(repo.root);
    expect(states(tree)).toEqual({
      ".gitignore": "tracked",
      "cache/deep/file.bin": "ignored",
      "keep.txt": "modified",
      "new.txt": "untracked",
      "pkg/train.py": "tracked-ignored",
      "run.log": "ignored",
    });
    expect(tree.index.files.get("keep.txt")).toMatchObject({
      blob: gitBlobId(Buffer.from("changed")),
      size: 7,
      mode: "exec",
    });
    expect(tree.index.files.get("cache/deep/file.bin")?.blob).toBe(gitBlobId(Buffer.from("b")));
    expect(tree.dirty).toBe(true);
  });

  it("says a change that is only staged is dirty", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "a" });
    expect((await openWorkTree(repo.root)).dirty).toBe(false);
    repo.write({ "a.txt": "b" });
    repo.git("add", "a.txt");
    expect((await openWorkTree(repo.root)).dirty).toBe(true);
  });

  it("reports ignored dependency folders instead of entering them", async () => {
    const repo = repository();
    repo.commit("one", { ".gitignore": "node_modules/\nout/\n" });
    repo.write({ "node_modules/x/index.js": "x", "out/model.txt": "m", "out/__pycache__/a.pyc": "p" });
    const tree = await openWorkTree(repo.root);
    expect([...tree.index.files.keys()]).toEqual([".gitignore", "out/model.txt"]);
    expect(codes(tree)).toEqual(["folder-not-entered node_modules", "folder-not-entered out/__pycache__"]);
  });

  it("stops listing ignored files at a bound, and says so", async () => {
    const repo = repository();
    repo.commit("one", { ".gitignore": "out/\n" });
    mkdirSync(join(repo.root, "out"));
    for (let index = 0; index < 2003; index++) writeFileSync(join(repo.root, `out/${index}`), "");
    const tree = await openWorkTree(repo.root);
    expect(tree.index.files.size).toBe(2001);
    expect(codes(tree)).toEqual(["folder-not-entered out"]);
  });

  it("does not enter a nested repository", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "a", ".gitignore": "hidden/\n" });
    for (const folder of ["inner", "hidden/clone"]) {
      repo.write({ [`${folder}/b.txt`]: "b" });
      execFileSync("git", ["init", "--quiet"], { cwd: join(repo.root, folder) });
      execFileSync(
        "git",
        [
          "-c",
          "user.name=x",
          "-c",
          "user.email=x@example.org",
          "commit",
          "--quiet",
          "--allow-empty",
          "-m",
          "x",
        ],
        { cwd: join(repo.root, folder) },
      );
    }
    const tree = await openWorkTree(repo.root);
    expect([...tree.index.files.keys()]).toEqual([".gitignore", "a.txt"]);
    expect(codes(tree).sort()).toEqual(["nested-repository hidden/clone", "nested-repository inner"]);
  });

  it("lists a submodule that is not checked out as its commit", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "a" });
    const id = "1234567890123456789012345678901234567890";
    repo.git("update-index", "--add", "--cacheinfo", `160000,${id},vendor/lib`);
    repo.git("commit", "--quiet", "-m", "gitlink");
    const tree = await openWorkTree(repo.root);
    expect(tree.index.files.get("vendor/lib")).toEqual({
      path: "vendor/lib",
      blob: id,
      size: 0,
      mode: "submodule",
      state: "tracked",
    });
    expect(codes(tree)).toEqual(["submodule-absent vendor/lib"]);
  });

  it("takes sizes from disk where git converts line ends", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "one\ntwo\n" });
    repo.git("config", "core.autocrlf", "true");
    unlinkSync(join(repo.root, "a.txt"));
    repo.git("checkout", "--", "a.txt");
    const tree = await openWorkTree(repo.root);
    const entry = tree.index.files.get("a.txt")!;
    expect([entry.size, entry.state, entry.blob]).toEqual([
      10,
      "tracked",
      gitBlobId(Buffer.from("one\ntwo\n")),
    ]);
    expect(await text(tree, "a.txt")).toBe("one\r\ntwo\r\n");
  });

  it("reads files outside a sparse checkout from git's store", async () => {
    const repo = repository();
    repo.commit("one", { "in/a.txt": "a", "out/b.txt": "bee" });
    repo.git("sparse-checkout", "set", "in");
    const tree = await openWorkTree(repo.root);
    expect(tree.index.files.get("out/b.txt")).toMatchObject({ size: 3, state: "tracked" });
    expect(await text(tree, "out/b.txt")).toBe("bee");
    expect(codes(tree)).toEqual(["sparse-checkout"]);
  });
});

describe("openWorkTree, repositories in an odd state", () => {
  it("warns of an unfinished merge and its conflicts", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "base\n" });
    repo.git("checkout", "--quiet", "-b", "side");
    repo.commit("side", { "a.txt": "side\n" });
    repo.git("checkout", "--quiet", "main");
    repo.commit("main", { "a.txt": "main\n" });
    expect(() => repo.git("merge", "side")).toThrow();
    const tree = await openWorkTree(repo.root);
    expect(codes(tree)).toEqual(["operation-in-progress", "conflict a.txt"]);
    expect(tree.index.files.get("a.txt")?.state).toBe("modified");
    expect(await text(tree, "a.txt")).toContain("<<<<<<<");
  });

  it("warns of a shallow and of a partial clone", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1" });
    repo.commit("two", { "a.txt": "2" });
    const clone = repository({ git: false });
    repo.git("config", "uploadpack.allowFilter", "true");
    clone.git("clone", "--quiet", "--depth=1", "--filter=blob:none", `file://${repo.root}`, "copy");
    expect(codes(await openWorkTree(join(clone.root, "copy")))).toEqual(["shallow-clone", "partial-clone"]);
  });

  it("ignores an inherited GIT_DIR and index", async () => {
    const [repo, other] = [repository(), repository()];
    repo.commit("one", { "mine.txt": "1" });
    other.commit("one", { "other.txt": "1" });
    process.env["GIT_DIR"] = join(other.root, ".git");
    process.env["GIT_INDEX_FILE"] = join(other.root, ".git/index");
    try {
      expect([...(await openWorkTree(repo.root)).index.files.keys()]).toEqual(["mine.txt"]);
    } finally {
      delete process.env["GIT_DIR"];
      delete process.env["GIT_INDEX_FILE"];
    }
  });

  it("runs no program that the repository's configuration names", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1" });
    const trap = join(repo.root, ".git/trap.sh");
    writeFileSync(trap, `#!/bin/sh\ntouch ${repo.root}/.git/sprung\n`, { mode: 0o755 });
    repo.git("config", "core.fsmonitor", trap);
    repo.git("config", "diff.external", trap);
    mkdirSync(join(repo.root, ".git/hooks"), { recursive: true });
    renameSync(trap, join(repo.root, ".git/hooks/post-index-change"));
    writeFileSync(trap, `#!/bin/sh\ntouch ${repo.root}/.git/sprung\n`, { mode: 0o755 });
    appendFileSync(join(repo.root, "a.txt"), "2");
    await openWorkTree(repo.root);
    const hidden = (await git(repo.root, ["rev-parse", "--git-path", "sprung"])).toString("utf8").trim();
    expect(() => execFileSync("ls", [join(repo.root, hidden)], { stdio: "pipe" })).toThrow();
  });

  it("opens a folder without git, clones inside it included", async () => {
    const folder = repository({ git: false });
    folder.write({ "b/two.txt": "2", "a.txt": "1", "clone/x.py": "x", ".venv/lib.py": "v" });
    execFileSync("git", ["init", "--quiet"], { cwd: join(folder.root, "clone") });
    const tree = await openWorkTree(folder.root);
    expect([...tree.index.files.keys()]).toEqual(["a.txt", "b/two.txt", "clone/x.py"]);
    expect([tree.hasGit, tree.commit]).toEqual([false, null]);
    expect(codes(tree).sort()).toEqual(["folder-not-entered .venv", "nested-repository clone", "no-git"]);
  });

  it("names paths relative to the root and refuses others", async () => {
    const repo = repository();
    repo.commit("one", { "a/b.txt": "1" });
    const tree = await openWorkTree(join(repo.root, "a"));
    expect(pathInTree(tree, join(repo.root, "a/b.txt"))).toBe("a/b.txt");
    expect(() => pathInTree(tree, "/elsewhere")).toThrow(/not below/);
  });
});
