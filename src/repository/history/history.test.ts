import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { gitBlobId } from "../../shared/index.ts";
import { TemporaryRepository } from "../temporary-repository.test-support.ts";
import { openWorkTree } from "../work-tree.ts";
import { newestFirst } from "./log-table.ts";
import { type OpenedHistory, openHistory } from "./open-history.ts";

const made: TemporaryRepository[] = [];
function repository(options: { git?: boolean } = {}): TemporaryRepository {
  const one = new TemporaryRepository(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const blob = (text: string): string => gitBlobId(Buffer.from(text));
async function historyOf(
  root: string,
  options: { cacheFolder?: string; longest?: number } = {},
): Promise<OpenedHistory> {
  return await openHistory(await openWorkTree(root), options);
}

describe("openHistory, bad input", () => {
  it("is empty without git and before the first commit", async () => {
    const [plain, unborn] = [repository({ git: false }), repository()];
    for (const root of [plain.root, unborn.root]) {
      const { history, warnings } = await historyOf(root);
      expect([history.reaches, history.complete, history.commits, warnings]).toEqual([null, true, 0, []]);
      expect([history.versions("a"), history.placesOf(blob("")), history.pastFile("a")]).toEqual([
        [],
        [],
        undefined,
      ]);
      expect(history.pastFolder("a")).toBe(false);
    }
  });

  it("says how far a shallow clone reaches", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1" });
    const two = repo.commit("two", { "a.txt": "2" });
    repo.commit("three", { "a.txt": "3" });
    const clone = repository({ git: false });
    clone.git("clone", "--quiet", "--depth=2", `file://${repo.root}`, "copy");
    const { history, warnings } = await historyOf(join(clone.root, "copy"));
    expect([history.reaches, history.complete, history.commits]).toEqual([two, false, 2]);
    expect(warnings.map((warning) => warning.code)).toEqual(["history-shallow"]);
  });

  it("reads as far as the cap and says so", async () => {
    const repo = repository();
    for (const text of ["1", "2", "3"]) repo.commit(text, { "a.txt": text });
    const { history, warnings } = await historyOf(repo.root, { longest: 2 });
    expect([history.complete, history.commits, history.versions("a.txt").length]).toEqual([false, 2, 2]);
    expect(warnings.map((warning) => warning.code)).toEqual(["history-cut"]);
  });

  it("goes on with what it has where objects are missing", async () => {
    const repo = repository();
    repo.commit("one", { "old/a.txt": "1" });
    const tree = repo.git("rev-parse", "HEAD:old");
    const two = repo.commit("two", { "old/a.txt": "2" });
    repo.commit("three", { "b.txt": "3" });
    writeFileSync(join(repo.root, `.git/objects/${tree.slice(0, 2)}/x`), "");
    repo.git("gc", "--quiet");
    const clone = repository({ git: false });
    repo.git("config", "uploadpack.allowFilter", "true");
    clone.git("clone", "--quiet", "--no-checkout", "--filter=tree:0", `file://${repo.root}`, "copy");
    const copy = join(clone.root, "copy");
    clone.git("-C", "copy", "reset", "--quiet", "--hard", "HEAD");
    const { history, warnings } = await historyOf(copy);
    expect(history.complete).toBe(false);
    expect(warnings.map((warning) => warning.code)).toEqual(["history-broken"]);
    expect(history.versions("old/a.txt").every((version) => version.commit === two)).toBe(true);
  });

  it("reads the log anew when the cache is damaged", async () => {
    const repo = repository();
    const cacheFolder = repository({ git: false }).root;
    repo.commit("one", { "a.txt": "1" });
    await historyOf(repo.root, { cacheFolder });
    const [file] = readdirSync(join(cacheFolder, "history")) as [string];
    for (const damage of ["", "{}\n", "not json\n", '{"version":1,"sizes":[1,1,1,1,1,1,1]}\nabc']) {
      writeFileSync(join(cacheFolder, "history", file), damage);
      const { history } = await historyOf(repo.root, { cacheFolder });
      expect(history.versions("a.txt").map((version) => version.blob)).toEqual([blob("1")]);
    }
  });

  it("says so when the cache cannot be written, and answers all the same", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1", "not-a-folder": "x" });
    const { history, warnings } = await historyOf(repo.root, {
      cacheFolder: join(repo.root, "not-a-folder"),
    });
    expect(warnings.map((warning) => warning.code)).toEqual(["cache-not-written"]);
    expect(history.versions("a.txt")).toHaveLength(1);
  });
});

describe("openHistory", () => {
  it("knows versions, places, removed files with where they went, and removed folders", async () => {
    const repo = repository();
    const one = repo.commit("one", { "a/x.py": "v1\n", "a/y.py": "other\n", "deep/er/z.txt": "z\n" });
    const two = repo.commit("two", { "a/x.py": "v2\n", "copy.py": "v1\n" });
    repo.git("mv", "a", "b");
    const three = repo.commit("three");
    repo.git("rm", "-r", "--quiet", "deep");
    const four = repo.commit("four");
    const { history } = await historyOf(repo.root);
    expect([history.reaches, history.complete, history.commits]).toEqual([one, true, 4]);
    expect(history.versions("a/x.py")).toEqual([
      { path: "a/x.py", blob: blob("v2\n"), commit: two },
      { path: "a/x.py", blob: blob("v1\n"), commit: one },
    ]);
    expect(history.placesOf(blob("v1\n"))).toEqual([
      { path: "copy.py", blob: blob("v1\n"), commit: two },
      { path: "a/x.py", blob: blob("v1\n"), commit: one },
    ]);
    expect(history.pastFile("a/x.py")).toEqual({
      path: "a/x.py",
      blob: blob("v2\n"),
      removedIn: three,
      movedTo: ["b/x.py"],
    });
    expect(history.pastFile("deep/er/z.txt")).toMatchObject({ removedIn: four, movedTo: [] });
    expect([history.pastFile("b/x.py"), history.pastFile("never.py")]).toEqual([undefined, undefined]);
    expect(["a", "deep", "deep/er", "b", "", "never"].map((path) => history.pastFolder(path))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([history.rank(four), history.rank(one), history.rank("0".repeat(40))]).toEqual([0, 3, undefined]);
  });

  it("keeps a file that was added again out of the past", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "1" });
    repo.git("rm", "--quiet", "a.txt");
    repo.commit("two");
    repo.commit("three", { "a.txt": "2" });
    const { history } = await historyOf(repo.root);
    expect(history.pastFile("a.txt")).toBeUndefined();
    expect(history.versions("a.txt").map((version) => version.blob)).toEqual([blob("2"), blob("1")]);
  });

  it("sees what a merge itself changed, and odd names", async () => {
    const repo = repository();
    repo.commit("one", { "a.txt": "base\n", ":colon\n.txt": "odd" });
    repo.git("checkout", "--quiet", "-b", "side");
    repo.commit("side", { "a.txt": "side\n" });
    repo.git("checkout", "--quiet", "main");
    repo.commit("main", { "a.txt": "main\n" });
    expect(() => repo.git("merge", "side")).toThrow();
    const merge = repo.commit("merge", { "a.txt": "both\n" });
    const { history } = await historyOf(repo.root);
    expect(history.versions("a.txt")[0]).toEqual({ path: "a.txt", blob: blob("both\n"), commit: merge });
    expect(history.versions("a.txt")).toHaveLength(4);
    expect(history.versions(":colon\n.txt")).toHaveLength(1);
  });

  it("answers the same from the cache, extended by new commits, as from one reading", async () => {
    const repo = repository();
    const cacheFolder = repository({ git: false }).root;
    repo.commit("one", { "a.txt": "1", "b.txt": "b" });
    repo.git("checkout", "--quiet", "-b", "side");
    repo.commit("side", { "a.txt": "side" });
    repo.git("checkout", "--quiet", "main");
    repo.commit("two", { "c.txt": "2" });
    await historyOf(repo.root, { cacheFolder });
    repo.git("merge", "--quiet", "--no-edit", "side");
    repo.git("rm", "--quiet", "b.txt");
    repo.commit("three", { "d.txt": "b" });
    const [cached, again, fresh] = [
      await historyOf(repo.root, { cacheFolder }),
      await historyOf(repo.root, { cacheFolder }),
      await historyOf(repo.root),
    ];
    for (const { history } of [cached, again]) {
      for (const path of ["a.txt", "b.txt", "c.txt", "d.txt"]) {
        expect(history.versions(path)).toEqual(fresh.history.versions(path));
      }
      expect(history.pastFile("b.txt")).toEqual(fresh.history.pastFile("b.txt"));
      expect(history.pastFile("b.txt")?.movedTo).toEqual(["d.txt"]);
      expect(history.placesOf(blob("b"))).toEqual(fresh.history.placesOf(blob("b")));
      expect([history.reaches, history.commits]).toEqual([fresh.history.reaches, fresh.history.commits]);
    }
  });

  it("drops a cache whose HEAD is no ancestor any more", async () => {
    const repo = repository();
    const cacheFolder = repository({ git: false }).root;
    repo.commit("one", { "a.txt": "1" });
    repo.commit("two", { "a.txt": "2" });
    await historyOf(repo.root, { cacheFolder });
    repo.git("reset", "--quiet", "--hard", "HEAD~1");
    repo.commit("other", { "a.txt": "3" });
    const { history } = await historyOf(repo.root, { cacheFolder });
    expect(history.versions("a.txt").map((version) => version.blob)).toEqual([blob("3"), blob("1")]);
  });
});

describe("newestFirst", () => {
  it("puts children before parents whatever the order and the clocks", () => {
    const graph = fc.integer({ min: 1, max: 30 }).chain((count) =>
      fc.record({
        times: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: count, maxLength: count }),
        picks: fc.array(fc.array(fc.nat(), { maxLength: 2 }), { minLength: count, maxLength: count }),
        shuffle: fc.shuffledSubarray(
          Array.from({ length: count }, (_, index) => index),
          { minLength: count, maxLength: count },
        ),
      }),
    );
    fc.assert(
      fc.property(graph, ({ times, picks, shuffle }) => {
        const name = (index: number): string => `c${String(index).padStart(3, "0")}`;
        const parentsOf = (index: number): string[] =>
          index === 0 ? [] : [...new Set((picks[index] as number[]).map((pick) => name(pick % index)))];
        const table = (order: number[]) => ({
          commits: order.map(name),
          times: order.map((index) => times[index] as number),
          parents: order.map((index) => parentsOf(index).join(" ")),
        });
        const ids = (order: number[]): string[] =>
          [...newestFirst(table(order))].map((at) => name(order[at] as number));
        const plain = ids(times.map((_, index) => index));
        expect(ids(shuffle)).toEqual(plain);
        for (let index = 0; index < times.length; index++) {
          for (const parent of parentsOf(index))
            expect(plain.indexOf(name(index))).toBeLessThan(plain.indexOf(parent));
        }
      }),
    );
  });
});
