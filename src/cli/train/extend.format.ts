import type { Extension } from "../../training/index.ts";

/** Until when a run may go on, and who knows it. */
export function formatExtension({ deadline, told }: Extension): string {
  return `the deadline is ${deadline}${told ? ": the worker has taken it" : ", taken when the run is resumed"}\n`;
}
