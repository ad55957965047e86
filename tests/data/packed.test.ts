import { DuckDBInstance } from "@duckdb/node-api";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, readSidecar, runIn, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const pairs = syntheticPairs(1500, 3).map((pair, index) => ({
  ...pair,
  client_id: pair.client_id ?? null,
  number: index,
}));
const text = pairs.map((pair) => `${JSON.stringify(pair)}\n`).join("");

/** Writes the pairs with another program's writer. */
async function copyTo(folder: string, file: string, how: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const [from, to] = [join(folder, "a.jsonl"), join(folder, file)];
  await connection.run(
    `COPY (SELECT * FROM read_json('${from}', format='newline_delimited')) TO '${to}' (${how})`,
  );
  connection.closeSync();
  instance.closeSync();
}

async function build(folder: string, uri: string, more: Record<string, unknown> = {}) {
  writeFileSync(join(folder, "training-ready.yaml"), configOf([{ name: "a", uri, licence: "MIT" }], more));
  const result = await runIn(folder, "data", "build", "--out", `out-${uri}`);
  return { ...result, out: join(folder, `out-${uri}`) };
}
const ids = (out: string): string[] =>
  readDataSet(out)
    .map(({ id }) => id)
    .sort();

describe("a packed or columnar source", () => {
  it.each([
    ["a.jsonl.zst", "FORMAT json, COMPRESSION zstd"],
    ["a.csv.zst", "FORMAT csv, COMPRESSION zstd, HEADER"],
    ["snappy.parquet", "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048"],
    ["zstd.parquet", "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048"],
    ["gzip.parquet", "FORMAT parquet, COMPRESSION gzip"],
  ])("%s gives the records that the plain lines give", async (file, how) => {
    const folder = scratch({ "a.jsonl": text });
    await copyTo(folder, file, how);
    const plain = await build(folder, "a.jsonl");
    const packed = await build(folder, file);
    expect(packed.code, packed.err).toBe(0);
    expect(readManifest(packed.out).conservation).toMatchObject({ read: pairs.length, quarantined: 0 });
    expect(ids(packed.out)).toEqual(ids(plain.out));
    const number = JSON.parse(readDataSet(packed.out)[0]?.extra ?? "{}") as { number: unknown };
    expect(Number(number.number)).toBeGreaterThanOrEqual(0);
  });

  it("keeps what precedes a cut in a zstd file as records, and the cut as one item", async () => {
    const folder = scratch({ "a.jsonl": text });
    await copyTo(folder, "a.jsonl.zst", "FORMAT json, COMPRESSION zstd");
    const whole = readFileSync(join(folder, "a.jsonl.zst"));
    writeFileSync(join(folder, "a.jsonl.zst"), whole.subarray(0, whole.length * 0.8));
    const { out, code, err } = await build(folder, "a.jsonl.zst");
    expect(code, err).toBe(0);
    expect(readManifest(out).quarantined).toEqual({ "zstd.cut": 1 });
    expect(readManifest(out).conservation.read).toBeGreaterThan(100);
  });

  it("of damaged Parquet rows counts those that cannot be read, and a cut file is refused", async () => {
    const folder = scratch({ "a.jsonl": text });
    await copyTo(folder, "a.parquet", "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048");
    const whole = readFileSync(join(folder, "a.parquet"));
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 40, 4000);
    writeFileSync(join(folder, "damaged.parquet"), damaged);
    const { out, code } = await build(folder, "damaged.parquet", { quarantine: { max_share: 1 } });
    expect(code).toBe(0);
    expect(readManifest(out).quarantined).toEqual({ "parquet.damaged": 1 });
    expect(readSidecar(out, "quarantine")[0]).toMatchObject({ offset: 0, length: pairs.length });
    writeFileSync(join(folder, "cut.parquet"), whole.subarray(0, whole.length * 0.8));
    const cut = await build(folder, "cut.parquet");
    expect({ code: cut.code, said: /E_DATA_SOURCE_FORMAT/.test(cut.err) }).toEqual({ code: 1, said: true });
  });

  it("in groups of rows is cut into units by them, which changes nothing of the data set", async () => {
    const folder = scratch({
      "a.jsonl": Array.from({ length: 3 }, (_, part) =>
        syntheticPairs(1700, part + 1).map((pair) => `${JSON.stringify(pair)}\n`),
      )
        .flat()
        .join(""),
    });
    await copyTo(folder, "a.parquet", "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048");
    const source = { name: "a", uri: "a.parquet", licence: "MIT" };
    const roots = new Set<string>();
    const units: number[] = [];
    for (const unit_bytes of [4096, 1e9]) {
      writeFileSync(join(folder, "training-ready.yaml"), configOf([source], { unit_bytes }));
      const work = `work-${unit_bytes}`;
      const words = ["data", "build", "--out", "out", "--work", work, "--workers", "1"];
      expect(await runIn(folder, ...words)).toMatchObject({ code: 0 });
      const { root, conservation } = readManifest(join(folder, "out"));
      expect(conservation).toMatchObject({ read: 5100, quarantined: 0 });
      roots.add(root);
      const files = readdirSync(join(folder, work), { recursive: true, encoding: "utf8" });
      units.push(files.filter((file) => file.endsWith(".commit.json")).length);
    }
    expect(units).toEqual([3, 1]);
    expect(roots.size).toBe(1);
  }, 60_000);
});
