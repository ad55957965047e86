import type { ServePlan } from "../inference/index.ts";

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The plan of `serve --dry-run` for people. */
export function formatPlan({
  architecture,
  context,
  slots,
  threads,
  memoryBytes,
  reasons,
}: ServePlan): string {
  return `${[
    `${architecture}, context ${context}, ${slots} ${slots === 1 ? "slot" : "slots"}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    `memory: weights ${megabytes(memoryBytes.weights)} + cache ${megabytes(memoryBytes.cache)} = ${megabytes(memoryBytes.total)} of ${megabytes(memoryBytes.machine)}`,
    ...reasons.map((reason) => `- ${reason}`),
  ].join("\n")}\n`;
}
