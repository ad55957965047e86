import { z } from "zod";
import { artifactRoles } from "../../home/index.ts";

export const actions = ["move", "keep", "archive", "delete", "pointer", "leave"] as const;
export type Action = (typeof actions)[number];

const path = z.string().min(1);
const proposal = z.strictObject({ action: z.enum(actions), to: path.optional() });

const line = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  from: path,
  blob: z.string(),
  action: z.enum(actions),
  to: path.optional(),
  /** Where the bytes of a deleted file stay. */
  keptAt: path.optional(),
  /** The file that is used instead of an archived one. */
  instead: path.optional(),
  role: z.enum(artifactRoles),
  proposed: proposal,
  because: z.array(z.string()),
  touches: z.strictObject({ references: z.int().nonnegative(), files: z.int().nonnegative() }),
  risk: z.enum(["high", "medium", "low"]),
});

const repair = z.strictObject({
  at: z.string(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  from: z.string(),
  to: z.string(),
  proof: z.string(),
  apply: z.boolean(),
});

const dataAction = z.enum(["pointer", "leave"]);
/** A data set that is not in the repository. */
export const dataLineSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1),
  action: dataAction,
  /** Address of its copy elsewhere; without one it is listed as missing. */
  to: z.string().min(1).optional(),
  proposed: z.strictObject({ action: dataAction, to: z.string().optional() }),
  because: z.array(z.string()),
  mentions: z.int().nonnegative(),
});

/** What a listing of other places holds beside the repository. */
export const elsewhereSchema = z.strictObject({
  /** Where the listing's paths start. */
  base: z.string(),
  files: z.int().nonnegative(),
  identical: z.int().nonnegative(),
  sameNameAndSize: z.int().nonnegative(),
  onlyThere: z.int().nonnegative(),
  onlyThereBytes: z.int().nonnegative(),
  /** What exists only there, largest first. */
  list: z.array(z.strictObject({ path, bytes: z.int().nonnegative().nullable() })),
});

/** `training-ready.plan.yaml`. People edit `action` and `to`; a difference from `proposed` is a decision that stays. */
export const planSchema = z.strictObject({
  version: z.literal(1),
  base: z.string().regex(/^[0-9a-f]{40,64}$/),
  home: path,
  /** Folder put on the search path of code that no longer lies beside what it imports; default: the home. */
  anchor: path.optional(),
  decisions: z
    .array(z.strictObject({ from: z.string().min(1), action: z.enum(actions), to: path.optional() }))
    .default([]),
  lines: z.array(line),
  repairs: z.array(repair).default([]),
  /** Data sets that are not in the repository. */
  data: z.array(dataLineSchema).default([]),
  /** What a saved listing of files elsewhere holds beside the repository. */
  elsewhere: elsewhereSchema.optional(),
  /** References whose text stays although a rewrite was possible: it could not be proven. */
  untouched: z.array(z.strictObject({ path, start: z.int().nonnegative() })).default([]),
});

export type Plan = z.output<typeof planSchema>;
export type PlanLine = Plan["lines"][number];
export type Repair = Plan["repairs"][number];
