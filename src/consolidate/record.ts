import { z } from "zod";
import { TrainingReadyError } from "../shared/index.ts";
import type { Composed } from "./plan/compose.ts";
import { join } from "./plan/layout.ts";
import { dataLineSchema, elsewhereSchema, type Plan, type PlanLine } from "./plan/schema.ts";
import { createPlacement, type Placement } from "./rewrite/placement.ts";
import type { Edit } from "./rewrite/splice.ts";
import type { TreeIndex } from "../repository/index.ts";

const path = z.string().min(1);
const offset = z.int().nonnegative();
const edit = z.strictObject({
  start: offset,
  end: offset,
  text: z.string(),
  kept: z.array(z.tuple([offset, offset.nullable()])).optional(),
});
const reasons = z.array(z.string()).default([]);

/** `.training-ready/consolidation.json`: what a consolidation did, so that `verify` works in any clone. */
export const recordSchema = z.strictObject({
  version: z.literal(1),
  base: z.string(),
  home: path,
  /** Package roots in the base. */
  packages: z.array(z.string()),
  moves: z.array(z.strictObject({ from: path, to: path })),
  archived: z.array(z.strictObject({ from: path, to: path, instead: path.optional(), because: reasons })),
  deleted: z.array(z.strictObject({ from: path, blob: z.string(), keptAt: path, because: reasons })),
  /** Files of the packages that stay where they are, with the reason. */
  stays: z.array(z.strictObject({ path, because: reasons })).default([]),
  /** By old path: repairs first, then what the moves made necessary; offsets of each stage are those of its input. */
  edits: z.array(z.strictObject({ path, stages: z.array(z.array(edit)) })),
  /** What stays right and yet should be looked at: drawn trees, folders whose files went apart. */
  reported: z
    .array(
      z.strictObject({
        path,
        line: z.int().positive(),
        subject: z.string(),
        what: z.enum(["tree-redrawn", "tree-kept", "folder-split"]),
        text: z.string(),
      }),
    )
    .default([]),
  /** Data sets that are not in the repository, as the plan decided them, and what a listing of other places held. */
  data: z.array(dataLineSchema).default([]),
  elsewhere: elsewhereSchema.optional(),
  /** Files that the consolidation itself wrote. */
  written: z.array(path),
});

export type ConsolidationRecord = z.output<typeof recordSchema>;

/** Where a home keeps the record of its consolidation. */
export function recordPath(home: string): string {
  return join(home, ".training-ready/consolidation.json");
}

/** The record of a plan that is carried out. */
export function makeRecord(input: {
  plan: Plan;
  lines: readonly PlanLine[];
  composed: Composed;
  repairs: ReadonlyMap<string, readonly Edit[]>;
  written: readonly string[];
  packages: readonly string[];
}): ConsolidationRecord {
  const { lines, composed, repairs } = input;
  const paths = [...new Set([...repairs.keys(), ...composed.edits.keys()])].sort();
  return {
    version: 1,
    base: input.plan.base,
    home: input.plan.home,
    packages: [...input.packages],
    moves: lines.flatMap((one) =>
      one.action === "move" && one.to !== undefined && one.to !== one.from
        ? [{ from: one.from, to: one.to }]
        : [],
    ),
    archived: lines.flatMap((one) =>
      one.action === "archive" && one.to !== undefined
        ? [
            {
              from: one.from,
              to: one.to,
              ...(one.instead === undefined ? {} : { instead: one.instead }),
              because: one.because,
            },
          ]
        : [],
    ),
    deleted: lines.flatMap((one) =>
      one.action === "delete" && one.keptAt !== undefined
        ? [{ from: one.from, blob: one.blob, keptAt: one.keptAt, because: one.because }]
        : [],
    ),
    stays: lines.flatMap((one) =>
      one.action === "keep" || one.action === "leave" ? [{ path: one.from, because: one.because }] : [],
    ),
    edits: paths.map((one) => ({
      path: one,
      stages: [[...(repairs.get(one) ?? [])], [...(composed.edits.get(one) ?? [])]],
    })),
    reported: [...composed.reported],
    data: input.plan.data,
    ...(input.plan.elsewhere === undefined ? {} : { elsewhere: input.plan.elsewhere }),
    written: [...input.written].sort(),
  };
}

/** Reads a record. Throws `E_MANIFEST`. */
export function parseRecord(text: string, fileName: string): ConsolidationRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TrainingReadyError("E_MANIFEST", `${fileName} is no record of a consolidation`, {
      cause,
      exitCode: 1,
    });
  }
}

/** The placement that a record describes, over the tree as it was. */
export function placementOfRecord(record: ConsolidationRecord, index: TreeIndex): Placement {
  const replaced = new Map<string, string>();
  for (const one of record.archived) if (one.instead !== undefined) replaced.set(one.from, one.instead);
  for (const one of record.deleted) replaced.set(one.from, one.keptAt);
  return createPlacement({
    index,
    moved: new Map(record.moves.map((one) => [one.from, one.to])),
    archived: new Map(record.archived.map((one) => [one.from, one.to])),
    deleted: new Set(record.deleted.map((one) => one.from)),
    replaced,
  });
}
