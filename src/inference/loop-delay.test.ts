import { expect, it } from "vitest";
import { LoopDelay, watchLoopDelay } from "./loop-delay.ts";

it("is read over five to ten seconds, less the idle beat, and forgets then", () => {
  let p99 = 520;
  let resets = 0;
  const delay = new LoopDelay({ percentile: () => p99 * 1e6, reset: () => void resets++ });
  const tick = (times: number): void => {
    for (let at = 0; at < times; at++) delay.tick();
  };
  tick(4);
  expect(delay.p99Ms).toBe(0);
  tick(1);
  expect(delay.p99Ms).toBe(500);
  tick(5);
  expect(resets).toBe(1);
  p99 = 20;
  tick(4);
  expect(delay.p99Ms).toBe(500);
  tick(1);
  expect(delay.p99Ms).toBe(0);
});

it("watches a real loop from nothing on", () => {
  const watched = watchLoopDelay();
  expect(watched.p99Ms()).toBe(0);
  watched.stop();
});
