import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { gitBlobId } from "../shared/index.ts";
import { openCommitTree } from "./commit-tree.ts";
import { parseLfsPointer } from "./lfs-pointer.ts";
import { ObjectReader } from "./object-reader.ts";
import { TemporaryRepository } from "./temporary-repository.test-support.ts";

const made: TemporaryRepository[] = [];
function repository(): TemporaryRepository {
  const one = new TemporaryRepository();
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const blob = (text: string): string => gitBlobId(Buffer.from(text));

describe("openCommitTree", () => {
  it("refuses a commit that does not exist, also one that looks like a flag", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1" });
    await expect(openCommitTree(repo.root, "nothing")).rejects.toMatchObject({ code: "E_GIT" });
    await expect(openCommitTree(repo.root, "--all")).rejects.toMatchObject({ code: "E_GIT" });
  });

  it("rejects reading a file whose bytes are missing, and warns of it", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1", "b.txt": "2" });
    const id = blob("1");
    rmSync(join(repo.root, `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`), { force: true });
    const tree = await openCommitTree(repo.root, "HEAD");
    expect(tree.warnings.map((warning) => `${warning.code} ${warning.path}`)).toEqual([
      "object-missing a.txt",
    ]);
    await expect(tree.read(tree.index.files.get("a.txt")!)).rejects.toMatchObject({
      code: "E_FILE_UNREADABLE",
    });
    expect(Buffer.from(await tree.read(tree.index.files.get("b.txt")!)).toString()).toBe("2");
    tree.close();
  });

  it("lists a past commit as it was, whatever is on disk now", async () => {
    const repo = repository();
    repo.link("link", "a/x.txt");
    repo.write({ "run.sh": "#!/bin/sh\n" });
    repo.executable("run.sh");
    const one = repo.commit("one", { "a/x.txt": "old", "big.bin": Buffer.alloc(300_000, 7) });
    repo.commit("two", { "a/x.txt": "newer" });
    const tree = await openCommitTree(repo.root, one.slice(0, 10));
    expect(tree.commit).toBe(one);
    expect([...tree.index.files.values()].map(({ path, size, mode }) => [path, size, mode])).toEqual([
      ["a/x.txt", 3, "file"],
      ["big.bin", 300_000, "file"],
      ["link", 7, "symlink"],
      ["run.sh", 10, "exec"],
    ]);
    const texts = await Promise.all(
      [...tree.index.files.values()].map(async (entry) => gitBlobId(await tree.read(entry))),
    );
    expect(texts).toEqual([...tree.index.files.values()].map((entry) => entry.blob));
    expect([tree.has("a"), tree.has("a/x.txt"), tree.has("b")]).toEqual([true, true, false]);
    tree.close();
  });
});

describe("ObjectReader", () => {
  it("answers many requests in order, missing and malformed ids included, and starts again after close", async () => {
    const repo = repository();
    const texts = Array.from({ length: 200 }, (_, index) => `text ${index}\n`.repeat(index * 20));
    repo.commit("one", Object.fromEntries(texts.map((text, index) => [`f${index}`, text])));
    const reader = new ObjectReader(repo.root);
    for (let round = 0; round < 2; round++) {
      const read = await Promise.all([
        ...texts.map((text) => reader.read(blob(text))),
        reader.read("0".repeat(40)),
        reader.read("not an id"),
        reader.read(blob(texts[5] as string)),
      ]);
      expect(read.map((bytes) => bytes?.toString())).toEqual([...texts, undefined, undefined, texts[5]]);
      reader.close();
    }
  });

  it("rejects where there is no repository", async () => {
    const reader = new ObjectReader("/");
    await expect(reader.read("0".repeat(40))).rejects.toMatchObject({ code: "E_GIT" });
  });
});

describe("parseLfsPointer", () => {
  it("reads a pointer and nothing else", () => {
    const oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12345\n`;
    expect(parseLfsPointer(Buffer.from(text))).toEqual({ sha256: oid, size: 12345 });
    expect(parseLfsPointer(Buffer.from(`${text}more\n`))).toBeUndefined();
    expect(parseLfsPointer(Buffer.from("version 1\n"))).toBeUndefined();
    expect(parseLfsPointer(Buffer.alloc(2000, "x"))).toBeUndefined();
  });
});
