import { afterEach, describe, expect, it } from "vitest";
import { openHistory, openWorkTree } from "../../repository/index.ts";
import { TemporaryRepository } from "../../repository/temporary-repository.test-support.ts";
import { FingerprintCollector } from "./fingerprint-collector.ts";
import { findOverlaps } from "./overlaps.ts";
import { functions, overlapsOf, words } from "./overlaps.test-support.ts";
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

describe("findOverlaps, habits", () => {
  const frame = (body: string): string =>
    `import argparse\nimport logging\n\nlogger = logging.getLogger(__name__)\n\n\ndef parse_args():\n    parser = argparse.ArgumentParser()\n    parser.add_argument("--config", type=str, required=True)\n    parser.add_argument("--output_dir", type=str, default="outputs")\n    parser.add_argument("--seed", type=int, default=42)\n    return parser.parse_args()\n\n\n${body}\n\ndef main():\n    args = parse_args()\n    torch.manual_seed(args.seed)\n    config = json.loads(Path(args.config).read_text())\n    run_it(config)\n\n\nif __name__ == "__main__":\n    main()\n`;

  it("does not take the frame that scripts share for a copy", async () => {
    const repo = repository();
    repo.commit("one", {
      "a/train_reward.py": frame(functions(words("reward", 4))),
      "b/evaluate_chat.py": frame(functions(words("chat", 4))),
    });
    expect((await overlapsOf(repo)).copies).toEqual([]);
  });

  it("does not take documents of one template for copies, but a grown document for one", async () => {
    const repo = repository();
    const template = (subject: string): string =>
      `# ${subject}\n\n## Install\n\npip install -r requirements.txt\n\n## Usage\n\nSee the notes on ${subject} below.\n\n${words(
        subject,
        12,
      )
        .map((word) => `All that is said of ${word} is said here.\n`)
        .join("")}\n## License\n\nMIT, see the LICENSE file.\n`;
    repo.commit("one", { "a/README.md": template("reward"), "b/README.md": template("chat") });
    expect((await overlapsOf(repo)).copies).toEqual([]);
    const more = words("more", 30)
      .map((word) => `And much that is new about ${word}.\n`)
      .join("");
    repo.commit("two", { "c/GUIDE.md": `${template("reward")}\n${more}` });
    expect((await overlapsOf(repo)).copies.map(({ a, b }) => [a, b])).toEqual([
      ["a/README.md", "c/GUIDE.md"],
    ]);
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
    expect((await overlapsOf(repo)).groups.map((group) => group.paths)).toEqual([["a/x.py", "out/y.py"]]);
    const found = await overlapsOf(repo, { isExcluded: (path) => path.startsWith("out/") });
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
    const { folders } = await overlapsOf(repo, { packages: ["one", "two"] });
    expect(folders).toEqual([
      { a: "one", b: "two", identical: 1, similar: 1, onlyA: ["one/own.py"], onlyB: ["two/extra.py"] },
    ]);
  });
});

describe("findOverlaps, settings and cache", () => {
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
    const { configs } = await overlapsOf(repo, { packages: ["one", "two"] });
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
