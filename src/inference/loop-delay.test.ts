import { expect, it } from "vitest";
import { LoopDelay, watchLoopDelay } from "./loop-delay.ts";

it("is read over two to seven seconds, less the idle beat, and forgets then", () => {
  let p99 = 520;
  let resets = 0;
  const delay = new LoopDelay({ percentile: () => p99 * 1e6, reset: () => void resets++ });
  delay.tick();
  expect(delay.p99Ms).toBe(0);
  delay.tick();
  expect(delay.p99Ms).toBe(500);
  for (let at = 3; at <= 7; at++) delay.tick();
  expect(resets).toBe(1);
  p99 = 20;
  delay.tick();
  expect(delay.p99Ms).toBe(500);
  delay.tick();
  expect(delay.p99Ms).toBe(0);
});

it("watches a real loop from nothing on", () => {
  const watched = watchLoopDelay();
  expect(watched.p99Ms()).toBe(0);
  watched.stop();
});
