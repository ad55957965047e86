import { join } from "node:path";
import type { GenerateTask } from "../../home/index.ts";
import { jsonLine, writeFileAtomic } from "../../shared/index.ts";
import type { GeneratedLine, Refusal } from "./schema.ts";

export type TaskResult = {
  task: string;
  kind: string;
  /** Path of the file, from the folder of generated data. */
  file: string;
  licence: string;
  wanted: number;
  written: number;
  /** Conversations of which every sample was refused. */
  invalid: number;
  /** Not tried, since the budget was spent. */
  left: number;
  /** Refused answers by reason. */
  refused: Partial<Record<Refusal, number>>;
};

type Outcome = { line: GeneratedLine | undefined; codes: readonly Refusal[] };

/** Writes a task's file, and beside it which conversations could not be made and why. */
export async function writeTask(
  folder: string,
  task: Pick<GenerateTask, "name" | "kind">,
  licence: string,
  outcomes: readonly (Outcome | undefined)[],
): Promise<TaskResult> {
  const refused: Partial<Record<Refusal, number>> = {};
  const lines: string[] = [];
  const failed: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    for (const code of outcome?.codes ?? []) refused[code] = (refused[code] ?? 0) + 1;
    if (outcome?.line !== undefined) lines.push(jsonLine(outcome.line));
    else if (outcome !== undefined)
      failed.push(jsonLine({ index, code: "generate.invalid", codes: outcome.codes }));
  }
  const file = `${task.name}.jsonl`;
  await writeFileAtomic(join(folder, file), lines.join(""));
  await writeFileAtomic(join(folder, `${task.name}.failed.jsonl`), failed.join(""));
  return {
    task: task.name,
    kind: task.kind,
    file,
    licence,
    wanted: outcomes.length,
    written: lines.length,
    invalid: failed.length,
    left: outcomes.filter((one) => one === undefined).length,
    refused,
  };
}
