import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLeaks, findVerbatim } from "./leak-checker.ts";
import { configOf, readDataSet, readManifest, runWith, scratch } from "./run-data.ts";
import { syntheticPairs, type Pair } from "./synthetic.ts";

/** Every file of a data set but those with the clock. */
const filesOf = (out: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(out, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(out, path)).isFile())
      .filter((path) => path !== "run.json" && path !== "MASTER_STAGE_MANIFEST.json")
      .sort()
      .map((path) => [
        path,
        createHash("sha256")
          .update(readFileSync(join(out, path)))
          .digest("hex"),
      ]),
  );

type Line = Pair | string;
type Source = { name: string; lines: Line[] };
const textOf = (lines: readonly Line[]): string =>
  lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");

function write(folder: string, sources: readonly Source[]): void {
  writeFileSync(
    join(folder, "training-ready.yaml"),
    configOf(
      sources.map(({ name }) => ({ name, uri: `${name}.jsonl`, licence: "MIT" })),
      { unit_bytes: 4096, shard_records: 60, quarantine: { max_share: 0.9 }, pii: { key_file: "key" } },
    ),
  );
  for (const { name, lines } of sources) writeFileSync(join(folder, `${name}.jsonl`), textOf(lines));
}

async function build(folder: string, cache: string, out: string): Promise<void> {
  const { code, err } = await runWith(
    { TRAINING_READY_CACHE: join(folder, cache) },
    folder,
    "data",
    "build",
    "--workers",
    "1",
    "--out",
    out,
  );
  expect(code, err).toBe(0);
}

const pool = syntheticPairs(700, 77);
const part = fc.double({ min: 0, max: 0.999, noNaN: true });
const change = fc.record({
  kind: fc.constantFrom("append", "insert", "delete", "edit", "break", "move", "swap", "source", "drop"),
  at: part,
  from: part,
  count: fc.integer({ min: 1, max: 25 }),
});
type Change = { kind: string; at: number; from: number; count: number };

function apply(sources: Source[], { kind, at, from, count }: Change): void {
  const source = sources[Math.floor(at * sources.length)] as Source;
  const { lines } = source;
  const start = Math.floor(from * (pool.length - count));
  const fresh = pool.slice(start, start + count);
  const place = Math.floor(from * lines.length);
  if (kind === "append") lines.push(...fresh);
  if (kind === "insert") lines.splice(place, 0, ...fresh);
  if (kind === "delete") lines.splice(place, count);
  if (kind === "edit")
    lines.splice(place, 1, { prompt: `edited ${count}`, response: fresh[0]?.response ?? "" });
  if (kind === "break") lines.splice(place, 0, '{"prompt": "cut');
  if (kind === "move") (sources[0] as Source).lines.push(...lines.splice(place, count));
  if (kind === "swap") sources.reverse();
  if (kind === "source") sources.push({ name: `s${sources.length}-${count}`, lines: fresh });
  if (kind === "drop" && sources.length > 1) sources.splice(sources.indexOf(source), 1);
  for (const one of sources) if (one.lines.length === 0) one.lines.push(pool[0] as Pair);
}

describe("a build that goes on from an earlier one", () => {
  it("gives the bytes of a cold build after any changes of its sources, and nothing leaks", async () => {
    let again = 0;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 5 }), async (changes) => {
        const folder = scratch({
          key: pool
            .slice(0, 3)
            .map(({ response }) => response)
            .join(" "),
        });
        const sources: Source[] = [
          { name: "a", lines: pool.slice(0, 150) },
          { name: "b", lines: pool.slice(150, 250) },
        ];
        write(folder, sources);
        await build(folder, "warm", "out");
        for (const one of changes) {
          apply(sources, one);
          write(folder, sources);
          await build(folder, "warm", "out");
          again++;
        }
        await build(folder, "cold", "cold-out");
        expect(filesOf(join(folder, "out"))).toEqual(filesOf(join(folder, "cold-out")));
        const records = readDataSet(join(folder, "out"));
        expect(readManifest(join(folder, "out")).leakage.crossSplit).toBe(0);
        const leaks = findLeaks(records);
        expect(leaks.leaks).toEqual([]);
        compared += leaks.compared;
        expect(findVerbatim(records)).toEqual([]);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: Number(process.env["TRAINING_READY_CHANGES"] ?? 1) },
    );
    expect(again).toBeGreaterThan(3);
    expect(compared).toBeGreaterThan(30);
  }, 600_000);

  it("looks at all rows anew where what the earlier build left is damaged or gone", async () => {
    const folder = scratch({
      key: pool
        .slice(0, 3)
        .map(({ response }) => response)
        .join(" "),
    });
    const sources: Source[] = [{ name: "a", lines: pool.slice(0, 120) }];
    const similar = (): string[] =>
      readdirSync(join(folder, "warm"), { recursive: true, encoding: "utf8" })
        .filter((path) => path.includes("similar/") && path.endsWith(".bin"))
        .map((path) => join(folder, "warm", path));
    write(folder, sources);
    await build(folder, "warm", "out");
    for (const [damaged, spoil] of [
      (path: string) => writeFileSync(path, Buffer.alloc(statSync(path).size, 1)),
      (path: string) => rmSync(path),
    ].entries()) {
      expect(similar().length).toBeGreaterThan(3);
      for (const path of similar()) spoil(path);
      sources[0]?.lines.push(...pool.slice(200 + damaged, 201 + damaged));
      write(folder, sources);
      await build(folder, "warm", "out");
    }
    await build(folder, "cold", "cold-out");
    expect(filesOf(join(folder, "out"))).toEqual(filesOf(join(folder, "cold-out")));
  }, 120_000);
});
