import { afterEach, describe, expect, it } from "vitest";
import { TemporaryRepository } from "../../repository/temporary-repository.test-support.ts";
import { functions, overlapsOf, words } from "./overlaps.test-support.ts";

const made: TemporaryRepository[] = [];
function repository(options: { git?: boolean } = {}): TemporaryRepository {
  const one = new TemporaryRepository(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const base = words("base", 12);

describe("copies and their past", () => {
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

  it("proves old copies of short files and of those without a known language too", async () => {
    const repo = repository();
    const rules = "*.log\nout/\n*.tmp\n__pycache__/\nwandb/\n";
    const pins = "torch==2.1\nnumpy\ntransformers\n";
    repo.commit("one", {
      "a/.gitignore": rules,
      "b/.gitignore": rules,
      "a/requirements.txt": pins,
      "b/requirements.txt": pins,
    });
    repo.commit("two", { "b/.gitignore": `${rules}data/\n`, "b/requirements.txt": `${pins}wandb\n` });
    expect((await overlapsOf(repo)).copies.map(({ a, relation, behind }) => [a, relation, behind])).toEqual([
      ["a/.gitignore", "older", 1],
      ["a/requirements.txt", "older", 1],
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
      "a/rows.csv": "name,value,unit\nloss,0.5,nats\nspeed,12,tokens\n",
      "b/rows.csv": "\ufeffname,value,unit\nloss,0.5,nats\nspeed,12,tokens\n",
      "c/rows.csv": "name,value,unit\nloss,0.6,nats\nspeed,12,tokens\n",
      "a/book.ipynb": notebook(1),
      "b/book.ipynb": notebook(2),
    });
    const { copies } = await overlapsOf(repo);
    expect(copies.map(({ a, b, relation, evidence }) => [a, b, relation, evidence[0]?.text])).toEqual([
      ["a/book.ipynb", "b/book.ipynb", "format-only", "differs only in outputs, counters or metadata"],
      ["a/code.py", "b/code.py", "format-only", "differs only in line ends (CRLF)"],
      ["a/nan.json", "b/nan.json", "format-only", "differs only in order of keys, white space or comments"],
      ["a/requirements.txt", "b/requirements.txt", "format-only", "differs only in order or comments"],
      ["a/rows.csv", "b/rows.csv", "format-only", "differs only in a byte order mark"],
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
      "a/latin.txt": Buffer.from("caf\u00e9 cr\u00e8me, one two three four five six", "latin1"),
      "b/latin.txt": Buffer.from("caf\u00e8 cr\u00e8me, one two three four five six", "latin1"),
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
});
