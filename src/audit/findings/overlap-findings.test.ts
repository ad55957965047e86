import { describe, expect, it } from "vitest";
import { exampleContext, exampleRows } from "../reports/example.test-data.ts";
import type { ConfigPair, CopyPair } from "../report.ts";
import { buildFindings } from "./build.ts";
import { said } from "./rows.test-data.ts";

describe("findings about overlaps", () => {
  it("groups equal files by the folders that share them and calls many a habit", () => {
    const group = (blob: string, ...paths: string[]) => ({ blob: blob.padEnd(40, "0"), bytes: 10, paths });
    expect(said({ groups: [group("a", "a/x/1.py", "b/x/1.py"), group("b", "a/2.py", "b/2.py")] })).toEqual([
      "note dup-exact x4: 2 files are the same in `a` and `b`.",
    ]);
    expect(
      said({ groups: [group("c", "p/Dockerfile", "q/Dockerfile", "r/Dockerfile", "s/Dockerfile")] }),
    ).toEqual([
      "note dup-exact x4: `Dockerfile` is the same in `p`, `q` and 2 more. It looks deliberate: each folder stands alone.",
    ]);
  });

  it("leaves out groups that an identical pair of folders explains", () => {
    const rows = {
      groups: [{ blob: "a".repeat(40), bytes: 10, paths: ["a/x/1.py", "b/x/1.py"] }],
      folders: [
        { a: "a", b: "b", identical: 1, similar: 0, onlyA: [], onlyB: [] },
        { a: "a/x", b: "b/x", identical: 1, similar: 0, onlyA: [], onlyB: [] },
      ],
    };
    expect(said(rows)).toEqual(["note dup-folder x2: `a` and `b` hold the same 1 file, byte for byte."]);
    const third = { a: "b", b: "c", identical: 1, similar: 0, onlyA: [], onlyB: [] };
    expect(said({ ...rows, folders: [...rows.folders, third] })).toEqual([
      "note dup-folder x3: `a`, `b` and `c` hold the same 1 file, byte for byte.",
    ]);
  });

  it("makes one finding of folders that were copied together", () => {
    const pair = (name: string, identical: number) => ({
      a: `a/${name}`,
      b: `b/${name}`,
      identical,
      similar: 0,
      onlyA: [],
      onlyB: [],
    });
    expect(said({ folders: [pair("x", 2), pair("y/z", 3)] })).toEqual([
      "note dup-folder x4: `a` and `b` have 2 folders with the same 5 files, byte for byte: `x` and `y/z`.",
    ]);
  });

  it("keeps proof from history apart from families of grown copies", () => {
    const pair = (a: string, rest: Partial<CopyPair> = {}): CopyPair => ({
      a,
      b: "base/u.py",
      relation: "diverged",
      containment: 0.6,
      evidence: [],
      ...rest,
    });
    const copies = [
      pair("p/u.py"),
      pair("q/u.py"),
      pair("r/u.py"),
      pair("s/u.py"),
      pair("t/u.py", { relation: "older", commit: "c".repeat(40), behind: 1 }),
    ];
    const families = [
      {
        centre: "base/u.py",
        members: ["p", "q", "r", "s"].map((one) => ({ path: `${one}/u.py`, containment: 0.6 })),
        deliberate: true,
      },
    ];
    expect(said({ copies, families })).toEqual([
      "warning copy-stale x1: `t/u.py` is `base/u.py` as it was in commit cccccccc, 1 version behind.",
      "note copy-near x5: 4 copies of `base/u.py` differ from it. It looks deliberate: each stands alone.",
    ]);
    const accidental = families.map((one) => ({ ...one, deliberate: false }));
    expect(said({ copies: copies.slice(0, 1), families: accidental })).toEqual([
      "warning copy-diverged x1: `p/u.py` and `base/u.py` were one file and both changed since.",
      "note copy-near x5: 4 copies of `base/u.py` differ from it.",
    ]);
    const config = (a: string): ConfigPair => ({ a, b: "c.json", differences: [{ key: "lr", a: 1, b: 2 }] });
    expect(said({ configs: ["1.json", "2.json", "3.json", "4.json"].map(config) })).toEqual([
      "note config-diverged x5: 5 configurations vary one another, such as `1.json`, `2.json` and 3 more. It looks deliberate: one for each setting.",
    ]);
    expect(
      said({
        configs: [
          { ...config("p/c.json"), b: "q/c.json" },
          { ...config("q/c.json"), b: "r/c.json" },
        ],
      }),
    ).toEqual([
      "warning config-diverged x3: `p/c.json`, `q/c.json` and `r/c.json` have one name and differ in values.",
    ]);
    expect(said({ configs: [{ ...config("p/a.json"), b: "p/b.json" }] })[0]).toMatch(
      /^note config-diverged x2/,
    );
  });

  it("never shows values of secret names or long values of configurations", () => {
    const finding = buildFindings(exampleRows, exampleContext).find((one) => one.rule === "config-diverged");
    expect(finding?.evidence.map((one) => one.text)).toEqual([
      "`experts`: 4 here, 8 there",
      '`tracker.api_key`: [secret] here, "" there',
      '`system_prompt`: <text of 120 characters> here, "short" there',
    ]);
  });
});
