import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { findLeaks, findVerbatim, hash, sortedJson } from "./leak-checker.ts";
import { configOf, readDataSet, readManifest, readSidecar, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const source = (uri: string, more: Record<string, unknown> = {}) => ({
  name: uri.replace(/\..*$/, ""),
  uri,
  licence: "MIT",
  ...more,
});
const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

function expectWhole(out: string): void {
  const manifest = readManifest(out);
  const { root, ...rest } = manifest;
  expect(root).toBe(hash(sortedJson(rest)));
  const { read, written, quarantined, deduplicated, notSelected } = manifest.conservation;
  expect(read).toBe(written + quarantined + deduplicated + notSelected);
  expect(manifest.sources.reduce((sum, one) => sum + one.records, 0)).toBe(read);
  const records = readDataSet(out);
  expect(records).toHaveLength(written);
  const files = [
    ...Object.values(manifest.splits).flatMap(({ shards }) => shards),
    ...manifest.quarantine,
    ...manifest.dropped,
  ];
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const bytes = readFileSync(join(out, file.path));
    expect({ path: file.path, sha256: hash(bytes), bytes: bytes.length }).toEqual({
      path: file.path,
      sha256: file.sha256,
      bytes: file.bytes,
    });
  }
  expect(readSidecar(out, "quarantine")).toHaveLength(quarantined);
  expect(readSidecar(out, "dropped")).toHaveLength(deduplicated + notSelected);
  for (const record of records) {
    expect(record.id).toBe(hash(JSON.stringify(record.messages.map(({ role, content }) => [role, content]))));
    expect(typeof JSON.parse(record.extra)).toBe("object");
  }
  expect(new Set(records.map((record) => Object.keys(record).join())).size).toBe(1);
}

describe("data build", () => {
  it("builds a whole data set without leakage from 3,000 synthetic pairs in three formats", async () => {
    const pairs = syntheticPairs(3000, 7);
    const csv = pairs
      .slice(0, 1000)
      .map((pair) => `"${pair.prompt}","${pair.response}",${pair.client_id ?? ""}`);
    const folder = scratch({
      "training-ready.yaml": configOf([
        source("a.csv"),
        source("b.json"),
        source("c.jsonl.gz", { name: "c" }),
      ]),
      "a.csv": `prompt,response,client_id\n${csv.join("\n")}\n`,
      "b.json": JSON.stringify({ train: pairs.slice(1000, 2000) }),
      "c.jsonl.gz": gzipSync(jsonl([...pairs.slice(2000), ...pairs.slice(2000, 2100)])),
    });
    const { code, out } = await runIn(folder, "data", "build", "--out", "out", "--json");
    expect(code, out).toBe(0);
    const out1 = join(folder, "out");
    expectWhole(out1);
    const manifest = readManifest(out1);
    expect(manifest.conservation.read).toBe(3100);
    expect(manifest.duplicates.reduce((sum, one) => sum + one.exact, 0)).toBeGreaterThanOrEqual(100);
    const records = readDataSet(out1);
    const { leaks, compared } = findLeaks(records);
    expect(compared).toBeGreaterThan(0);
    expect(leaks).toEqual([]);
    expect(findVerbatim(records)).toEqual([]);
    const clients = new Map<string, Set<string>>();
    for (const { split, provenance } of records) {
      if (provenance.group["client"] === "") continue;
      const seen = clients.get(provenance.group["client"] as string) ?? new Set();
      clients.set(provenance.group["client"] as string, seen.add(split));
    }
    expect(clients.size).toBeGreaterThan(20);
    expect([...clients.values()].filter((splits) => splits.size > 1)).toEqual([]);
    for (const [split, share] of [
      ["train", 0.8],
      ["validation", 0.1],
      ["test", 0.1],
    ] as const) {
      const got = (manifest.splits[split]?.records ?? 0) / manifest.conservation.written;
      expect(Math.abs(got - share)).toBeLessThan(0.005);
    }
  });

  it("would see a leak: the checker finds the pairs that a random split tears apart", () => {
    const records = syntheticPairs(500, 7).map(({ prompt, response }, index) => ({
      split: index % 5 === 0 ? "test" : "train",
      messages: [
        { role: "user", content: prompt },
        { role: "assistant", content: response },
      ],
    }));
    expect(findLeaks(records).leaks.length).toBeGreaterThan(5);
    expect(findVerbatim(records).length).toBeGreaterThan(5);
  });

  it("gives the same root on a second run, elsewhere, and with another order of keys in the config", async () => {
    const pairs = jsonl(syntheticPairs(100, 3));
    const roots: string[] = [];
    for (const config of [
      configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
      configOf([{ licence: "MIT", uri: "a.jsonl", name: "a" }]),
    ]) {
      const folder = scratch({ "training-ready.yaml": config, "a.jsonl": pairs });
      for (const out of ["one", "two", "one"]) {
        expect((await runIn(folder, "data", "build", "--out", out)).code).toBe(0);
        roots.push(readManifest(join(folder, out)).root);
      }
    }
    expect(new Set(roots).size).toBe(1);
  });

  it("puts each broken item into quarantine with its bytes and code, keeps the rest, and exits 1 above the share", async () => {
    const good = { prompt: "How do I sleep?", response: "Tell me about your evenings." };
    const bad: [string | Buffer, string][] = [
      ["{broken", "json.syntax"],
      ['{"prompt":NaN}', "json.nan"],
      [`${"[".repeat(70)}${"]".repeat(70)}`, "json.depth"],
      ["7", "json.not_object"],
      [Buffer.from([0x22, 0xff, 0xfe, 0x22]), "text.encoding"],
      [`{"a":"${"x".repeat(2000)}"}`, "record.too_large"],
      ['{"colour":"blue"}', "shape.unknown"],
      ['{"messages":[{"role":"wizard","content":"x"}]}', "roles.unknown"],
      ['{"prompt":"x","response":"  "}', "turns.empty"],
      ['{"messages":[]}', "turns.none"],
      ['{"messages":[{"role":"assistant","content":"x"}]}', "turns.no_user"],
      ['{"messages":[{"role":"user","content":"x"}]}', "turns.no_reply"],
      ['{"cut', "json.cut"],
    ];
    const parts = [
      Buffer.from(`${JSON.stringify(good)}\n\n`),
      ...bad.map(([text], index) =>
        Buffer.concat([Buffer.from(text), Buffer.from(index < bad.length - 1 ? "\n" : "")]),
      ),
    ];
    const file = Buffer.concat(parts);
    const folder = scratch({
      "training-ready.yaml": configOf([source("a.jsonl")], { max_item_bytes: 1024 }),
      "a.jsonl": file,
    });
    const { code, out } = await runIn(folder, "data", "build", "--out", "out", "--json");
    expect(code).toBe(1);
    const document = JSON.parse(out) as { error: { code: string; hint: string } };
    expect(document.error.code).toBe("E_DATA_QUARANTINE");
    expectWhole(join(folder, "out"));
    const rows = readSidecar(join(folder, "out"), "quarantine").map((row) => [
      file.subarray(row.offset, row.offset + row.length).toString("latin1"),
      row.code,
    ]);
    expect(rows).toEqual(bad.map(([text, code]) => [Buffer.from(text).toString("latin1"), code]));
    expect(readDataSet(join(folder, "out"))).toHaveLength(1);
  });

  it.each([
    ["no source", configOf([]), {}, "E_DATA_NO_SOURCE"],
    ["a missing file", configOf([source("a.csv")]), {}, "E_DATA_SOURCE_MISSING"],
    ["a folder", configOf([source("sub")]), { "sub/x": "" }, "E_DATA_SOURCE_MISSING"],
    ["an empty file", configOf([source("a.csv")]), { "a.csv": "" }, "E_DATA_SOURCE_EMPTY"],
    [
      "a header without rows",
      configOf([source("a.csv")]),
      { "a.csv": "prompt,response\n" },
      "E_DATA_SOURCE_EMPTY",
    ],
    ["an empty list", configOf([source("a.json")]), { "a.json": "[]" }, "E_DATA_SOURCE_EMPTY"],
    ["blank lines only", configOf([source("a.jsonl")]), { "a.jsonl": "\n \n" }, "E_DATA_SOURCE_EMPTY"],
    [
      "UTF-16",
      configOf([source("a.csv")]),
      { "a.csv": Buffer.from("\ufeffa,b\n", "utf16le") },
      "E_DATA_SOURCE_FORMAT",
    ],
    ["an unknown scheme", configOf([source("gopher://x/y", { name: "x" })]), {}, "E_DATA_SOURCE_MISSING"],
    ["a source without licence", '{"data":{"sources":[{"name":"a","uri":"a.csv"}]}}', {}, "E_CONFIG"],
    ["an unknown key", '{"data":{"sauces":[]}}', {}, "E_CONFIG"],
    ["two sources of one name", configOf([source("a.csv"), source("a.csv")]), { "a.csv": "x" }, "E_CONFIG"],
  ])("refuses %s with exit 1 and a hint, and writes nothing", async (_, config, files, errorCode) => {
    const folder = scratch({ "training-ready.yaml": config, ...files });
    const { code, out } = await runIn(folder, "data", "build", "--out", "out", "--json");
    const { error } = JSON.parse(out) as { error: { code: string; hint: string } };
    expect({ code, error: error.code }).toEqual({ code: 1, error: errorCode });
    expect(error.hint.length).toBeGreaterThan(10);
    expect(readdirSync(folder)).not.toContain("out");
  });

  it("keeps what precedes a cut in a packed file as records, and the cut as one item", async () => {
    const packed = gzipSync(jsonl(syntheticPairs(500, 1)));
    const folder = scratch({
      "training-ready.yaml": configOf([source("a.jsonl.gz", { name: "a" })]),
      "a.jsonl.gz": packed.subarray(0, packed.length * 0.7),
    });
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    const manifest = readManifest(join(folder, "out"));
    expect(manifest.quarantined).toEqual({ "gzip.cut": 1 });
    expect(manifest.conservation.read).toBeGreaterThan(100);
  });

  it("does not touch a folder that holds something else", async () => {
    const folder = scratch({
      "training-ready.yaml": configOf([source("a.jsonl")]),
      "a.jsonl": jsonl(syntheticPairs(5, 1)),
      "out/train/mine.txt": "mine",
    });
    const { code, err } = await runIn(folder, "data", "build", "--out", "out");
    expect(code).toBe(2);
    expect(err).toContain("E_DATA_OUT");
    expect(readFileSync(join(folder, "out/train/mine.txt"), "utf8")).toBe("mine");
  });

  it("replaces an earlier data set whole", async () => {
    const folder = scratch({
      "training-ready.yaml": configOf([source("a.jsonl")]),
      "a.jsonl": jsonl([{ x: 1 }, ...syntheticPairs(50, 1)]),
    });
    await runIn(folder, "data", "build", "--out", "out");
    expect(readdirSync(join(folder, "out"))).toContain("quarantine");
    writeFileSync(join(folder, "a.jsonl"), jsonl(syntheticPairs(3, 2)));
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    expect(readdirSync(join(folder, "out")).sort()).toEqual([
      "MASTER_STAGE_MANIFEST.json",
      "MASTER_stage1_foundation.jsonl",
      "README.md",
      "manifest.json",
      "run.json",
      "train",
    ]);
    expectWhole(join(folder, "out"));
  });
});

describe("data status", () => {
  it("says which file of a data set was changed, and that a manifest is not its own", async () => {
    const folder = scratch({
      "training-ready.yaml": configOf([source("a.jsonl")]),
      "a.jsonl": jsonl(syntheticPairs(50, 1)),
    });
    await runIn(folder, "data", "build", "--out", "out");
    expect((await runIn(folder, "data", "status", "--out", "out")).code).toBe(0);
    const manifestFile = join(folder, "out/manifest.json");
    const shard = readManifest(join(folder, "out")).splits["train"]?.shards[0]?.path as string;
    writeFileSync(
      join(folder, "out", shard),
      readFileSync(join(folder, "out", shard), "utf8").replace("a", "b"),
    );
    const changed = await runIn(folder, "data", "status", "--out", "out", "--json");
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.out)).toMatchObject({ ok: false, rootMatches: true, changed: [shard] });
    writeFileSync(manifestFile, readFileSync(manifestFile, "utf8").replace('"written": 5', '"written": 6'));
    expect(JSON.parse((await runIn(folder, "data", "status", "--out", "out", "--json")).out)).toMatchObject({
      rootMatches: false,
    });
    rmSync(manifestFile);
    expect((await runIn(folder, "data", "status", "--out", "out")).err).toContain("E_FILE_MISSING");
  });
});
