import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configOf, readDataSet, readManifest, readSidecar, runIn, scratch } from "./run-data.ts";
import { generator, sentence } from "./synthetic.ts";

const random = generator(5);
const text = (count: number): string => sentence(random, count).join(" ");
const rows = Array.from({ length: 60 }, (_, index) => ({
  prompt: text(15),
  response: text(30),
  client_id: `client-${index % 6}`,
}));
const jsonl = (all: readonly unknown[]): string => all.map((row) => `${JSON.stringify(row)}\n`).join("");
const home = () =>
  scratch({
    "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }], {
      quarantine: { max_share: 0.2 },
    }),
    "a.jsonl": jsonl([...rows, rows[3]]) + "{broken\n",
  });
const json = async (folder: string, ...words: string[]) => {
  const { code, out, err } = await runIn(folder, "data", ...words, "--json");
  return { code, err, document: JSON.parse(out) as Record<string, unknown> };
};

describe("the phases", () => {
  it("each say what they did, and building uses what was processed", async () => {
    const folder = home();
    const acquired = await json(folder, "acquire");
    expect(acquired.document["sources"]).toMatchObject([
      { name: "a", format: "jsonl", licence: "MIT", units: 1 },
    ]);
    expect((await json(folder, "process")).document["sources"]).toEqual([
      { name: "a", records: 61, quarantined: 1, setAside: 0 },
    ]);
    const labels = (await json(folder, "modalities")).document["labels"] as {
      modality: Record<string, number>;
    };
    expect(Object.keys(labels.modality)).toEqual(["cbt", "dbt", "act", "emdr"]);
    expect((await json(folder, "synthesize", "--out", "one")).code).toBe(0);
    expect((await json(folder, "build", "--out", "two")).code).toBe(0);
    expect(readManifest(join(folder, "one")).root).toBe(readManifest(join(folder, "two")).root);
  });

  it("refuse an engine that is not there", async () => {
    const { code, err } = await runIn(home(), "data", "build", "--engine", "bullmq");
    expect({ code, said: err.includes("E_CLI_ARGUMENT") }).toEqual({ code: 2, said: true });
  });
});

describe("data build --sample", () => {
  it("reads so many items of each source and says so in the manifest", async () => {
    const folder = home();
    expect((await json(folder, "build", "--out", "out", "--sample", "10")).code).toBe(0);
    const manifest = readManifest(join(folder, "out")) as ReturnType<typeof readManifest> & {
      sample: number;
    };
    expect([manifest.sample, manifest.conservation.read]).toEqual([10, 10]);
  });
});

describe("data inspect", () => {
  it("shows a record with its place and what yielded to it, and reads quarantined bytes again", async () => {
    const folder = home();
    await json(folder, "build", "--out", "out");
    const [dropped] = readSidecar(join(folder, "out"), "dropped") as unknown as [
      { kept: string; offset: number },
    ];
    const { document } = await json(folder, "inspect", dropped.kept.slice(0, 16), "--out", "out");
    expect(document["records"]).toMatchObject([
      { record: { id: dropped.kept }, dropped: [{ reason: "exact", offset: dropped.offset }] },
    ]);
    const quarantine = (await json(folder, "inspect", "--quarantine", "--text", "--out", "out")).document[
      "quarantine"
    ];
    expect(quarantine).toMatchObject([{ code: "json.syntax", text: "{broken" }]);
    expect((await json(folder, "inspect", "zzzz", "--out", "out")).code).toBe(1);
    expect((await runIn(folder, "data", "inspect", "--dropped", "--out", "out")).out).toContain(
      "exact, kept",
    );
  });
});

describe("data forget", () => {
  it("takes a client out now and in later builds elsewhere; nothing else changes", async () => {
    const folder = home();
    await json(folder, "build", "--out", "out");
    const before = readDataSet(join(folder, "out"));
    const refused = await runIn(folder, "data", "forget", "client-2", "--out", "out");
    expect({ code: refused.code, said: refused.err.includes("E_NEEDS_YES") }).toEqual({
      code: 2,
      said: true,
    });
    expect(await json(folder, "forget", "client-2", "--out", "out", "--yes")).toMatchObject({ code: 0 });
    const nobody = scratch({
      "a.jsonl": JSON.stringify(rows[0]),
      "training-ready.yaml": configOf([{ name: "a", uri: "a.jsonl", licence: "MIT" }]),
    });
    const unknown = await runIn(nobody, "data", "forget", "client-22", "--out", "out", "--yes");
    expect(unknown.err).toContain("no item of that client was found");
    expect((await json(folder, "build", "--out", "other")).code).toBe(0);
    const groupOf = new Map(before.map(({ id, provenance }) => [id, provenance.group["client"]]));
    const texts = rows.filter(({ client_id }) => client_id === "client-2").map(({ response }) => response);
    expect(texts.length).toBe(10);
    for (const out of ["out", "other"]) {
      const after = readDataSet(join(folder, out));
      expect(after).toHaveLength(before.length - 10);
      expect(after.every(({ id }) => groupOf.has(id))).toBe(true);
      expect(new Set(after.map(({ id }) => groupOf.get(id))).size).toBe(5);
      expect(readManifest(join(folder, out)).conservation.notSelected).toBe(10);
    }
    let files = 0;
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const file = join(folder, path);
      if (!statSync(file).isFile() || path === "a.jsonl") continue;
      files++;
      const content = readFileSync(file, "utf8");
      expect({
        path,
        found: texts.some((one) => content.includes(one)) || content.includes("client-2"),
      }).toEqual({ path, found: false });
    }
    expect(files).toBeGreaterThan(5);
  });
});

describe("concepts", () => {
  const concepts = [
    {
      id: "c1",
      title: "Grounding",
      content: "A way to come back to the present.",
      category: "skill",
      related_concepts: ["c2"],
    },
    { concept_id: "c2", name: "Reframing", definition: "To see it in another light.", type: "skill" },
  ];
  const files = (more: Record<string, unknown>) => ({
    "training-ready.yaml": configOf(
      [
        { name: "k", uri: "k.json", licence: "MIT" },
        { name: "a", uri: "a.jsonl", licence: "MIT" },
      ],
      more,
    ),
    "k.json": JSON.stringify({ version: 2, concepts }),
    "a.jsonl": jsonl(rows),
  });
  it("are no conversations: they are folded into concepts.jsonl and counted as not selected", async () => {
    const folder = scratch(files({}));
    expect((await json(folder, "build", "--out", "out")).code).toBe(0);
    expect(readManifest(join(folder, "out")).conservation).toMatchObject({
      read: 62,
      notSelected: 2,
      quarantined: 0,
    });
    const lines = readFileSync(join(folder, "out/concepts.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { id: string; title: string }).title)).toEqual([
      "Grounding",
      "Reframing",
    ]);
  });
  it("become marked template records where the config asks for them", async () => {
    const folder = scratch(files({ offline_templates: true }));
    expect((await json(folder, "build", "--out", "out")).code).toBe(0);
    const made = readDataSet(join(folder, "out")).filter(({ source }) => source === "k");
    expect(made.map(({ messages }) => messages[0]?.content)).toContain("What is Grounding?");
    for (const { provenance } of made) expect(provenance).toMatchObject({ generator: "template" });
    expect(existsSync(join(folder, "out/concepts.jsonl"))).toBe(false);
  });
});
