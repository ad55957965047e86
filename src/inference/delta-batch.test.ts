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

  /** Tokens at a steady pace for a while; gives when each message went and how many tokens it held. */
  const paced = (everyMs: number, tokens: number): { at: number[]; held: number[] } => {
    const at: number[] = [];
    const held: number[] = [];
    let before = 0;
    const batch = new DeltaBatch((_text, count) => {
      at.push(Date.now());
      held.push(count - before);
      before = count;
    }, Date.now);
    for (let token = 1; token <= tokens; token++) {
      batch.push("x", token);
      vi.advanceTimersByTime(everyMs);
    }
    return { at, held };
  };
  const gaps = (at: number[]): number[] => at.slice(1).map((one, place) => one - (at[place] as number));

  it("gathers what comes quickly: little at the beginning, then for four milliseconds", () => {
    const { at } = paced(1, 40);
    expect(gaps(at).slice(0, 4)).toEqual([1, 2, 4, 4]);
    expect(Math.max(...gaps(at))).toBe(4);
  });

  it("waits four times as long where a model says many tokens in that time, and no longer", () => {
    const { at, held } = paced(0.1, 2000);
    expect(Math.max(...gaps(at))).toBe(16);
    expect(Math.max(...held)).toBeLessThan(200);
    expect(at.length).toBeLessThan(20);
  });

  it("goes back to short waits where tokens come slowly again", () => {
    const { sent, batch } = batchOf();
    let token = 0;
    for (; token < 300; token++) {
      batch.push("x", token + 1);
      vi.advanceTimersByTime(0.1);
    }
    vi.advanceTimersByTime(20);
    for (let slow = 0; slow < 5; slow++) {
      const before = sent.length;
      batch.push("y", ++token);
      vi.advanceTimersByTime(5);
      if (slow > 2) expect(sent.length).toBe(before + 1);
    }
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
