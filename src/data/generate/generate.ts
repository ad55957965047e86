import { join } from "node:path";
import type { GenerateConfig, GenerateTask } from "../../home/index.ts";
import { sha256, type JobEvent } from "../../shared/index.ts";
import { AnswerStore, keyOf } from "./answer-store.ts";
import { CopyFinder } from "./copies.ts";
import { complete, type EndpointOptions } from "./endpoint.ts";
import { itemsOf, stages, type Material } from "./items.ts";
import type { Answer, ChatMessage, Checked, GeneratedLine, Item, Refusal } from "./schema.ts";
import { playSession, sessionTemplate } from "./session.ts";
import { Spending } from "./spending.ts";
import { checkAnswer } from "./validate.ts";
import { writeTask, type TaskResult } from "./write-task.ts";

/** Answers that are asked for one conversation at most. */
const samples = 3;

export type GenerateOptions = {
  config: GenerateConfig;
  seed: string;
  folder: string;
  materialOf: (task: string) => Material;
  endpoint: Pick<EndpointOptions, "key" | "fetch" | "attempts" | "firstWaitMs" | "signal">;
};

export type GenerateResult = {
  tasks: TaskResult[];
  calls: number;
  fromStore: number;
  inputTokens: number;
  outputTokens: number;
  cost: number | null;
  stopped: "budget" | null;
};

class BudgetSpent extends Error {}

type Outcome = { line: GeneratedLine | undefined; codes: Refusal[]; nextSample: number };
/** One conversation to come: tries samples from a number on. */
type Work = { task: GenerateTask; index: number; attempt: (sample: number) => Promise<Made> };
type Made = {
  checked: Checked;
  key: string;
  template: string;
  stage: string;
  fields: Record<string, unknown>;
  parents: string[];
};

/** Asks through the store: what was answered once is never asked again. */
function asker(options: GenerateOptions) {
  const { config } = options;
  const store = new AnswerStore(join(options.folder, "answers"));
  const spending = new Spending(config);
  const counts = { calls: 0, fromStore: 0 };
  const ask = async (messages: ChatMessage[], template: string, sample: number) => {
    const parameters = { maxTokens: config.max_tokens, temperature: config.temperature };
    const key = keyOf({ model: config.model, messages, parameters, template, sample });
    let answer: Answer | undefined = await store.get(key);
    if (answer !== undefined) counts.fromStore++;
    else {
      if (!spending.reserve(messages)) throw new BudgetSpent();
      try {
        const given = await complete(messages, Number.parseInt(key.slice(0, 7), 16), {
          ...options.endpoint,
          ...parameters,
          endpoint: config.endpoint,
          model: config.model,
          timeoutMs: config.timeout_s * 1000,
        });
        answer = await store.keep(key, given);
        counts.calls++;
      } finally {
        spending.release(messages);
      }
    }
    spending.count(answer, messages);
    return { answer, key };
  };
  return { ask, spending, counts };
}

function worksOf(options: GenerateOptions, ask: ReturnType<typeof asker>["ask"]): Work[] {
  const single = (task: GenerateTask, item: Item): Work => ({
    task,
    index: item.index,
    async attempt(sample) {
      const { answer, key } = await ask(item.messages, item.template, sample);
      return { ...item, checked: checkAnswer(answer, item.expected, item.messages), key };
    },
  });
  return options.config.tasks.flatMap((task): Work[] => {
    if (task.kind !== "session")
      return itemsOf(task, options.seed, options.materialOf(task.name)).map((item) => single(task, item));
    return Array.from({ length: task.count }, (_, index) => ({
      task,
      index,
      async attempt(sample) {
        const keys: string[] = [];
        const place = { seed: options.seed, task: task.name, index, exchanges: task.exchanges };
        const played = await playSession(place, async (messages) => {
          const { answer, key } = await ask(messages, sessionTemplate, sample);
          keys.push(key);
          return answer;
        });
        return {
          checked: played.checked,
          key: sha256(keys.join("\n")),
          template: sessionTemplate,
          stage: stages.session,
          fields: { kind: "session", scenario: played.scene },
          parents: [],
        };
      },
    }));
  });
}

async function resolve(work: Work, model: string, from: number): Promise<Outcome> {
  const codes: Refusal[] = [];
  for (let sample = from; sample < samples; sample++) {
    const { checked, key, template, stage, fields, parents } = await work.attempt(sample);
    if (!checked.ok) {
      codes.push(checked.code);
      continue;
    }
    const line: GeneratedLine = {
      messages: checked.messages,
      synthetic: true,
      generator: model,
      template,
      prompt_sha256: key,
      task: work.task.name,
      stage,
      ...fields,
      ...(parents.length === 0 ? {} : { parents }),
    };
    return { line, codes, nextSample: sample + 1 };
  }
  return { line: undefined, codes, nextSample: samples };
}

/** Finishes a task in the order of its items: a near copy of an earlier conversation gives way to the next sample. */
async function withoutCopies(
  works: readonly Work[],
  outcomes: readonly (Outcome | undefined)[],
  model: string,
): Promise<(Outcome | undefined)[]> {
  const copies = new CopyFinder();
  const finished: (Outcome | undefined)[] = [];
  for (const [at, work] of works.entries()) {
    let outcome = outcomes[at];
    while (outcome?.line !== undefined && copies.isCopy(outcome.line.messages)) {
      const codes: Refusal[] = [...outcome.codes, "answer.near_copy"];
      try {
        const next = await resolve(work, model, outcome.nextSample);
        outcome = { ...next, codes: [...codes, ...next.codes] };
      } catch (error) {
        if (!(error instanceof BudgetSpent)) throw error;
        outcome = undefined;
      }
    }
    finished.push(outcome);
  }
  return finished;
}

/**
 * Lets a model write the conversations of every task and writes one file a task. What was answered before is read from
 * the store, so that a run goes on where it was and gives the same bytes. Throws `E_GENERATE_ENDPOINT`, `E_CANCELLED`.
 */
export async function* generateData(options: GenerateOptions): AsyncGenerator<JobEvent, GenerateResult> {
  const { config } = options;
  const failing = new AbortController();
  const outer = options.endpoint.signal;
  const signal = outer === undefined ? failing.signal : AbortSignal.any([outer, failing.signal]);
  const { ask, spending, counts } = asker({ ...options, endpoint: { ...options.endpoint, signal } });
  const works = worksOf(options, ask);
  const outcomes: (Outcome | undefined)[] = [];
  let stopped: "budget" | null = null;
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  let done = 0;
  const start = (at: number): void => {
    const promise = resolve(works[at] as Work, config.model, 0)
      .then(
        (outcome) => void (outcomes[at] = outcome),
        (error: unknown) => {
          if (error instanceof BudgetSpent) stopped = "budget";
          else {
            failure ??= { error };
            failing.abort();
          }
        },
      )
      .finally(() => {
        done++;
        running.delete(promise);
      });
    running.add(promise);
  };
  for (let at = 0; at < works.length && !failing.signal.aborted; at++) {
    start(at);
    if (running.size < config.concurrency) continue;
    await Promise.race(running);
    yield { type: "conversation-generated", done, total: works.length };
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
  const tasks: TaskResult[] = [];
  for (const task of config.tasks) {
    const own = works.flatMap((work, at) => (work.task === task ? [at] : []));
    const finished = await withoutCopies(
      own.map((at) => works[at] as Work),
      own.map((at) => outcomes[at]),
      config.model,
    );
    tasks.push(await writeTask(options.folder, task, config.licence, finished));
    yield { type: "task-written", task: task.name };
  }
  return {
    tasks,
    ...counts,
    inputTokens: spending.input,
    outputTokens: spending.output,
    cost: spending.cost,
    stopped,
  };
}
