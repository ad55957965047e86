import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { generateData, loadMaterial, type GenerateResult } from "../../src/data/index.ts";
import { dataConfigSchema, type GenerateConfig } from "../../src/home/data-config.ts";
import { drain } from "../../src/shared/index.ts";
import { readDataSet, runIn, runWith, scratch } from "./run-data.ts";
import { syntheticPairs } from "./synthetic.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** The mock service in its own process; faults by the number of the request. */
async function startModel(
  folder: string,
  faults = "",
  key = "",
): Promise<{ url: string; log: () => string[] }> {
  const log = join(folder, "requests.log");
  rmSync(log, { force: true });
  const child = spawn(process.execPath, [join(import.meta.dirname, "mock-model.mjs")], {
    env: { ...process.env, FAULTS: faults, LOG: log, KEY: key },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return {
    url: `http://127.0.0.1:${String(port).trim()}/v1`,
    log: () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []),
  };
}

const tasks = {
  cbt: { name: "cbt", kind: "modality", modality: "cbt", count: 4 },
  personas: { name: "personas", kind: "dual-persona", count: 2 },
  edges: { name: "edges", kind: "edge-case", count: 4 },
  sessions: { name: "sessions", kind: "session", count: 2, exchanges: 3 },
  knowledge: { name: "knowledge", kind: "knowledge", count: 3 },
};
type Line = { messages: { role: string }[] } & Record<string, unknown>;

function configFor(endpoint: string, list: readonly object[], more: object = {}): GenerateConfig {
  const generate = { endpoint, model: "mock-7b", licence: "CC0-1.0", concurrency: 3, ...more, tasks: list };
  return dataConfigSchema.parse({ generate }).generate as GenerateConfig;
}

async function run(folder: string, config: GenerateConfig): Promise<GenerateResult> {
  const materialOf = await loadMaterial(
    config,
    { pii: { scrub: true }, seed: "s" },
    {
      folder,
      out: folder,
    },
  );
  const endpoint = { attempts: 4, firstWaitMs: 1 };
  return await drain(generateData({ config, seed: "s", folder: join(folder, "g"), materialOf, endpoint }));
}

const linesOf = (folder: string, name: string): Line[] =>
  readFileSync(join(folder, "g", `${name}.jsonl`), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

describe("generation against a service", () => {
  it("makes every kind, each line saying that it is synthetic, by what and from which prompt", async () => {
    const folder = scratch({});
    const { url, log } = await startModel(folder);
    const result = await run(folder, configFor(url, Object.values(tasks)));
    expect(result.tasks.map(({ task, written, invalid }) => [task, written, invalid])).toEqual(
      Object.values(tasks).map(({ name, count }) => [name, count, 0]),
    );
    expect(result.calls).toBe(4 + 2 + 4 + 2 * 6 + 3);
    expect(log()).toHaveLength(result.calls);
    for (const { name } of Object.values(tasks))
      for (const line of linesOf(folder, name)) {
        expect(line).toMatchObject({ synthetic: true, generator: "mock-7b", task: name });
        expect(line["prompt_sha256"]).toMatch(/^[0-9a-f]{64}$/);
        expect(line.messages[0]?.role).toBe("user");
        expect(line.messages.at(-1)?.role).toBe("assistant");
      }
    expect(linesOf(folder, "sessions")[0]?.messages).toHaveLength(6);
    expect(linesOf(folder, "edges")[0]).toMatchObject({ components: ["edge_case_handling"] });
  });

  it("asks nothing twice: the second run reads the store and writes the same bytes", async () => {
    const folder = scratch({});
    const { url, log } = await startModel(folder);
    const config = configFor(url, [tasks.cbt, tasks.sessions]);
    await run(folder, config);
    const files = ["cbt.jsonl", "sessions.jsonl"].map((name) =>
      readFileSync(join(folder, "g", name), "utf8"),
    );
    const asked = log().length;
    const again = await run(folder, { ...config, concurrency: 1 });
    expect(again).toMatchObject({ calls: 0, fromStore: asked });
    expect(log()).toHaveLength(asked);
    expect(
      ["cbt.jsonl", "sessions.jsonl"].map((name) => readFileSync(join(folder, "g", name), "utf8")),
    ).toEqual(files);
  });

  it.each(["429,429,good", "500,503,good", "cut,drop,good", "hang,good"])(
    "comes through %s",
    async (faults) => {
      const folder = scratch({});
      const { url, log } = await startModel(folder, faults);
      const config = configFor(url, [{ ...tasks.cbt, count: 1 }], { timeout_s: 0.5 });
      expect(await run(folder, config)).toMatchObject({ calls: 1, tasks: [{ written: 1, refused: {} }] });
      expect(log()).toHaveLength(faults.split(",").length);
    },
  );

  it.each([
    ["junk", "answer.no_json"],
    ["refuse", "answer.refused"],
    ["length", "answer.cut"],
    ["leak", "answer.leaks_prompt"],
    ["swapped", "answer.roles"],
    ["unsafe", "answer.unsafe"],
  ])("takes the next sample after %s (%s), and gives up after three", async (fault, code) => {
    const folder = scratch({});
    const { url } = await startModel(folder, fault);
    const config = configFor(url, [{ ...tasks.cbt, count: 1 }]);
    expect((await run(folder, config)).tasks[0]).toMatchObject({
      written: 1,
      invalid: 0,
      refused: { [code]: 1 },
    });
    const other = scratch({});
    const bad = await startModel(other, [fault, fault, fault].join(","));
    const result = await run(other, configFor(bad.url, [{ ...tasks.cbt, count: 1 }]));
    expect(result.tasks[0]).toMatchObject({ written: 0, invalid: 1, refused: { [code]: 3 } });
    expect(readFileSync(join(other, "g/cbt.failed.jsonl"), "utf8")).toContain("generate.invalid");
  });

  it("lets a near copy give way to the next sample", async () => {
    const folder = scratch({});
    const { url } = await startModel(folder, "same,same");
    const config = configFor(url, [{ ...tasks.edges, count: 2 }], { concurrency: 1 });
    const { tasks: found, calls } = await run(folder, config);
    expect(found[0]).toMatchObject({ written: 2, refused: { "answer.near_copy": 1 } });
    expect(calls).toBe(3);
  });

  it("keeps what came when the service fails for good, and goes on from there", async () => {
    const folder = scratch({});
    const dying = await startModel(folder, "good,good,500,500,500,500,500,500,500,500");
    const config = configFor(dying.url, [tasks.cbt], { concurrency: 1 });
    await expect(run(folder, config)).rejects.toMatchObject({ code: "E_GENERATE_ENDPOINT" });
    const healthy = await startModel(folder);
    const result = await run(folder, { ...config, endpoint: healthy.url });
    expect(result).toMatchObject({ calls: 2, fromStore: 2, tasks: [{ written: 4 }] });
  });

  it("stops in good order when the budget is spent", async () => {
    const folder = scratch({});
    const { url, log } = await startModel(folder);
    const config = configFor(url, [tasks.cbt], { concurrency: 1, max_tokens: 100, budget: { tokens: 500 } });
    const result = await run(folder, config);
    expect(result.stopped).toBe("budget");
    expect(result.inputTokens + result.outputTokens).toBeLessThanOrEqual(500);
    expect(result.tasks[0]?.written).toBe(log().length);
    expect(result.tasks[0]?.left).toBeGreaterThan(0);
    expect((await run(folder, configFor(url, [tasks.cbt], { max_tokens: 100 }))).tasks[0]?.written).toBe(4);
  });

  it("refuses a damaged answer", async () => {
    const folder = scratch({});
    const { url } = await startModel(folder);
    const config = configFor(url, [{ ...tasks.cbt, count: 1 }]);
    await run(folder, config);
    const file = readdirSync(join(folder, "g/answers"), { recursive: true, encoding: "utf8" }).find((path) =>
      path.endsWith(".json"),
    ) as string;
    const path = join(folder, "g/answers", file);
    writeFileSync(path, readFileSync(path, "utf8").replace("stop", "stip"));
    await expect(run(folder, config)).rejects.toMatchObject({ code: "E_GENERATE_ANSWERS" });
  });
});

describe("data generate", () => {
  const home = (generate: object | undefined, more: object = {}): string =>
    JSON.stringify({ data: { exports: [], ...more, ...(generate === undefined ? {} : { generate }) } });

  it("says the cost first, asks, needs its key, and its files build into a data set", async () => {
    const folder = scratch({});
    const { url, log } = await startModel(folder, "", "secret-key");
    const generate = {
      endpoint: url,
      model: "mock-7b",
      licence: "CC0-1.0",
      key_env: "MOCK_KEY",
      price: { input: 1, output: 2 },
      tasks: [{ ...tasks.cbt, count: 3 }, tasks.knowledge],
    };
    writeFileSync(join(folder, "training-ready.yaml"), home(generate));
    const dry = await runIn(folder, "data", "generate", "--dry-run", "--json");
    const { estimates } = JSON.parse(dry.out) as { estimates: { calls: number; cost: number }[] };
    expect(estimates.map(({ calls }) => calls)).toEqual([3, 3]);
    expect(estimates.every(({ cost }) => cost > 0)).toBe(true);
    expect((await runIn(folder, "data", "generate")).err).toContain("E_NEEDS_YES");
    expect((await runIn(folder, "data", "generate", "--yes")).err).toContain("MOCK_KEY");
    expect(log()).toEqual([]);
    const wrong = await runWith({ MOCK_KEY: "other" }, folder, "data", "generate", "--yes");
    expect({ code: wrong.code, said: wrong.err.includes("401"), leaks: wrong.err.includes("other") }).toEqual(
      {
        code: 2,
        said: true,
        leaks: false,
      },
    );
    const made = await runWith({ MOCK_KEY: "secret-key" }, folder, "data", "generate", "--yes");
    expect(made.code).toBe(0);
    expect(made.out).toContain("- { name: cbt, uri: data/generated/cbt.jsonl");
    const sources = ["cbt", "knowledge"].map((name) => ({
      name,
      uri: `data/generated/${name}.jsonl`,
      licence: "CC0-1.0",
    }));
    writeFileSync(join(folder, "training-ready.yaml"), home(generate, { sources }));
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    const records = readDataSet(join(folder, "out")) as unknown as {
      provenance: { generator: string };
      extra: string;
    }[];
    expect(records).toHaveLength(6);
    for (const { provenance, extra } of records) {
      expect(provenance.generator).toBe("mock-7b");
      expect((JSON.parse(extra) as { prompt_sha256: string }).prompt_sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("enriches records of a built data set, and keeps parent and child in one split", async () => {
    const rows = syntheticPairs(60, 5).map(({ prompt, response }) => ({ prompt, response }));
    const folder = scratch({ "own.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join("") });
    const { url } = await startModel(folder);
    const own = { name: "own", uri: "own.jsonl", licence: "MIT" };
    const generate = {
      endpoint: url,
      model: "mock-7b",
      licence: "CC0-1.0",
      tasks: [{ name: "journal", kind: "enrich", component: "journaling_system", count: 30 }],
    };
    writeFileSync(join(folder, "training-ready.yaml"), home(generate, { sources: [own] }));
    expect((await runIn(folder, "data", "generate", "--yes", "--out", "out")).err).toContain("E_");
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    expect((await runIn(folder, "data", "generate", "--yes", "--out", "out")).code).toBe(0);
    const made = { name: "journal", uri: "data/generated/journal.jsonl", licence: "CC0-1.0" };
    writeFileSync(join(folder, "training-ready.yaml"), home(generate, { sources: [own, made] }));
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    const records = readDataSet(join(folder, "out")) as unknown as {
      id: string;
      split: string;
      source: string;
      labels: { components: string };
      provenance: { parents: string[] };
    }[];
    const splitOf = new Map(records.map(({ id, split }) => [id, split]));
    const children = records.filter(({ source }) => source === "journal");
    expect(children).toHaveLength(30);
    for (const { split, provenance, labels } of children) {
      expect(labels.components).toContain("journaling_system");
      expect(splitOf.get(provenance.parents[0] as string)).toBe(split);
    }
    expect(new Set(children.map(({ split }) => split)).size).toBeGreaterThan(1);
  });

  it("works offline only where templates are allowed, and says that they are templates", async () => {
    const generate = {
      endpoint: "http://127.0.0.1:9/v1",
      model: "none",
      licence: "none",
      tasks: [
        { ...tasks.cbt, count: 5 },
        { ...tasks.personas, count: 3 },
        tasks.edges,
        tasks.sessions,
        tasks.knowledge,
      ],
    };
    const folder = scratch({ "training-ready.yaml": home(generate) });
    expect((await runIn(folder, "data", "generate", "--offline", "--yes")).err).toContain(
      "E_GENERATE_CONFIG",
    );
    const sources = ["cbt", "personas", "edges", "sessions", "knowledge"].map((name) => ({
      name,
      uri: `data/generated/${name}.jsonl`,
      licence: "CC0-1.0",
    }));
    writeFileSync(join(folder, "training-ready.yaml"), home(generate, { offline_templates: true, sources }));
    expect((await runIn(folder, "data", "generate", "--offline", "--yes")).code).toBe(0);
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    const records = readDataSet(join(folder, "out")) as unknown as {
      source: string;
      stage: string;
      labels: Record<string, string>;
      provenance: { generator: string };
    }[];
    expect(records.length).toBeGreaterThan(10);
    expect(new Set(records.map(({ provenance }) => provenance.generator))).toEqual(new Set(["template"]));
    const labelsOf = (source: string) =>
      records.filter((one) => one.source === source).map(({ labels }) => labels);
    expect(
      labelsOf("personas").every(({ components }) => components?.includes("dual_persona_dynamics")),
    ).toBe(true);
    expect(labelsOf("edges").every(({ components }) => components?.includes("edge_case_handling"))).toBe(
      true,
    );
    expect(labelsOf("knowledge").every(({ domain }) => domain === "psychology")).toBe(true);
  });
});
