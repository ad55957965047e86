import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeltaBatch } from "./delta-batch.ts";

describe("a batch of deltas", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const batchOf = (): { sent: [string, number][]; batch: DeltaBatch } => {
    const sent: [string, number][] = [];
    return { sent, batch: new DeltaBatch((text, tokens) => sent.push([text, tokens]), Date.now) };
  };

  it("sends the first at once, and what comes slowly", () => {
    const { sent, batch } = batchOf();
    batch.push("a", 1);
    vi.advanceTimersByTime(20);
    batch.push("b", 2);
    expect(sent).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });

  it("gathers what comes quickly, four milliseconds at most", () => {
    const { sent, batch } = batchOf();
    for (let at = 1; at <= 5; at++) batch.push(String(at), at);
    expect(sent).toEqual([["1", 1]]);
    vi.advanceTimersByTime(4);
    expect(sent).toEqual([
      ["1", 1],
      ["2345", 5],
    ]);
  });

  it("sends what is left when it is told", () => {
    const { sent, batch } = batchOf();
    batch.push("a", 1);
    batch.push("b", 2);
    batch.flush();
    batch.flush();
    expect(sent.map(([text]) => text).join("")).toBe("ab");
  });
});
