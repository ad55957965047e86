import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FeatureIndex } from "./feature-index.ts";
import { FeatureTable } from "./feature-table.ts";
import { fingerprint, type Fingerprint } from "./fingerprint.ts";
import { type Language, languageOf } from "./language.ts";
import { mergeCounts } from "./merge-counts.ts";
import { stemOf } from "./near-pairs.ts";
import { notebookText } from "./notebook-text.ts";
import { readTokens } from "./tokens.ts";
import { Winnower } from "./winnow.ts";

const print = (text: string, language: Language = "python"): Fingerprint =>
  fingerprint(Buffer.from(text), language) as Fingerprint;
const stream = (text: string, language: Language = "python"): string => print(text, language).stream;

function winnow(tokens: readonly number[]): Set<number> {
  const winnower = new Winnower();
  for (const token of tokens) winnower.token(token);
  return new Set(winnower.finish());
}

const tokenList = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength, maxLength });

describe("fingerprint, bad input", () => {
  it("gives none for binaries, empty files, comments alone and notebooks that are no JSON", () => {
    expect(fingerprint(Buffer.from([1, 0, 2, 3]), "text")).toBeUndefined();
    expect(fingerprint(Buffer.from(""), "python")).toBeUndefined();
    expect(fingerprint(Buffer.from("# only\n# comments\n"), "python")).toBeUndefined();
    expect(fingerprint(Buffer.from("{ broken"), "notebook")).toBeUndefined();
    expect(fingerprint(Buffer.from("[1, 2]"), "notebook")).toBeUndefined();
  });

  it("survives any bytes in any language", () => {
    const languages: Language[] = [
      "python",
      "script",
      "braces",
      "json",
      "yaml",
      "toml",
      "requirements",
      "notebook",
      "text",
    ];
    const hard = fc.array(
      fc.constantFrom('"', "'", '"""', "\\", "#", "/*", "*/", "`", "\n", "(", ")", " ", "é", "x"),
    );
    fc.assert(
      fc.property(
        hard,
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...languages),
        (pieces, bytes, language) => {
          const text = Buffer.concat([Buffer.from(pieces.join("")), bytes]);
          expect(fingerprint(text, language)).toEqual(fingerprint(text, language));
        },
      ),
    );
  });
});

describe("winnowing", () => {
  it("keeps a shingle of every run of 20 tokens that two texts share, wherever it stands", () => {
    fc.assert(
      fc.property(tokenList(20, 60), tokenList(0, 40), tokenList(0, 40), (shared, before, after) => {
        const [a, b] = [winnow([...before, ...shared]), winnow([...shared, ...after])];
        expect([...a].some((one) => b.has(one))).toBe(true);
      }),
    );
  });

  it("keeps few shingles, and one of a text too short for a window", () => {
    const tokens = Array.from({ length: 5000 }, (_, index) => Math.imul(index + 1, 2654435761));
    expect(winnow(tokens).size).toBeGreaterThan(400);
    expect(winnow(tokens).size).toBeLessThan(800);
    expect([winnow(tokens.slice(0, 4)).size, winnow(tokens.slice(0, 5)).size]).toEqual([0, 1]);
  });
});

describe("tokens", () => {
  const count = (text: string, language: Language): number => {
    let tokens = 0;
    readTokens(Buffer.from(text), language, { token: () => tokens++, indent: () => {} });
    return tokens;
  };

  it("does not see what a formatter changes", () => {
    expect(stream("x = foo('a', 1)\n")).toBe(stream('x   =  foo(\n    "a",\n    1,\n)  # why\n'));
    expect(stream("def f():\n  return 1\n")).toBe(stream("def f():\n\n    # note\n    return 1\n"));
    expect(stream("a // b\nf(1); /* c */", "braces")).toBe(stream("a\nf(1,);", "braces"));
  });

  it("sees what is said in strings, blocks and directives", () => {
    expect(stream("x = '# a'\n")).not.toBe(stream("x = '# b'\n"));
    expect(stream('x = """\n# a\n"""\n')).not.toBe(stream('x = """\n# b\n"""\n'));
    expect(stream("if a:\n    b()\n    c()\n")).not.toBe(stream("if a:\n    b()\nc()\n"));
    expect(stream("#SBATCH --nodes=1\nrun\n", "script")).not.toBe(
      stream("#SBATCH --nodes=2\nrun\n", "script"),
    );
    expect(stream("echo a#b\n", "script")).not.toBe(stream("echo a\n", "script"));
    expect(stream("f(1, 2)\n")).not.toBe(stream("f(1 2)\n"));
    expect(stream("x = /^a:\\/\\//.test(b);", "braces")).not.toBe(
      stream("x = /^a:\\/\\//.test(c);", "braces"),
    );
    expect(stream('url = "http://a/b";', "braces")).not.toBe(stream('url = "http://a/c";', "braces"));
  });

  it("ends a string at its line, unless it is a long one", () => {
    expect(count("don't # x\nb # y\n", "script")).toBe(count("don't # x\nb\n", "script"));
    expect(count("`a // b\n c // d`;", "braces")).toBeGreaterThan(count("`a\n c`;", "braces"));
  });
});

describe("fingerprint", () => {
  it("leaves the licence header, imports and punctuation out of the lines", () => {
    const body = "import torch\nfrom a.b import c\n\ndef train_model(x):\n    return compute_loss(x)\n)\n";
    const licence = "# Copyright 2024 The Authors\n#\n# Licensed under the Apache License, Version 2.0\n\n";
    expect(print(licence + body).lines).toEqual(print(body).lines);
    expect(print(body).lines).toHaveLength(2);
    expect(print(body).definitions).toHaveLength(1);
  });

  it("keeps a leading comment that is no licence", () => {
    expect(print("# How to train it\ntrain_it()\n").lines).toHaveLength(2);
  });

  it("has equal words for the same words in any order", () => {
    const lines = fc.array(fc.stringMatching(/^[a-z]{5,9}==[0-9]$/), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.nat(), (names, turn) => {
        const turned = [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)];
        const words = (list: string[], end = "\n"): string =>
          print(list.join(end) + end, "requirements").words;
        expect(words(turned, "\r\n")).toBe(words(names));
        expect(words([...names, "another==1"])).not.toBe(words(names));
      }),
    );
  });

  it("reads the source of a notebook, not its outputs", () => {
    const notebook = (source: string[], outputs: unknown[], nbformat: number): string =>
      JSON.stringify({
        cells: [{ cell_type: "code", source, outputs, execution_count: nbformat }],
        nbformat,
      });
    const [a, b] = [
      notebook(["train(1)\n", "show(2)"], [], 4),
      notebook(["train(1)\n", "show(2)"], ["big"], 5),
    ];
    expect(stream(a, "notebook")).toBe(stream(b, "notebook"));
    expect(stream(a, "notebook")).not.toBe(stream(notebook(["train(2)"], [], 4), "notebook"));
    expect(notebookText(a)).toBe("train(1)\nshow(2)\n\n");
  });
});

describe("FeatureTable and FeatureIndex", () => {
  it("numbers each feature once and counts the files that have it", () => {
    const files = fc.array(fc.array(fc.nat(500), { maxLength: 200 }), { maxLength: 30 });
    fc.assert(
      fc.property(files, (lists) => {
        const table = new FeatureTable();
        const ids = lists.map((list, file) => table.add(list, file));
        const ofHash = new Map<number, number>();
        for (const [file, list] of lists.entries()) {
          const distinct = [...new Set(list.map((hash) => hash || 1))];
          expect(ids[file]).toHaveLength(distinct.length);
          for (const [at, hash] of distinct.entries()) {
            const id = (ids[file] as Int32Array)[at] as number;
            expect(ofHash.get(hash) ?? id).toBe(id);
            ofHash.set(hash, id);
          }
        }
        for (const [hash, id] of ofHash) {
          expect(table.frequency(id)).toBe(
            lists.filter((list) => list.some((one) => (one || 1) === hash)).length,
          );
        }
      }),
    );
  });

  it("gives the share of the smaller set that is in the larger one, both ways round", () => {
    const set = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(set, set, (a, b) => {
        const index = new FeatureIndex([a, b]);
        const shared = a.filter((one) => b.includes(one)).length;
        for (const { shared: found, containment, jaccard } of [index.overlap(0, 1), index.overlap(1, 0)]) {
          expect(found).toBe(shared);
          expect(containment).toBeCloseTo(shared / Math.min(a.length, b.length), 6);
          expect(jaccard).toBeCloseTo(shared / (a.length + b.length - shared), 6);
        }
      }),
    );
  });

  it("proposes every pair that shares most of its rare features, among many files", () => {
    const own = (file: number): number[] => Array.from({ length: 40 }, (_, at) => file * 1000 + at + 1);
    const common = Array.from({ length: 30 }, (_, at) => 900_000 + at);
    const files = Array.from({ length: 200 }, (_, file) => [...own(file), ...common]);
    files.push([...own(7).slice(0, 20), ...common], [...own(150), 5_000_001]);
    const lists = new FeatureIndex(files).candidates();
    expect(lists[7]).toContain(200);
    expect(lists[150]).toContain(201);
    // Of a few files alone the same, with what the others have in common with them.
    expect(new FeatureIndex(files, undefined, [7, 150]).candidates([7, 150])).toEqual([lists[7], lists[150]]);
  });
});

describe("languageOf", () => {
  it("knows what is compared and what is data, generated or legal", () => {
    const known = [
      "a/train.py",
      "Dockerfile",
      "gpu.Dockerfile",
      "requirements-dev.txt",
      "c.YAML",
      "run.sbatch",
      "n.ipynb",
    ];
    expect(known.map((path) => languageOf(path, 1000))).toEqual([
      "python",
      "script",
      "script",
      "requirements",
      "yaml",
      "script",
      "notebook",
    ]);
    const none = ["package-lock.json", "vocab.json", "LICENSE.md", "x.min.js"];
    const other = ["a.csv", "a.jsonl", "model.bin", "noextension"];
    expect(other.map((path) => languageOf(path, 1000))).toEqual(other.map(() => "other"));
    expect(other.map((path) => languageOf(path, 1_000_000))).toEqual(other.map(() => undefined));
    expect(none.map((path) => languageOf(path, 1000))).toEqual(none.map(() => undefined));
    expect([languageOf("a.json", 200_000), languageOf("a.py", 2_000_000)]).toEqual([undefined, undefined]);
  });

  it("finds one stem under version marks", () => {
    expect(
      ["a/train_v2.py", "b/train.py", "train_old.py", "Train-copy.py", "train_3.py"].map(stemOf),
    ).toEqual(Array.from({ length: 5 }, () => "train"));
    expect([stemOf(".gitignore"), stemOf("v2.py"), stemOf("README.md")]).toEqual([
      ".gitignore",
      "v2",
      "readme",
    ]);
  });
});

describe("mergeCounts", () => {
  it("counts what each side did and where they meet", () => {
    const base = "a\nb\nc\nd\ne\nf\ng";
    expect(mergeCounts(base, "a\nB\nc\nd\ne\nf\ng", "a\nb\nc\nd\ne\nf\ng\nh\ni")).toEqual({
      a: { added: 1, removed: 1 },
      b: { added: 2, removed: 0 },
      conflicts: 0,
    });
    expect(mergeCounts(base, "a\nB\nc\nd\ne\nf\ng", "a\nX\nc\nd\ne\nf")?.conflicts).toBe(1);
    expect(mergeCounts(base, "a\nB\nc\nd\ne\nf\ng", "a\r\nB\r\nc\r\nd\r\ne\r\nf\r\ng")?.conflicts).toBe(0);
    expect(mergeCounts("x\n".repeat(30_000), "", "")).toBeUndefined();
  });
});
