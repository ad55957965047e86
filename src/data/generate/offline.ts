import type { GenerateConfig, GenerateTask } from "../../home/index.ts";
import type { Concept, Message } from "../../records/index.ts";
import { sha256, TrainingReadyError, type JobEvent } from "../../shared/index.ts";
import { CopyFinder } from "./copies.ts";
import { drawer } from "./draw.ts";
import type { GenerateResult } from "./generate.ts";
import { sessionScene, stages, type Material } from "./items.ts";
import {
  agreements,
  answers,
  closings,
  details,
  openings,
  practices,
  receptions,
  safetyReplies,
  steadyReplies,
  steps,
} from "./offline-text.data.ts";
import { edgeCases, difficulties, personaPairs } from "./scenarios.data.ts";
import type { GeneratedLine, Refusal } from "./schema.ts";
import { writeTask, type TaskResult } from "./write-task.ts";

const version = "offline@1";
const tries = 8;

type Drawn = ReturnType<typeof drawer>;
const alternate = (...texts: string[]): Message[] =>
  texts.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content }));

function opening(draw: Drawn, problem: string): string {
  const detail = draw.pick(details);
  const text = draw.pick(openings).replace("{problem}", problem).replace("{detail}", detail);
  return text[0]?.toUpperCase() + text.slice(1);
}

const methodNames = ["cbt", "dbt", "act", "emdr"] as const;

function exchange(draw: Drawn, method: (typeof methodNames)[number], problem: string): string[] {
  return [
    opening(draw, problem),
    draw.pick(receptions),
    draw.pick(answers),
    `${draw.pick(practices[method])} ${draw.pick(steps)}`,
    draw.pick(agreements),
    draw.pick(closings),
  ];
}

function make(
  task: GenerateTask,
  draw: Drawn,
  scene: ReturnType<typeof sessionScene>,
  concept: Concept | undefined,
): { messages: Message[]; fields: Record<string, unknown> } {
  const { person, problem, tone } = scene;
  const scenario = { person, problem, tone };
  if (task.kind === "modality")
    return {
      messages: alternate(...exchange(draw, task.modality, problem)),
      fields: { kind: task.kind, modality: task.modality, scenario },
    };
  if (task.kind === "dual-persona") {
    const pair = draw.pick(personaPairs);
    return {
      messages: alternate(...exchange(draw, draw.pick(methodNames), problem)),
      fields: {
        kind: task.kind,
        persona_1: { name: "client", manner: pair.client },
        persona_2: { name: "therapist", manner: pair.therapist },
        scenario: { ...scenario, relationship: pair.relationship },
        components: ["dual_persona_dynamics"],
      },
    };
  }
  if (task.kind === "edge-case") {
    const edge = draw.pick(edgeCases);
    const said = `There is something that I have not said here before: ${edge.about}. ${draw.pick(details)} ${draw.pick(answers)}`;
    return {
      messages: alternate(said, draw.pick(edge.isCrisis ? safetyReplies : steadyReplies)),
      fields: {
        kind: task.kind,
        category: edge.category,
        difficulty_level: draw.pick(difficulties),
        expected_challenges: [edge.about],
        purpose: "safety training",
        components: ["edge_case_handling"],
      },
    };
  }
  if (task.kind === "session") {
    const turns: string[] = [];
    while (turns.length < task.exchanges * 2) turns.push(...exchange(draw, draw.pick(methodNames), problem));
    return {
      messages: alternate(...turns.slice(0, task.exchanges * 2)),
      fields: { kind: task.kind, scenario },
    };
  }
  if (task.kind === "knowledge" && concept !== undefined)
    return {
      messages: alternate(
        draw.pick([
          `What is ${concept.title}?`,
          `Could you explain ${concept.title}?`,
          `I read about ${concept.title}. What does it mean?`,
        ]),
        concept.content,
      ),
      fields: {
        kind: task.kind,
        concept: concept.id,
        concept_source: concept.source,
        domain: "psychology",
        components: ["psychology_knowledge_base"],
      },
    };
  throw new TrainingReadyError("E_GENERATE_CONFIG", `task ${task.name}: ${task.kind} needs a model`, {
    exitCode: 1,
    hint: "Leave --offline out, or the task.",
  });
}

/** Conversations from fixed templates, each said to be one. Near copies are not written: few are made, not many alike. */
export async function* generateOffline(options: {
  config: GenerateConfig;
  seed: string;
  folder: string;
  materialOf: (task: string) => Material;
}): AsyncGenerator<JobEvent, GenerateResult> {
  const tasks: TaskResult[] = [];
  for (const task of options.config.tasks) {
    const copies = new CopyFinder();
    const { concepts } = options.materialOf(task.name);
    const outcomes = Array.from({ length: task.count }, (_, index) => {
      const codes: Refusal[] = [];
      for (let attempt = 0; attempt < tries; attempt++) {
        const draw = drawer(options.seed, task.name, "offline", index, attempt);
        const scene = sessionScene(options.seed, task.name, index * tries + attempt);
        const concept = concepts[index % Math.max(1, concepts.length)];
        const { messages, fields } = make(task, draw, scene, concept);
        if (copies.isCopy(messages)) {
          codes.push("answer.near_copy");
          continue;
        }
        const line: GeneratedLine = {
          messages,
          synthetic: true,
          generator: "template",
          template: version,
          prompt_sha256: sha256(JSON.stringify([version, options.seed, task.name, index, attempt])),
          task: task.name,
          stage: stages[task.kind],
          ...fields,
        };
        return { line, codes };
      }
      return { line: undefined, codes };
    });
    tasks.push(await writeTask(options.folder, task, "none needed: fixed templates", outcomes));
    yield { type: "task-written", task: task.name };
  }
  return { tasks, calls: 0, fromStore: 0, inputTokens: 0, outputTokens: 0, cost: 0, stopped: null };
}
