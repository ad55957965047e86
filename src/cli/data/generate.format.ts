import type { GenerateResult, TaskEstimate } from "../../data/index.ts";

const money = (cost: number | null): string => (cost === null ? "price not said" : `cost ${cost.toFixed(4)}`);

/** What the tasks would take, one line each. */
export function formatEstimate(estimates: readonly TaskEstimate[]): string {
  const lines = estimates.map(
    (one) =>
      `${one.task}: ${one.kind}, ${one.conversations} conversations, ${one.calls} answers (${one.stored} stored), about ${one.inputTokens} tokens in and ${one.outputTokens} out, ${money(one.cost)}`,
  );
  const sum = (pick: (one: TaskEstimate) => number): number =>
    estimates.reduce((all, one) => all + pick(one), 0);
  const cost = estimates.some((one) => one.cost === null) ? null : sum((one) => one.cost ?? 0);
  lines.push(
    `in all about ${sum((one) => one.inputTokens)} tokens in and ${sum((one) => one.outputTokens)} out, ${money(cost)}; answers that are refused are asked for again and come on top`,
  );
  return `${lines.join("\n")}\n`;
}

/** What came of each task, and the lines that make the files sources. */
export function formatGenerated(result: GenerateResult, folder: string): string {
  const lines = result.tasks.map((one) => {
    const refused = Object.entries(one.refused).map(([code, count]) => `${code} ${count}`);
    return `${one.task}: ${one.written} of ${one.wanted} written${one.invalid > 0 ? `, ${one.invalid} invalid` : ""}${
      one.left > 0 ? `, ${one.left} left` : ""
    }${refused.length > 0 ? ` (refused answers: ${refused.join(", ")})` : ""}`;
  });
  lines.push(
    `${result.calls} calls, ${result.fromStore} answers from the store, ${result.inputTokens} tokens in, ${result.outputTokens} out, ${money(result.cost)}`,
  );
  if (result.stopped !== null)
    lines.push(`stopped: the ${result.stopped} is spent; run again with a larger one to go on`);
  lines.push("sources for training-ready.yaml:");
  for (const one of result.tasks.filter(({ written }) => written > 0))
    lines.push(
      `  - { name: ${one.task}, uri: ${folder}/${one.file}, licence: ${JSON.stringify(one.licence)}, consent: synthetic }`,
    );
  return `${lines.join("\n")}\n`;
}
