import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";

const number = z.number().nullable();
const step = z.number().int().min(0);
const domains = z.record(z.string(), z.strictObject({ loss: number, tokens: z.number() }));

/** Fields of each event type, beside the envelope. A value that JSON cannot hold (NaN) is null. */
export const eventBodies = {
  hello: z.looseObject({
    torch: z.string(),
    device: z.string(),
    dtype: z.string(),
    attention: z.string(),
    threads: z.number(),
    world: z.number(),
  }),
  plan: z.looseObject({ step: z.string() }),
  calib: z.looseObject({ tokens: z.number(), seconds: z.number() }),
  compile: z.looseObject({ seconds: z.number() }),
  step: z.strictObject({
    stage: z.string(),
    step,
    loss: number,
    ce: number,
    aux: number,
    z: number,
    lr: z.number(),
    grad_norm: number,
    tokens: z.number(),
    sup_tokens: z.number(),
    dt: z.number(),
    tok_s: number,
    mfu: number,
    mem: z.number(),
  }),
  moe: z.strictObject({ step, load: z.array(z.array(z.number())), entropy: number, information: number }),
  eval: z.strictObject({
    step,
    stage: z.string(),
    reason: z.string(),
    loss: number,
    tokens: z.number(),
    domains,
    load: z.array(z.array(z.number())),
    seconds: z.number(),
  }),
  ckpt: z.strictObject({
    step,
    path: z.string(),
    bytes: z.number(),
    reason: z.string(),
    seconds: z.number(),
  }),
  sample: z.looseObject({ prompt: z.string(), reply: z.string() }),
  warn: z.looseObject({ code: z.string(), message: z.string() }),
  eta: z.strictObject({
    step,
    elapsed: z.number(),
    remaining: z.number(),
    p90: z.number(),
    on_track: z.boolean(),
  }),
  heartbeat: z.strictObject({ step, mem: z.number(), joules: number }),
  decision: z.looseObject({ step, kind: z.string() }),
  control: z.looseObject({ id: z.string(), request: z.string().nullable() }),
  export: z.looseObject({
    format: z.string(),
    path: z.string(),
    losses: z
      .union([
        z.strictObject({ trained: number, exported: number, documents: z.number(), tokens: z.number() }),
        z.strictObject({ unmeasured: z.string() }),
      ])
      .optional()
      .describe("validation loss of the trained model and of the exported folder, read back"),
  }),
  "run-end": z.looseObject({
    status: z.enum(["done", "stopped", "failed"]),
    reason: z.string(),
    code: z.string().optional(),
    hint: z.string().optional(),
    exit: z.number().int().optional(),
    step: step.optional(),
    seconds: z.number().optional(),
    cpu_seconds: z.number().optional(),
    energy: number.optional().describe("joules; null where the machine does not tell"),
    energy_source: z.string().nullable().optional(),
    cost: number.optional().describe("at the recipe's price_per_hour"),
    inexact: z.array(z.string()).optional(),
  }),
} as const;

export type RunEventType = keyof typeof eventBodies;

const envelope = {
  v: z.literal(1),
  seq: z.number().int().min(0),
  t: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  run: z.string().min(1),
  attempt: z.number().int().min(1),
};

/** One line of `events.jsonl`. */
export const runEventSchema = z.discriminatedUnion(
  "type",
  Object.entries(eventBodies).map(([type, body]) =>
    body.extend({ ...envelope, type: z.literal(type) }),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
);

export type RunEvent = {
  [T in RunEventType]: { v: 1; seq: number; t: string; run: string; attempt: number; type: T } & z.output<
    (typeof eventBodies)[T]
  >;
}[RunEventType];

/** The JSON Schema that the worker's tests hold its events against. */
export function runEventJsonSchema(): unknown {
  return z.toJSONSchema(runEventSchema);
}

function parseLines(text: string): RunEvent[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [JSON.parse(line) as RunEvent]));
}

/** The whole lines of an event file after an offset, and where they end. A torn last line waits. */
export function readEventsFrom(path: string, offset: number): { events: RunEvent[]; offset: number } {
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { events: [], offset };
    throw error;
  }
  try {
    const size = fstatSync(handle).size;
    if (size <= offset) return { events: [], offset };
    const bytes = Buffer.alloc(size - offset);
    readSync(handle, bytes, 0, bytes.length, offset);
    const whole = bytes.lastIndexOf(10) + 1;
    return { events: parseLines(bytes.subarray(0, whole).toString("utf8")), offset: offset + whole };
  } finally {
    closeSync(handle);
  }
}

/** All events of a run; of steps that were replayed after a kill the last attempt wins. */
export function readRunEvents(path: string): RunEvent[] {
  const { events } = readEventsFrom(path, 0);
  const newest = new Map<string, RunEvent>();
  const keyOf = (event: RunEvent): string =>
    event.type === "step" || event.type === "moe" || event.type === "ckpt"
      ? `${event.type}|${event.step}`
      : event.type === "eval"
        ? `eval|${event.stage}|${event.step}|${event.reason}`
        : `seq|${event.seq}`;
  for (const event of events) {
    const key = keyOf(event);
    newest.delete(key);
    newest.set(key, event);
  }
  return [...newest.values()];
}

/** Appends an event where no worker lives to do it: cuts a torn last line, goes on with the next `seq`. */
export async function appendRunEvent(
  path: string,
  run: string,
  body: { type: RunEventType } & Record<string, unknown>,
): Promise<void> {
  const { events, offset } = readEventsFrom(path, 0);
  const last = events.at(-1);
  const line = {
    v: 1,
    seq: (last?.seq ?? -1) + 1,
    t: new Date().toISOString(),
    run,
    attempt: last?.attempt ?? 1,
    ...body,
  };
  const file = await open(path, "a");
  try {
    await file.truncate(offset);
    await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
