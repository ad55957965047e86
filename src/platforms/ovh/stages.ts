import type { OvhSettings } from "./schema.ts";

/** The stages in their order; each takes the weights of the one before. */
export const stageOrder = ["foundation", "reasoning", "voice"] as const;

/** The stage whose weights a stage needs; undefined for the first and for all of them together. */
export function stageBefore(stage: OvhSettings["stage"]): string | undefined {
  return stageOrder[stageOrder.indexOf(stage as (typeof stageOrder)[number]) - 1];
}

/** Where runs lie in the bucket: a folder a stage. */
export const runPrefix = (settings: OvhSettings, stage: string = settings.stage): string =>
  `${settings.name}/${stage}/`;
