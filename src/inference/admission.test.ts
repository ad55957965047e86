import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Admission } from "./admission.ts";

describe("slots", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());
  const { signal } = new AbortController();

  it("say how long to wait by the time that replies took", async () => {
    const admission = new Admission(2, { most: 10, waitMs: 60_000 });
    expect(admission.waitSeconds).toBe(5); // nothing is known yet
    const release = await admission.acquire("a", signal);
    vi.advanceTimersByTime(8000);
    release?.();
    expect(admission.waitSeconds).toBe(4); // one waits for half a round of 8 s
    const held = [await admission.acquire("a", signal), await admission.acquire("b", signal)];
    const queued = [1, 2, 3].map((at) => admission.acquire(String(at), signal));
    expect(admission.queued).toBe(3);
    expect(admission.waitSeconds).toBe(16); // the fourth in the queue, two rounds
    for (const give of held) give?.();
    await Promise.all(queued.slice(0, 2));
  });
});
