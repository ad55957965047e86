import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { appendRunEvent, readEventsFrom, readRunEvents, runEventSchema } from "./events.ts";

const file = (): string => join(mkdtempSync(join(tmpdir(), "events-")), "events.jsonl");
const eta = (seq: number) => ({
  v: 1,
  seq,
  t: "2026-01-01T00:00:00.000Z",
  run: "r",
  attempt: 1,
  type: "eta",
  step: 1,
  elapsed: 1,
  remaining: 2,
  p90: 3,
  on_track: true,
});
const step = (seq: number, at: number, attempt: number) => ({
  ...eta(seq),
  attempt,
  type: "step",
  step: at,
  stage: "s",
  loss: attempt,
  ce: 1,
  aux: 0,
  z: 0,
  lr: 1,
  grad_norm: 1,
  tokens: 1,
  sup_tokens: 1,
  dt: 1,
  tok_s: 1,
  mfu: null,
  mem: 1,
});

describe("run events", () => {
  it("accepts what fits and refuses a missing, surplus or wrong field", () => {
    expect(runEventSchema.safeParse(eta(0)).success).toBe(true);
    const { on_track: _, ...missing } = eta(0);
    for (const bad of [
      missing,
      { ...eta(0), more: 1 },
      { ...eta(0), seq: -1 },
      { ...eta(0), t: "now" },
      { ...eta(0), type: "other" },
    ])
      expect(runEventSchema.safeParse(bad).success).toBe(false);
  });

  it("leaves a torn last line for later", () => {
    const path = file();
    writeFileSync(path, `${JSON.stringify(eta(0))}\n{"v":1,"se`);
    const first = readEventsFrom(path, 0);
    expect(first.events).toHaveLength(1);
    writeFileSync(path, `${JSON.stringify(eta(0))}\n${JSON.stringify(eta(1))}\n`);
    expect(readEventsFrom(path, first.offset).events.map((event) => event.seq)).toEqual([1]);
  });

  it("cuts a torn line and goes on without a gap where the launcher writes", async () => {
    const path = file();
    writeFileSync(path, `${JSON.stringify(eta(0))}\n{"torn`);
    await appendRunEvent(path, "r", { type: "run-end", status: "failed", reason: "killed" });
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as { seq: number });
    expect(lines.map((one) => one.seq)).toEqual([0, 1]);
    expect(runEventSchema.safeParse(lines[1]).success).toBe(true);
  });

  it("takes the last attempt of a step that was replayed", () => {
    const path = file();
    for (const event of [step(0, 1, 1), step(1, 2, 1), step(2, 2, 2)])
      appendFileSync(path, `${JSON.stringify(event)}\n`);
    expect(readRunEvents(path).map((event) => [event.seq, event.attempt])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });
});
