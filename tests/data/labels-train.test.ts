import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isSelected, type DocumentLine } from "../../src/training/documents.ts";
import { configOf, readDataSet, runIn, scratch } from "./run-data.ts";

const recipe = (name: string): Record<string, unknown> =>
  parse(readFileSync(join(import.meta.dirname, "../../recipes", `${name}.yaml`), "utf8")) as Record<
    string,
    never
  >;
type Weight = { select: { labels: Record<string, string[]> }; weight: number };
const weights = (
  recipe("enhanced")["weights"] as { select: { labels: Record<string, string> }; weight: number }[]
).map(({ select, weight }): Weight => ({
  select: {
    labels: Object.fromEntries(Object.entries(select.labels).map(([key, value]) => [key, [value].flat()])),
  },
  weight,
}));
const experts = (recipe("moe")["moe"] as { experts: string[] }).experts;

// Made-up records, one a component and domain, in the shapes of the loaders.
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const sources = {
  "edge.jsonl": lines([
    {
      prompt: "I feel unreal and lose hours.",
      response: "Are you safe now?",
      category: "dissociation",
      difficulty_level: "hard",
      expected_challenges: ["x"],
    },
  ]),
  "personas.jsonl": lines([
    {
      dialogue_id: "d1",
      persona_1: "client who doubts",
      persona_2: "therapist who waits",
      conversation: [
        { speaker: "persona_1", persona: "client who doubts", content: "I am not sure about this." },
        { speaker: "persona_2", persona: "therapist who waits", content: "Take the time that you need." },
      ],
      scenario: "trust",
      consistency_score: 0.9,
    },
  ]),
  "voice.json": JSON.stringify([
    {
      turn_1: "I cannot sleep since the move.",
      turn_2: "What keeps you awake at night?",
      personality: {},
      emotions: {},
      validation: {},
      source_url: "",
      transcription_quality: 1,
      naturalness_score: 1,
    },
  ]),
  "plain.jsonl": lines([
    { question: "How do I keep track of my days?", answer: "A journal beside the bed may help you." },
    {
      question: "Was that remark a stereotype about women?",
      answer: "It sounds like prejudice; how did it land?",
    },
    {
      question: "What is attachment theory?",
      answer: "Research shows that closeness in childhood shapes what we expect.",
    },
    { question: "My neighbour is loud at night.", answer: "Have you spoken with him about it?" },
    { question: "I have panic attacks on the bus.", answer: "What happens in your body then?" },
  ]),
};

describe("labels of a built data set", () => {
  it("are those that the recipes read: each component's weight and each expert's domain", async () => {
    const config = Object.keys(sources).map((uri) => ({ name: uri.split(".")[0], uri, licence: "CC0-1.0" }));
    const folder = scratch({ ...sources, "training-ready.yaml": configOf(config) });
    expect((await runIn(folder, "data", "build", "--out", "out")).code).toBe(0);
    const records = readDataSet(join(folder, "out")) as unknown as (DocumentLine & {
      labels: Record<string, string>;
    })[];
    expect(records).toHaveLength(8);
    expect(weights.map(({ weight }) => weight)).toEqual([1, 1.2, 1.5, 1.1, 1.3, 1]);
    for (const { select } of weights)
      expect(
        records.filter((record) => isSelected(record, select)).length,
        JSON.stringify(select),
      ).toBeGreaterThan(0);
    expect(new Set(records.map(({ labels }) => labels["domain"]))).toEqual(new Set(experts));
    // A label of more than 200 characters is dropped by the worker: all six components at once must fit.
    const all = weights.flatMap(({ select }) => select.labels["components"] ?? []).join(" ");
    expect(all.length).toBeLessThanOrEqual(200);
  });
});
