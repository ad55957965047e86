import { expect, test } from "vitest";
import type { Probed } from "../probe.ts";
import { judgeChoice } from "./optimizer.ts";

const setting = (threads: number, batch: number, prefill: number, decode: number): Probed => ({
  threads,
  batch,
  prefillTokensPerSecond: prefill,
  decodeTokensPerSecond: decode,
});

test("a choice is worth what the grid measured of it, not what the probe believed", () => {
  const probe = [setting(1, 256, 1280, 9999), setting(2, 256, 1280, 10)];
  // 128 tokens to read and 64 to write: 0.1 + 1 s, and 0.1 + 0.45 s.
  const grid = [setting(1, 256, 1280, 64), setting(2, 64, 1280, 64 / 0.45)];
  const judged = judgeChoice(probe, grid, null);
  expect(judged.chosen).toEqual({ threads: 1, batch: 256 });
  expect(judged.measured.best).toMatchObject({ threads: 2, batch: 64 });
  expect(judged.shareOfBest).toBeCloseTo(0.5, 5);
  expect(judged.timesLibraryDefault).toBeNull();
});

test("of several rounds the quickest counts, and the library's default is compared with the choice", () => {
  const one = setting(1, 256, 1280, 64);
  const judged = judgeChoice([one], [setting(1, 256, 640, 32), one, setting(1, 256, 100, 64)], {
    ...setting(4, 512, 1, 1),
    turnSeconds: 22,
  });
  expect(judged.grid).toHaveLength(1);
  expect(judged.shareOfBest).toBe(1);
  expect(judged.timesLibraryDefault).toBeCloseTo(20, 5);
});
