import type { ServePlan } from "../inference/index.ts";

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** The plan of `serve --dry-run` for people. */
export function formatPlan(plan: ServePlan): string {
  const { architecture, context, slots, threads, batch, memoryBytes, reasons, alternatives } = plan;
  return `${[
    `${architecture}, context ${context}, ${counted(slots, "slot")}, ${counted(threads, "thread")}, batch ${batch}`,
    `memory: weights ${megabytes(memoryBytes.weights)} + cache ${megabytes(memoryBytes.cache)} + work ${megabytes(memoryBytes.work)} = ${megabytes(memoryBytes.total)} of ${megabytes(memoryBytes.machine)}`,
    ...reasons.map((reason) => `- ${reason}`),
    "not chosen:",
    ...alternatives.map(({ what, reason }) => `- ${what}: ${reason}`),
  ].join("\n")}\n`;
}

/** How to start an engine that is named by its URL. */
export function formatLaunch(kind: string, flags: string | undefined): string {
  return flags === undefined
    ? `A server of kind ${kind} has no flags that are known here; it plans its own memory.\n`
    : `Start the engine like this:\n  ${flags}\n`;
}
