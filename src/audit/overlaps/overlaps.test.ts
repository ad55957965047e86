import { afterEach, describe, expect, it } from "vitest";
import { noCache, openHistory, openWorkTree } from "../../repository/index.ts";
import { TemporaryRepository } from "../../repository/temporary-repository.test-support.ts";
import { FingerprintCollector } from "./fingerprint-collector.ts";
import { findOverlaps } from "./overlaps.ts";
import type { Overlaps } from "./schema.ts";

const made: TemporaryRepository[] = [];
function repository(options: { git?: boolean } = {}): TemporaryRepository {
  const one = new TemporaryRepository(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

async function overlapsOf(repo: TemporaryRepository, packages: string[] = []): Promise<Overlaps> {
  const tree = await openWorkTree(repo.root);
  const { history } = await openHistory(tree);
  const fingerprints = new FingerprintCollector(noCache());
  await fingerprints.complete(tree);
  return await findOverlaps({
    tree,
    history,
    packages: packages.map((path) => ({ path })),
    fingerprints,
    isBareInit: (path) => path.endsWith("bare/__init__.py"),
  });
}

/** A module of functions with telling lines; `names` tells one text from another. */
const functions = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `def ${name}_step(batch):\n    ${name}_loss = model.${name}(batch)\n    return ${name}_loss.mean()\n\n`,
    )
    .join("\n");
const words = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const base = words("base", 12);

describe("findOverlaps, bad input", () => {
  it("finds nothing in an empty folder, and in a tree of binaries and unreadable JSON", async () => {
    const empty = await overlapsOf(repository({ git: false }));
    expect(empty).toEqual({
      groups: [],
      boilerplate: { groups: 0, files: 0 },
      folders: [],
      copies: [],
      families: [],
      configs: [],
      notes: [],
    });
    const repo = repository();
    repo.commit("one", {
      "a.json": "{ broken",
      "b.json": '{"also": broken',
      "c.ipynb": "[",
      "d.bin": Buffer.from([0, 1, 2, 0xff]),
      "e.yaml": "a: [\n b: {{ .Values.x }}\n",
    });
    expect((await overlapsOf(repo)).copies).toEqual([]);
  });

  it("does not take licence headers, import blocks or short snippets for copies", async () => {
    const licence =
      "# Copyright 2024 Somebody\n# Licensed under the Apache License\n# You may not use this file\n\n";
    const imports = words("module", 10)
      .map((name) => `import ${name}\n`)
      .join("");
    const repo = repository();
    repo.commit("one", {
      "a/first.py": licence + imports + functions(words("one", 3)),
      "b/second.py": licence + imports + functions(words("two", 3)),
      "b/large.py": functions([...words("big", 60), "one0"]),
    });
    expect((await overlapsOf(repo)).copies).toEqual([]);
  });
});

describe("findOverlaps, equal files and folders", () => {
  it("groups equal bytes in any number of places and counts boilerplate apart", async () => {
    const repo = repository();
    repo.link("link.py", "a/x.py");
    repo.commit("one", {
      "a/x.py": "x = 1\n",
      "b/x.py": "x = 1\n",
      "c/y.py": "x = 1\n",
      "a/LICENSE": "MIT",
      "b/LICENSE": "MIT",
      "a/empty": "",
      "b/empty": "",
      "a/bare/__init__.py": '"""Same."""\n',
      "b/bare/__init__.py": '"""Same."""\n',
      "a/.gitignore": "out/\n",
      "b/.gitignore": "out/\n",
    });
    const { groups, boilerplate } = await overlapsOf(repo);
    expect(groups.map((group) => [group.bytes, group.paths])).toEqual([
      [6, ["a/x.py", "b/x.py", "c/y.py"]],
      [5, ["a/.gitignore", "b/.gitignore"]],
    ]);
    expect(boilerplate).toEqual({ groups: 3, files: 6 });
  });

  it("looks neither at ignored files nor at excluded ones", async () => {
    const repo = repository();
    repo.commit("one", { "a/x.py": functions(base), "out/y.py": functions(base), ".gitignore": "build/\n" });
    repo.write({ "build/x.py": functions(base), "build/near.py": functions([...base, "more"]) });
    const tree = await openWorkTree(repo.root);
    const { history } = await openHistory(tree);
    const fingerprints = new FingerprintCollector(noCache());
    await fingerprints.complete(tree);
    const input = { tree, history, packages: [], fingerprints, isBareInit: () => false };
    expect((await findOverlaps(input)).groups.map((group) => group.paths)).toEqual([["a/x.py", "out/y.py"]]);
    const found = await findOverlaps({ ...input, isExcluded: (path) => path.startsWith("out/") });
    expect([found.groups, found.copies]).toEqual([[], []]);
  });

  it("pairs identical folders once, at the top", async () => {
    const repo = repository();
    const inner = { "deep/m.py": "m = 1\n", "deep/er/n.py": "n = 2\n", "deep/er/o.py": "o = 3\n" };
    repo.commit("one", {
      ...Object.fromEntries(
        ["a", "b"].flatMap((top) => Object.entries(inner).map(([path, text]) => [`${top}/${path}`, text])),
      ),
      "a/own.py": "own\n",
      "x/only.py": "one file is no folder\n",
      "y/only.py": "one file is no folder\n",
      "p/LICENSE": "MIT",
      "p/empty": "",
      "q/LICENSE": "MIT",
      "q/empty": "",
    });
    expect((await overlapsOf(repo)).folders).toEqual([
      { a: "a/deep", b: "b/deep", identical: 3, similar: 0, onlyA: [], onlyB: [] },
    ]);
  });

  it("counts identical and similar files of two packages and lists what each alone has", async () => {
    const repo = repository();
    repo.commit("one", {
      "one/same.py": functions(words("same", 5)),
      "one/twice.py": functions(words("same", 5)),
      "one/near.py": functions(base),
      "one/own.py": functions(words("own", 9)),
      "two/src/same.py": functions(words("same", 5)),
      "two/near.py": functions([...base, "more"]),
      "two/extra.py": functions(words("extra", 9)),
      "outside.py": functions(words("same", 5)),
    });
    const { folders } = await overlapsOf(repo, ["one", "two"]);
    expect(folders).toEqual([
      { a: "one", b: "two", identical: 1, similar: 1, onlyA: ["one/own.py"], onlyB: ["two/extra.py"] },
    ]);
  });
});

describe("findOverlaps, copies and their past", () => {
  it("proves an older copy by the commit at which the newer file had its bytes", async () => {
    const repo = repository();
    repo.commit("one", { "lib/train.py": functions(base) });
    const two = repo.commit("two", { "lib/train.py": functions([...base, "second"]) });
    repo.commit("three", {
      "lab/train.py": functions([...base, "second"]),
      "lib/train.py": functions([...base, "third"]),
    });
    repo.commit("four", { "lib/train.py": functions([...base, "third", "fourth"]) });
    const { copies } = await overlapsOf(repo);
    expect(copies).toMatchObject([
      { a: "lab/train.py", b: "lib/train.py", relation: "older", commit: two, behind: 2 },
    ]);
    expect(copies[0]?.evidence[0]?.text).toBe(
      `byte for byte lib/train.py as of ${two.slice(0, 12)}, 2 versions behind`,
    );
    expect(copies[0]?.containment).toBeGreaterThan(0.9);
  });

  it("follows an exact rename to the newer file", async () => {
    const repo = repository();
    repo.commit("one", { "old/place.py": functions(base), "copy/place.py": functions(base) });
    repo.git("mv", "old", "new");
    const two = repo.commit("two");
    repo.commit("three", { "new/place.py": functions([...base, "third"]) });
    expect((await overlapsOf(repo)).copies).toMatchObject([
      { a: "copy/place.py", b: "new/place.py", relation: "older", commit: two, behind: 1 },
    ]);
  });

  it("does not call a file an older version of one that was rewritten", async () => {
    const repo = repository();
    repo.commit("one", { "a/main.py": functions(base), "b/main.py": functions(base) });
    repo.commit("two", { "b/main.py": functions(words("other", 14)) });
    expect((await overlapsOf(repo)).copies).toEqual([]);
  });

  it("finds where two grown copies parted, with what each side did since", async () => {
    const repo = repository();
    const one = repo.commit("one", { "lib/model.py": functions(base) });
    repo.commit("two", { "lab/model.py": functions(base) });
    repo.commit("three", { "lab/model.py": functions([...base, ...words("lab", 4)]) });
    repo.commit("four", { "lib/model.py": functions(["first", ...base]) });
    const { copies } = await overlapsOf(repo);
    expect(copies).toMatchObject([
      { a: "lab/model.py", b: "lib/model.py", relation: "diverged", commit: one },
    ]);
    expect(copies[0]?.evidence.map((one) => one.kind)).toEqual([
      "shared-lines",
      "shared-version",
      "since-then",
    ]);
    expect(copies[0]?.evidence[2]?.text).toBe(
      "since then lab/model.py +20 −0 lines, lib/model.py +5 −0; no places were changed by both",
    );
  });

  it("names the nearest past version where no bytes were ever shared", async () => {
    const repo = repository();
    const one = repo.commit("one", { "lib/model.py": functions(words("base", 20)) });
    repo.commit("two", { "lab/model.py": functions([...words("base", 20), "added"]) });
    repo.commit("three", { "lib/model.py": functions([...words("base", 15), ...words("new", 6)]) });
    const { copies } = await overlapsOf(repo);
    expect(copies).toMatchObject([
      { a: "lab/model.py", b: "lib/model.py", relation: "diverged", commit: one },
    ]);
    expect(copies[0]?.evidence[1]?.kind).toBe("nearest-version");
  });

  it("knows an older version that was reformatted since it was copied", async () => {
    const repo = repository();
    const one = repo.commit("one", { "lib/model.py": functions(base) });
    repo.commit("two", { "lab/model.py": functions(base).replaceAll("(batch)", "(\n        batch,\n    )") });
    repo.commit("three", { "lib/model.py": functions([...base.slice(2), "third", "fourth"]) });
    const { copies } = await overlapsOf(repo);
    expect(copies).toMatchObject([
      { a: "lab/model.py", b: "lib/model.py", relation: "older", commit: one, behind: 1 },
    ]);
    expect(copies[0]?.evidence[1]?.text).toBe(
      `lib/model.py as of ${one.slice(0, 12)} but for white space, quotes or comments, 1 version behind`,
    );
  });

  it("does not say that variants which are edited together have parted", async () => {
    const repo = repository();
    const variant = (own: string, shared: string): string =>
      functions([...base, shared, `${own}a`, `${own}b`]);
    repo.commit("one", { "a/small.py": variant("small", "first"), "a/large.py": variant("large", "first") });
    repo.commit("two", {
      "a/small.py": variant("small", "second"),
      "a/large.py": variant("large", "second"),
    });
    expect((await overlapsOf(repo)).copies.map((pair) => pair.relation)).toEqual(["similar"]);
  });

  it("says no more than similar without history, and finds a grown copy below half likeness", async () => {
    const repo = repository({ git: false });
    repo.write({
      "a/small_model.py": functions(base),
      "b/large_model.py": functions([...base, ...words("grown", 30)]),
    });
    const { copies } = await overlapsOf(repo);
    expect(copies).toMatchObject([{ relation: "similar", containment: 1 }]);
  });

  it("tells copies that differ in format alone", async () => {
    const repo = repository();
    const text = functions(base);
    const settings = { alpha: [1, 2], beta: { gamma: "value", delta: true }, epsilon: 0.5 };
    const notebook = (count: number): string =>
      JSON.stringify({
        cells: [
          {
            cell_type: "code",
            source: [functions(words("cell", 8))],
            outputs: [count],
            execution_count: count,
          },
        ],
      });
    repo.commit("one", {
      "a/code.py": text,
      "b/code.py": text.replaceAll("\n", "\r\n"),
      "a/style.py": functions(words("style", 8)),
      "b/style.py": `# Reformatted.\n${functions(words("style", 8)).replaceAll("    ", "  ").replaceAll("(batch)", "(\n      batch,\n  )")}`,
      "a/settings.json": JSON.stringify(settings),
      "b/settings.json": '{"epsilon": 0.5,\n "beta": {"delta": true, "gamma": "value"},\n "alpha": [1, 2]}\n',
      "a/nan.json": '{"loss": NaN, "name": "a longer name", "step": 3}',
      "b/nan.json": '{"step": 3, "name": "a longer name", "loss": NaN}',
      "a/values.yaml": "alpha: 1\nbeta: [x, y]\ngamma: {delta: two words}\n",
      "b/values.yaml": "# note\ngamma:\n  delta: two words\nalpha: 1\nbeta:\n  - x\n  - y\n",
      "a/requirements.txt": "torch==2.1\nnumpy>=1.24\ntransformers\n",
      "b/requirements.txt": "transformers\n# pinned\ntorch==2.1\nnumpy>=1.24\n",
      "a/book.ipynb": notebook(1),
      "b/book.ipynb": notebook(2),
    });
    const { copies } = await overlapsOf(repo);
    expect(copies.map(({ a, b, relation, evidence }) => [a, b, relation, evidence[0]?.text])).toEqual([
      ["a/book.ipynb", "b/book.ipynb", "format-only", "differs only in outputs, counters or metadata"],
      ["a/code.py", "b/code.py", "format-only", "differs only in line ends (CRLF)"],
      ["a/nan.json", "b/nan.json", "format-only", "differs only in order of keys, white space or comments"],
      ["a/requirements.txt", "b/requirements.txt", "format-only", "differs only in order or comments"],
      [
        "a/settings.json",
        "b/settings.json",
        "format-only",
        "differs only in order of keys, white space or comments",
      ],
      ["a/style.py", "b/style.py", "format-only", "differs only in white space, quotes or comments"],
      [
        "a/values.yaml",
        "b/values.yaml",
        "format-only",
        "differs only in order of keys, white space or comments",
      ],
    ]);
  });

  it("does not take a changed value for a change of format", async () => {
    const repo = repository();
    repo.commit("one", {
      "a/nan.json": '{"loss": NaN, "name": "a longer name", "step": 3}',
      "b/nan.json": '{"loss": "NaN", "name": "a longer name", "step": 3}',
      "a/v.yaml": "alpha:\n  beta: 1\n  gamma: 2\n  delta: 3\n  eps: 4\n  zeta: 5\n  eta: 6\n",
      "b/v.yaml": "alpha:\n  beta: 1\n  gamma: 2\n  delta: 3\n  eps: 4\n  zeta: 5\neta: 6\n",
    });
    const { copies } = await overlapsOf(repo);
    expect(copies.filter((pair) => pair.relation === "format-only")).toEqual([]);
  });

  it("shows dozens of deliberate copies as one family and still lists the one that is provably old", async () => {
    const repo = repository();
    const example = (at: number): string => functions([...base, `own${at}a`, `own${at}b`]);
    repo.commit(
      "one",
      Object.fromEntries(words("", 30).map((name, at) => [`examples/e${name}/utils.py`, example(at)])),
    );
    repo.commit("two", { "examples/stale/utils.py": example(3) });
    repo.commit("three", { "examples/e3/utils.py": `${example(3)}\n${functions(["fixed"])}` });
    const { copies, families } = await overlapsOf(repo);
    expect(families).toHaveLength(1);
    expect(families[0]).toMatchObject({ deliberate: true });
    expect(families[0]?.members).toHaveLength(30);
    expect(copies.map(({ a, b, relation }) => [a, b, relation])).toEqual([
      ["examples/stale/utils.py", "examples/e3/utils.py", "older"],
    ]);
  });

  it("compares settings of one name in two packages value by value, and not those without common keys", async () => {
    const repo = repository();
    repo.commit("one", {
      "one/config/train.json": '{"lr": 0.1, "epochs": 3, "name": "same", "seed": 1}',
      "two/train.json": '{"lr": 0.2, "epochs": 3, "name": "same", "seed": 1}',
      "one/model.yaml": "a: 1\nb: 2\nc: 3\n",
      "two/model.yaml": "x: 1\ny: 2\nz: 3\n",
      "one/package.json": '{"name": "one", "version": "1", "private": true, "license": "MIT"}',
      "two/package.json": '{"name": "two", "version": "1", "private": true, "license": "MIT"}',
      "one/requirements.txt": "torch==2.1\nnumpy\ntransformers\n",
      "two/requirements.txt": "numpy\ntransformers\ntorch==2.2\n",
    });
    const { configs } = await overlapsOf(repo, ["one", "two"]);
    expect(configs).toEqual([
      { a: "one/config/train.json", b: "two/train.json", differences: [{ key: "lr", a: 0.1, b: 0.2 }] },
      {
        a: "one/requirements.txt",
        b: "two/requirements.txt",
        differences: [{ key: "torch", a: "==2.1", b: "==2.2" }],
      },
    ]);
    expect((await overlapsOf(repo)).configs).toEqual([]);
  });

  it("gives the same answer whatever the cache held", async () => {
    const repo = repository();
    repo.commit("one", { "a/x.py": functions(base), "b/x.py": functions([...base, "more"]) });
    const tree = await openWorkTree(repo.root);
    const { history } = await openHistory(tree);
    const kept = new Map<string, string>();
    const store = {
      get: (key: string): unknown => (kept.has(key) ? JSON.parse(kept.get(key) as string) : undefined),
      put: (key: string, value: unknown): void => void kept.set(key, JSON.stringify(value)),
    };
    const results: Overlaps[] = [];
    for (let round = 0; round < 2; round++) {
      const fingerprints = new FingerprintCollector(store);
      const wanted = [...tree.index.files.values()].filter((entry) => fingerprints.wants(entry)).length;
      expect(wanted).toBe(round === 0 ? 2 : 0);
      await fingerprints.complete(tree);
      results.push(
        await findOverlaps({ tree, history, packages: [], fingerprints, isBareInit: () => false }),
      );
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]?.copies).toHaveLength(1);
  });
});
