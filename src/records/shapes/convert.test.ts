import { describe, expect, it } from "vitest";
import type { Converted, ShapeOptions } from "../schema.ts";
import { convertItem } from "./convert.ts";

const turns = (value: unknown, options: ShapeOptions = {}): string[] | string => {
  const converted: Converted = convertItem(value, options);
  if (converted.kind === "refused") return converted.code;
  if (converted.kind === "concept") return `concept ${converted.concept.title}`;
  return converted.drafts.flatMap((draft) =>
    draft.messages.map(({ role, content }) => `${role}: ${content}`),
  );
};
const pair = ["user: q", "assistant: a"];

describe("convertItem", () => {
  const shapes: [string, unknown][] = [
    [
      "messages",
      {
        messages: [
          { role: "user", content: "q" },
          { role: "assistant", content: "a" },
        ],
      },
    ],
    [
      "conversation",
      {
        conversation: [
          { role: "client", content: "q" },
          { role: "therapist", content: "a" },
        ],
      },
    ],
    [
      "ShareGPT",
      {
        conversations: [
          { from: "human", value: "q" },
          { from: "gpt", value: "a" },
        ],
      },
    ],
    ["input/output", { input: "q", output: "a" }],
    ["question/answer", { question: "q", answer: "a" }],
    ["Alpaca", { instruction: "q", input: "", output: "a" }],
    ["Context/Response", { Context: "q", Response: "a" }],
    ["questionText/answerText", { questionText: "q", answerText: "a" }],
    ["chain of thought", { context: "q", reasoning: "r", response: "a" }],
    ["marked text", { text: "human: q\ngpt: a" }],
    ["marked text on one line", { text: "human: q gpt: a" }],
    ["bare marked text", "Client: q\nTherapist: a"],
    [
      "edge case",
      { prompt: "q", response: "a", category: "c", difficulty_level: "hard", expected_challenges: ["x"] },
    ],
    [
      "voice pair",
      { turn_1: "q", turn_2: "a", personality: {}, validation: { empathy_turn_1: [{ score: 1 }] } },
    ],
    ["PersonaChat", { personality: [""], utterances: [{ history: ["q"], candidates: ["x", "a"] }] }],
    ["role columns", { client: "q", therapist: "a" }],
    ["pairs of turns", { conversation: [{ human: "q", assistant: "a" }] }],
    [
      "a list as Python prints it",
      { conversation: "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': \"a\"}]" },
    ],
    [
      "messages as JSON in a cell",
      { messages: '[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]' },
    ],
    [
      "a list of turns",
      [
        { role: "user", content: "q" },
        { role: "assistant", content: "a" },
      ],
    ],
    [
      "parts",
      {
        messages: [
          { role: "user", content: [{ type: "text", text: "q" }] },
          { role: "assistant", content: "a" },
        ],
      },
    ],
    ["ChatML text", { text: "<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\na<|im_end|>" }],
  ];
  it.each(shapes)("reads %s with the client asking and the therapist answering", (_, value) => {
    expect(turns(value)).toEqual(pair);
  });

  it("gives a record of each element where a list holds whole records", () => {
    expect(turns({ conversations: [{ text: "human: q\ngpt: a" }, { text: "human: q2\ngpt: a2" }] })).toEqual([
      ...pair,
      "user: q2",
      "assistant: a2",
    ]);
  });

  it("gives dual-persona speakers their roles from what is known of them", () => {
    const said = [
      { speaker: "persona_1", persona: "anxious perfectionist", content: "q" },
      { speaker: "persona_2", persona: "supportive therapist", content: "a" },
    ];
    const record = {
      dialogue_id: "d",
      persona_1: "anxious perfectionist",
      persona_2: "supportive therapist",
    };
    expect(turns({ ...record, conversation: said })).toEqual(pair);
    expect(turns({ ...record, conversation: [...said].reverse() })).toEqual([...pair].reverse());
  });

  it("gives the second of two speakers the other role", () => {
    const list = [
      { speaker: "Sam", content: "q" },
      { speaker: "Dr. Lee", content: "a" },
    ];
    expect(turns({ conversation: list })).toEqual(pair);
  });

  it("refuses speakers of whom nothing is known, unless the config names them", () => {
    const conversation = [
      { speaker: "Sam", content: "q" },
      { speaker: "Kim", content: "a" },
    ];
    expect(turns({ conversation })).toBe("roles.unknown");
    expect(turns({ conversation }, { roles: { Sam: "user", Kim: "assistant" } })).toEqual(pair);
  });

  it("keeps every field that is no turn", () => {
    const converted = convertItem({
      prompt: "q",
      response: "a",
      category: "c",
      __proto__x: 1,
      nested: { a: [1] },
    });
    expect(converted.kind === "drafts" && converted.drafts[0]?.extra).toEqual({
      category: "c",
      __proto__x: 1,
      nested: { a: [1] },
    });
  });

  it("takes a key named __proto__ as a plain key", () => {
    const value: unknown = JSON.parse('{"prompt":"q","response":"a","__proto__":{"polluted":true}}');
    const converted = convertItem(value);
    const extra = converted.kind === "drafts" ? converted.drafts[0]?.extra : undefined;
    expect(JSON.stringify(extra)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("puts title and text together without doubling a title", () => {
    expect(turns({ questionTitle: "T", questionText: "body", answerText: "a" })).toEqual([
      "user: T\n\nbody",
      "assistant: a",
    ]);
    expect(turns({ questionTitle: "T", questionText: "T and more", answerText: "a" })).toEqual([
      "user: T and more",
      "assistant: a",
    ]);
    expect(turns({ questionTitle: "T", questionText: "", answerText: "a" })).toEqual([
      "user: T",
      "assistant: a",
    ]);
  });

  it("adds Alpaca's input, system and history", () => {
    const row = { instruction: "do", input: "this", output: "a", system: "s", history: [["q1", "a1"]] };
    expect(turns(row)).toEqual([
      "system: s",
      "user: q1",
      "assistant: a1",
      "user: do\n\nthis",
      "assistant: a",
    ]);
  });

  it("reads a growing PersonaChat history once, with alternating roles", () => {
    const utterances = [
      { history: ["q1"], candidates: ["x", "a1"] },
      { history: ["q1", "a1", "q2"], candidates: ["y", "a2"] },
    ];
    expect(turns({ personality: [], utterances })).toEqual([
      "user: q1",
      "assistant: a1",
      "user: q2",
      "assistant: a2",
    ]);
  });

  it("takes named fields before detection", () => {
    const fields = { user: "body", assistant: "reply", title: "head" };
    expect(
      turns({ head: "T", body: "q", reply: "a", question: "other", answer: "other" }, { fields }),
    ).toEqual(["user: T\n\nq", "assistant: a"]);
  });

  it.each([
    [{ id: "c1", title: "Grounding", content: "…", category: "skill" }, "concept Grounding"],
    [{ concept_id: "c1", name: "Grounding", definition: "…" }, "concept Grounding"],
    [{ concept: "Grounding", description: "…", related: ["x"] }, "concept Grounding"],
  ])("reads a concept under its other names (%#)", (value, expected) => {
    expect(turns(value)).toBe(expected);
  });

  it.each([
    [42, "json.not_object"],
    [null, "json.not_object"],
    [{}, "shape.unknown"],
    [{ messages: [] }, "turns.none"],
    [{ messages: [{ role: "wizard", content: "x" }] }, "roles.unknown"],
    [{ text: "no marks here" }, "roles.unknown"],
    [{ text: "" }, "turns.none"],
    [{ concept: "x", content: "" }, "shape.concept_incomplete"],
  ])("refuses %j with %s", (value, code) => {
    expect(turns(value)).toBe(code);
  });
});
