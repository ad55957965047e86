import { describe, expect, it } from "vitest";
import type { Message } from "../../records/index.ts";
import { labelConversation, qualityOf } from "./label.ts";
import { domainRules } from "./domain-rules.data.ts";
import { biasRules, componentRules, modalityRules } from "./lexicon.data.ts";

// Made-up wording; no text of a person.
const talk = (asked: string, replied: string): Message[] => [
  { role: "user", content: asked },
  { role: "assistant", content: replied },
];
const labelsOf = (
  replied: string,
  context: { shape: string; extra: Record<string, unknown> } = { shape: "input-output", extra: {} },
) => labelConversation(talk("What can I do about it?", replied), context);

describe("labelConversation", () => {
  it.each([
    ["Cognitive distortions such as catastrophizing can be tested.", ["cbt"]],
    ["Ask what evidence for it there is, and challenge those thoughts.", ["cbt"]],
    ["Distress tolerance and radical acceptance are skills of DBT.", ["dbt"]],
    ["Notice your thoughts, make room for that feeling, and ask what your values say.", ["act"]],
    ["EMDR uses bilateral stimulation.", ["emdr"]],
    ["We could act on it tomorrow. Acceptance is hard.", []],
    ["Let us talk about your week.", []],
  ])("tags the method of %j", (reply, expected) => {
    expect(labelsOf(reply).modality).toEqual(expected);
  });

  it.each([
    ["You just need to get over it.", ["therapeutic"]],
    ["Stop taking your medication and see.", ["safety"]],
    ["Boys don't cry, you know.", ["demographic"]],
    ["Talk with your doctor before you change medication.", []],
  ])("finds the bias of %j", (reply, expected) => {
    expect(labelsOf(reply).bias).toEqual(expected);
  });

  it("judges what the reply says, not what the client reports", () => {
    expect(
      labelConversation(talk("My father said boys don't cry.", "That sounds painful."), {
        shape: "",
        extra: {},
      }).bias,
    ).toEqual([]);
  });

  it("takes components from words, shape and fields, with evidence for each", () => {
    const { components, evidence } = labelsOf("Keep a journal; avoid stereotypes.", {
      shape: "dual-persona",
      extra: { difficulty_level: "high" },
    });
    expect(components).toEqual([
      "bias_detection",
      "dual_persona_dynamics",
      "edge_case_handling",
      "journaling_system",
    ]);
    for (const component of components) {
      expect(evidence.map(({ label }) => label)).toContain(`component/${component}`);
    }
  });
});

describe("the domain", () => {
  it.each([
    ["I have had panic attacks since the accident.", "Since when?", "mental_health"],
    ["What is classical conditioning?", "Research shows that cues become signals.", "psychology"],
    ["Is my boss biased against me?", "Stereotypes can shape what people see.", "bias_detection"],
    ["My neighbour plays the trumpet at night.", "Have you told him?", "general_therapeutic"],
    ["I want to kill myself.", "Are you safe?", "mental_health"],
  ])("of %j is told by its words", (asked, replied, domain) => {
    expect(labelConversation(talk(asked, replied), { shape: "", extra: {} }).domain).toBe(domain);
  });

  it("is the source's, else the record's, before any word", () => {
    const said = { shape: "", extra: { domain: "bias_detection" } };
    expect(labelConversation(talk("I am depressed.", "Since when?"), said).domain).toBe("bias_detection");
    expect(labelConversation(talk("a", "b"), { ...said, domain: "own" }).domain).toBe("own");
    expect(labelConversation(talk("a", "b"), { shape: "", extra: { domain: "sales" } }).domain).toBe(
      "general_therapeutic",
    );
  });
});

describe("risk", () => {
  it("is the worst of the client's turns, with the turn, and makes an edge case", () => {
    const messages: Message[] = [
      { role: "user", content: "I moved house." },
      { role: "assistant", content: "Do you want to kill yourself?" },
      { role: "user", content: "I want to die." },
      { role: "assistant", content: "I hear you." },
    ];
    const labels = labelConversation(messages, { shape: "", extra: {} });
    expect(labels).toMatchObject({ risk: "elevated", riskCategories: ["suicide"] });
    expect(labels.components).toContain("edge_case_handling");
    expect(labels.evidence).toContainEqual({
      label: "risk/suicide",
      score: 0.67,
      message: 2,
      rule: "elevated",
    });
  });

  it("is none for idioms and for what the therapist says", () => {
    const labels = labelConversation(talk("I could kill for a coffee.", "Suicide is a hard subject."), {
      shape: "",
      extra: {},
    });
    expect(labels.risk).toBe("none");
  });
});

describe("the method that a field names", () => {
  it("is a label, whatever the words are", () => {
    const said = { shape: "", extra: { modality: "DBT" } };
    expect(labelConversation(talk("a b", "c d"), said).modality).toEqual(["dbt"]);
    expect(
      labelConversation(talk("a b", "c d"), { shape: "", extra: { modality: "walking" } }).modality,
    ).toEqual([]);
  });
});

describe("components that fields name", () => {
  it.each([
    [{ components: ["voice_blending", "journaling_system"] }, ["journaling_system", "voice_blending"]],
    [
      { kan28_components: "bias_detection psychology_knowledge_base" },
      ["bias_detection", "psychology_knowledge_base"],
    ],
    [{ dual_persona_dynamics: { alliance: 3 }, voice_blending: [] }, ["dual_persona_dynamics"]],
  ])("%j", (extra, expected) => {
    expect(labelConversation(talk("a b", "c d"), { shape: "", extra }).components).toEqual(expected);
  });
});

describe("qualityOf", () => {
  it.each([
    ["It helps to look at when this began, what you tried since then, and who could be at your side.", 1, []],
    ["ok", 0.5, ["reply-very-short"]],
    ["YOU SHOULD STOP AND THINK ABOUT ALL OF THE THINGS THAT YOU HAVE DONE SO FAR", 0.7, ["capitals"]],
    ["yes no ".repeat(40), 0.6, ["repetitive"]],
    [
      "As an AI language model I cannot say what would be best for you, but here are some thoughts of mine.",
      0.6,
      ["model-disclaimer"],
    ],
  ])("scores %j", (reply, score, reasons) => {
    expect(qualityOf(talk("q", reply))).toEqual({ score, reasons });
  });
});

describe("hints of the rules", () => {
  it("let no match through their fingers: every alternative of a pattern starts or holds a hinted word", () => {
    const all = [modalityRules, biasRules, componentRules, domainRules].flatMap((group) =>
      Object.values(group).flat(),
    );
    expect(all.length).toBeGreaterThan(40);
    for (const { rule, hints, pattern } of all) {
      expect(hints.every((hint) => /^[a-z]{2,4}$/.test(hint))).toBe(true);
      // Each top-level alternative must name a word that begins with a hint (or a class of words all of which do).
      const body = pattern.source.slice("\\b(?:".length, -")\\b".length);
      for (const alternative of topLevel(body)) {
        const words = alternative.toLowerCase().match(/[a-z]+/g) ?? [];
        const isHinted = words.some((word) =>
          hints.some((hint) => (hint.length < 4 ? word === hint : word.startsWith(hint))),
        );
        expect({ rule, alternative, isHinted }).toEqual({ rule, alternative, isHinted: true });
      }
    }
  });
});

/** Alternatives of a pattern outside its groups. */
function topLevel(source: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of source.split("")) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}
