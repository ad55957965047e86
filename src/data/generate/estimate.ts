import type { GenerateConfig } from "../../home/index.ts";
import { AnswerStore, keyOf } from "./answer-store.ts";
import { itemsOf, sessionScene, type Material } from "./items.ts";
import { sessionPrompts, viewOf } from "./session.ts";
import { costOf, promptEstimate } from "./spending.ts";

/** Words of a turn as a model writes it, for the estimate: 70 words at 1.4 tokens. */
const tokensOfTurn = 100;

export type TaskEstimate = {
  task: string;
  kind: string;
  conversations: number;
  /** Answers wanted, the first sample of each; invalid ones cost more. */
  calls: number;
  /** Of these already stored. Unknown for sessions, where each turn depends on the one before: counted as 0. */
  stored: number;
  inputTokens: number;
  outputTokens: number;
  cost: number | null;
};

/** What the tasks would take, before any call. Tokens are estimates. */
export async function estimateTasks(
  config: GenerateConfig,
  options: { seed: string; answers: string; materialOf: (task: string) => Material },
): Promise<TaskEstimate[]> {
  const store = new AnswerStore(options.answers);
  const estimates: TaskEstimate[] = [];
  for (const task of config.tasks) {
    let [conversations, calls, stored, input, output] = [task.count, 0, 0, 0, 0];
    if (task.kind === "session") {
      for (let index = 0; index < task.count; index++) {
        const said = sessionPrompts(sessionScene(options.seed, task.name, index), task.exchanges);
        for (let turn = 0; turn < task.exchanges * 2; turn++) {
          const side = turn % 2 === 0 ? "user" : "assistant";
          input += promptEstimate(viewOf(side === "user" ? said.client : said.therapist, [], side));
          input += turn * tokensOfTurn;
          output += tokensOfTurn;
          calls++;
        }
      }
    } else {
      const items = itemsOf(task, options.seed, options.materialOf(task.name));
      conversations = items.length;
      for (const { messages, template, expected } of items) {
        calls++;
        const key = keyOf({
          model: config.model,
          messages,
          parameters: { maxTokens: config.max_tokens, temperature: config.temperature },
          template,
          sample: 0,
        });
        if ((await store.get(key)) !== undefined) {
          stored++;
          continue;
        }
        input += promptEstimate(messages);
        output += Math.min(config.max_tokens, expected.turns.most * tokensOfTurn);
      }
    }
    estimates.push({
      task: task.name,
      kind: task.kind,
      conversations,
      calls,
      stored,
      inputTokens: input,
      outputTokens: output,
      cost: costOf(config, input, output),
    });
  }
  return estimates;
}
