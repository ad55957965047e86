import { describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../shared/index.ts";
import { copiesIn, orderText, repeated, stageOrder, type StageInput } from "./order.ts";
import { isSelected, type DocumentLine } from "./documents.ts";
import { loadRecipe } from "./recipe.ts";

const line = (index: number, more: Partial<DocumentLine> = {}): DocumentLine => ({
  offset: index * 40,
  length: 40,
  supervised: 10,
  domain: "psychology",
  id: `d${index}`,
  stage: null,
  source: "s",
  labels: {},
  ...more,
});
const input = (more: Partial<StageInput> = {}): StageInput => ({
  name: "train",
  epochs: 2,
  tokensPerStep: 200,
  weights: [],
  validation: [],
  train: Array.from({ length: 20 }, (_, index) => line(index)),
  ...more,
});
const options = { seed: 1, length: 100, dataRoot: "root" };

describe("stageOrder", () => {
  it("counts each step's real and supervised tokens, and the rows that no step takes", () => {
    const order = stageOrder(input({ epochs: 1.05 }), options);
    expect(order.rows.length).toBe(11);
    expect(order.steps).toHaveLength(5);
    expect(order.steps[0]).toEqual({ first: 0, count: 2, tokens: 160, supervised: 40 });
    expect(order.droppedRows).toBe(1);
    expect(order.fill).toBe(0.8);
  });

  it("changes with each of its inputs and with nothing else", () => {
    const text = JSON.stringify(stageOrder(input(), options));
    expect(JSON.stringify(stageOrder(input(), options))).toBe(text);
    for (const other of [{ seed: 2 }, { length: 120 }, { dataRoot: "other" }])
      expect(JSON.stringify(stageOrder(input(), { ...options, ...other }))).not.toBe(text);
  });

  it("uses another order in the second epoch", () => {
    const { rows } = stageOrder(input(), options);
    expect(rows.slice(0, 10)).not.toEqual(rows.slice(10));
    expect(new Set(rows.slice(10).flat())).toEqual(new Set(rows.slice(0, 10).flat()));
  });

  it("refuses less than one step and names what would fit", () => {
    expect(() => stageOrder(input({ tokensPerStep: 5000 }), options)).toThrow(
      /20 documents fill 20 rows of 100 tokens, a step takes 50/,
    );
  });

  it("refuses a selector that matches nothing", () => {
    expect(() => stageOrder(input({ select: { source: ["absent"] } }), options)).toThrow(
      /matches no conversation/,
    );
  });
});

describe("copiesIn", () => {
  it("adds up to weight times epochs, within one", () => {
    for (const weight of [0.5, 1, 1.3, 2.25]) {
      const total = Array.from({ length: 8 }, (_, n) => copiesIn(n + 1, weight, 7, "id")).reduce(
        (a, b) => a + b,
        0,
      );
      expect(Math.abs(total - 8 * weight)).toBeLessThan(1);
    }
  });
});

describe("isSelected", () => {
  it("needs every key and any value of it, lists included", () => {
    const one = line(0, { stage: "x", labels: { components: ["a", "b"] } });
    expect(isSelected(one, { stage: ["x", "y"], labels: { components: ["b"] } })).toBe(true);
    expect(isSelected(one, { stage: ["y"], labels: { components: ["b"] } })).toBe(false);
    expect(isSelected(one, { labels: { components: ["c"] } })).toBe(false);
    expect(isSelected(line(0, { labels: { components: "a b" } }), { labels: { components: ["b"] } })).toBe(
      true,
    );
  });
});

describe("the recipe enhanced", () => {
  // The fields that a built data set has: labels are words behind each other in one string.
  const names = [
    "",
    "journaling_system",
    "voice_blending edge_case_handling",
    "bias_detection",
    "dual_persona_dynamics",
    "psychology_knowledge_base",
  ];
  const train = names.flatMap((components, group) =>
    Array.from({ length: 40 }, (_, index) => ({
      offset: 0,
      length: 10,
      supervised: 5,
      domain: "psychology",
      id: `${group}-${index}`,
      stage: "stage1_foundation",
      source: "s",
      labels: { components, quality: 1 },
    })),
  );

  it("repeats conversations by their largest component's weight over the epochs", () => {
    const { weights } = loadRecipe("enhanced");
    const copies = [1, 2, 3, 4].flatMap((epoch) => repeated(train, weights, 7, epoch));
    const perEpoch = names.map(
      (_, group) => copies.filter((one) => one.id.startsWith(`${group}-`)).length / 160,
    );
    [1, 1, 1.5, 1.3, 1.1, 1].forEach((wanted, group) => expect(perEpoch[group]).toBeCloseTo(wanted, 1));
  });

  it("refuses data that lacks a component that it weighs", () => {
    const lacking = train.filter((one) => one.labels.components !== "bias_detection");
    const weights = loadRecipe("enhanced").weights;
    const lacked = { name: "train", epochs: 1, tokensPerStep: 100, weights, train: lacking, validation: [] };
    const settings = { seed: 1, length: 50, dataRoot: "x" };
    expect(() => stageOrder(lacked, settings)).toThrow(
      expect.objectContaining({
        code: "E_TRAIN_COMPONENTS",
        exitCode: 1,
        message:
          "stage train weighs what none of 200 conversations has: components bias_detection. There: components journaling_system 40, components voice_blending 40, components edge_case_handling 40, components dual_persona_dynamics 40, components psychology_knowledge_base 40",
        hint: expect.stringMatching(
          /enrich, component: bias_detection.*data generate.*data modalities.*unmatched_weights=leave_out/,
        ) as string,
      }),
    );
    const made = stageOrder({ ...lacked, unmatched: "leave_out" }, settings);
    const copies = made.rows.flat().map((document) => lacking[document]?.labels.components);
    expect(copies.filter((one) => one === "dual_persona_dynamics").length).toBeGreaterThan(40);
  });
});

describe("orderText", () => {
  it("carries the hash of the rest in RFC 8785 form", () => {
    const order = { version: 1 as const, ...options, stages: [stageOrder(input(), options)] };
    expect((JSON.parse(orderText(order)) as { sha256: string }).sha256).toBe(sha256(canonicalJson(order)));
  });
});
