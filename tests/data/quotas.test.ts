import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, runIn, scratch } from "./run-data.ts";
import { generator, sentence } from "./synthetic.ts";

const random = generator(77);
const rowsOf = (count: number, stage: string) =>
  Array.from({ length: count }, () => ({
    prompt: sentence(random, 12).join(" "),
    response: sentence(random, 30).join(" "),
    stage,
  }));
const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const files = {
  "a.jsonl": jsonl([...rowsOf(120, "stage1_foundation"), ...rowsOf(40, "stage2_therapeutic_expertise")]),
  "b.jsonl": jsonl([...rowsOf(90, "stage1_foundation"), ...rowsOf(71, "stage2_therapeutic_expertise")]),
};
const sources = ["a", "b"].map((name) => ({ name, uri: `${name}.jsonl`, licence: "MIT" }));

async function build(more: Record<string, unknown>) {
  const folder = scratch({ ...files, "training-ready.yaml": configOf(sources, more) });
  const { code, out } = await runIn(folder, "data", "build", "--out", "out", "--json");
  return {
    code,
    document: JSON.parse(out) as { warnings: string[]; error?: { code: string } },
    out: join(folder, "out"),
  };
}

const count = (
  out: string,
  pick: (record: { source: string; stage: string }) => string,
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const record of readDataSet(out)) counts[pick(record)] = (counts[pick(record)] ?? 0) + 1;
  return counts;
};

describe("quotas", () => {
  it("are met exactly on one axis; a short stratum shrinks all, with a warning", async () => {
    const { out, document } = await build({ quotas: { source: { a: 0.7, b: 0.3 } } });
    // 160 of a are 0.7 of 228.57…: of 229 a would need 160.3, which rounds to 160.
    expect(count(out, ({ source }) => source)).toEqual({ a: 160, b: 69 });
    expect(document.warnings[0]).toContain("a is short");
    const { conservation } = readManifest(out);
    expect(conservation).toMatchObject({ read: 321, written: 229, notSelected: 92 });
  });

  it("are met exactly on two axes at once, and in the total that is asked for", async () => {
    const { out } = await build({
      quotas: {
        source: { a: 1, b: 1 },
        stage: { stage1_foundation: 0.55, stage2_therapeutic_expertise: 0.45 },
        total: 200,
      },
    });
    expect(count(out, ({ source }) => source)).toEqual({ a: 100, b: 100 });
    expect(count(out, ({ stage }) => stage)).toEqual({
      stage1_foundation: 110,
      stage2_therapeutic_expertise: 90,
    });
    const quotas = (readManifest(out) as unknown as { quotas: { wanted: number; reached: number }[] }).quotas;
    expect(quotas).toHaveLength(4);
    for (const { wanted, reached } of quotas) expect(reached).toBe(wanted);
  });

  it("are met exactly on three axes at once", async () => {
    const words = ["cognitive behavioral therapy", "dialectical behavior therapy", "a quiet walk"];
    const rows = (count: number, stage: string) =>
      rowsOf(count, stage).map((row, index) => ({ ...row, response: `${row.response} ${words[index % 3]}` }));
    const folder = scratch({
      "a.jsonl": jsonl([...rows(150, "stage1_foundation"), ...rows(60, "stage2_therapeutic_expertise")]),
      "b.jsonl": jsonl([...rows(90, "stage1_foundation"), ...rows(120, "stage2_therapeutic_expertise")]),
      "training-ready.yaml": configOf(sources, {
        quotas: {
          source: { a: 0.55, b: 0.45 },
          stage: { stage1_foundation: 0.5, stage2_therapeutic_expertise: 0.5 },
          modality: { cbt: 0.3, dbt: 0.25, none: 0.45 },
          total: 301,
        },
      }),
    });
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    const out = join(folder, "out");
    expect(count(out, ({ source }) => source)).toEqual({ a: 166, b: 135 });
    expect(count(out, ({ stage }) => stage)).toEqual({
      stage1_foundation: 151,
      stage2_therapeutic_expertise: 150,
    });
    const { quotas } = readManifest(out) as unknown as { quotas: { wanted: number; reached: number }[] };
    expect(quotas.map(({ wanted }) => wanted)).toEqual([151, 150, 166, 135, 90, 75, 136]);
    for (const { wanted, reached } of quotas) expect(reached).toBe(wanted);
  });

  it("are met exactly by component, alone and on four axes at once; a conversation of several counts once", async () => {
    // Fields of a source say which components a conversation has; of two the heavier one counts.
    const kinds = [
      [],
      ["journaling_system"],
      ["voice_blending", "journaling_system"],
      ["edge_case_handling", "bias_detection"],
      ["dual_persona_dynamics"],
      ["bias_detection", "psychology_knowledge_base"],
      ["psychology_knowledge_base"],
    ];
    const heaviest = [
      "edge_case_handling",
      "bias_detection",
      "voice_blending",
      "dual_persona_dynamics",
      "journaling_system",
      "psychology_knowledge_base",
    ];
    const rows = (count: number, stage: string) =>
      rowsOf(count, stage).map((row, index) => ({
        ...row,
        response: `${row.response} ${index % 2 === 0 ? "cognitive behavioral therapy" : "a quiet walk"}`,
        components: kinds[(index >> 1) % 7],
      }));
    const built = async (quotas: Record<string, unknown>) => {
      const folder = scratch({
        "a.jsonl": jsonl([...rows(280, "stage1_foundation"), ...rows(140, "stage2_therapeutic_expertise")]),
        "b.jsonl": jsonl([...rows(140, "stage1_foundation"), ...rows(280, "stage2_therapeutic_expertise")]),
        "training-ready.yaml": configOf(sources, { quotas }),
      });
      const ran = await runIn(folder, "data", "build", "--out", "out", "--json");
      expect(ran).toMatchObject({ code: 0 });
      const out = join(folder, "out");
      const counts: Record<string, number> = {};
      for (const record of readDataSet(out)) {
        const { components } = (record as unknown as { labels: { components: string } }).labels;
        // The risk screen may see an edge case in words that chance put together.
        const name = heaviest.find((one) => components.split(" ").includes(one)) ?? "none";
        counts[name] = (counts[name] ?? 0) + 1;
      }
      const { quotas: told } = readManifest(out) as unknown as {
        quotas: { axis: string; stratum: string; wanted: number; reached: number }[];
      };
      for (const { wanted, reached } of told) expect(reached).toBe(wanted);
      const ofComponent = told.filter(({ axis }) => axis === "component");
      expect(counts).toEqual(Object.fromEntries(ofComponent.map(({ stratum, wanted }) => [stratum, wanted])));
      return counts;
    };
    // 1, 1.2, 1.5, 1.1, 1.3, 1 of 7.1 by largest remainder.
    expect(await built({ component: "preset", total: 355 })).toEqual({
      journaling_system: 50,
      voice_blending: 60,
      edge_case_handling: 75,
      dual_persona_dynamics: 55,
      bias_detection: 65,
      psychology_knowledge_base: 50,
    });
    expect(
      await built({
        source: { a: 0.5, b: 0.5 },
        stage: { stage1_foundation: 0.45, stage2_therapeutic_expertise: 0.55 },
        modality: { cbt: 0.5, none: 0.5 },
        component: { none: 0.4, edge_case_handling: 0.3, voice_blending: 0.3 },
        total: 241,
      }),
    ).toEqual({ none: 97, edge_case_handling: 72, voice_blending: 72 });
  }, 60_000);

  it("refuse components that are unknown or absent, shares of nothing, and axes that leave no record", async () => {
    const refused = async (quotas: Record<string, unknown>) => {
      const { code, document } = await build({ quotas });
      return { code, error: document.error?.code };
    };
    const quota = { code: 1, error: "E_DATA_QUOTA" };
    expect(await refused({ component: { voice_blending: 1 } })).toEqual(quota);
    expect(await refused({ component: { none: 0 } })).toEqual(quota);
    expect((await refused({ component: { voices: 1 } })).error).toMatch(/CONFIG/);
    const apart = {
      "a.jsonl": jsonl(rowsOf(30, "stage1_foundation")),
      "b.jsonl": jsonl(rowsOf(30, "stage2_therapeutic_expertise")),
    };
    const folder = scratch({
      ...apart,
      "training-ready.yaml": configOf(sources, {
        quotas: {
          source: { a: 0.9, b: 0.1 },
          stage: { stage1_foundation: 0.1, stage2_therapeutic_expertise: 0.9 },
        },
      }),
    });
    const ran = await runIn(folder, "data", "build", "--out", "out", "--json");
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: "E_DATA_QUOTA" } });
  }, 60_000);

  it("refuse a stratum without a record", async () => {
    const { code, document } = await build({ quotas: { stage: "preset" } });
    expect({ code, error: document.error?.code }).toEqual({ code: 1, error: "E_DATA_QUOTA" });
  });
});

describe("other forms of the records", () => {
  it("hold the same records: MASTER files train's alone by stage, Alpaca and Parquet each split", async () => {
    const { out } = await build({ exports: ["alpaca", "parquet"], shard_records: 50 });
    const records = readDataSet(out);
    const lines = (path: string) =>
      readFileSync(join(out, path), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { id: string; output: string; instruction: string });
    const sorted = (ids: string[]): string[] => ids.sort((a, b) => (a < b ? -1 : 1));
    for (const stage of ["stage1_foundation", "stage2_therapeutic_expertise"]) {
      const wanted = records
        .filter((one) => one.split === "train" && one.stage === stage)
        .map(({ id }) => id);
      expect(sorted(lines(`MASTER_${stage}.jsonl`).map(({ id }) => id))).toEqual(sorted(wanted));
      const view = JSON.parse(readFileSync(join(out, "MASTER_STAGE_MANIFEST.json"), "utf8")) as {
        stages: Record<string, { samples: number }>;
      };
      expect(view.stages[stage]?.samples).toBe(wanted.length);
    }
    for (const split of ["train", "validation", "test"]) {
      const own = records.filter((one) => one.split === split);
      expect(lines(`alpaca/${split}.jsonl`).map(({ instruction, output }) => [instruction, output])).toEqual(
        own.map(({ messages }) => messages.map(({ content }) => content)),
      );
      expect(existsSync(join(out, `parquet/${split}.parquet`))).toBe(true);
    }
    const run = JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as {
      parquet: { path: string; records: number }[];
    };
    expect(run.parquet.map(({ records: rows }) => rows)).toEqual(
      ["train", "validation", "test"].map((split) => records.filter((one) => one.split === split).length),
    );
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const read = await connection.runAndReadAll(
      `SELECT id, messages FROM '${join(out, "parquet/test.parquet")}'`,
    );
    expect(read.getRowObjectsJson()).toEqual(
      records.filter(({ split }) => split === "test").map(({ id, messages }) => ({ id, messages })),
    );
    connection.closeSync();
    expect(execFileSync("head", ["-c", "4", join(out, "parquet/train.parquet")]).toString()).toBe("PAR1");
  });
});
