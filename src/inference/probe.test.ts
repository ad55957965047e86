import { describe, expect, it } from "vitest";
import { threadsFor, usableCores } from "./cores.ts";
import { bestProbed, probeCandidates, type Probed } from "./probe.ts";

const probed = (threads: number, batch: number, prefill: number, decode: number): Probed => ({
  threads,
  batch,
  prefillTokensPerSecond: prefill,
  decodeTokensPerSecond: decode,
});

describe("a probe", () => {
  it("tries half of the cores first, and each setting once", () => {
    expect(probeCandidates(8)[0]).toEqual({ threads: 4, batch: 256 });
    for (const cores of [1, 2, 3, 8, 64]) {
      const all = probeCandidates(cores).map((one) => JSON.stringify(one));
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThan(1);
    }
  });

  it("takes the quickest turn, of equals the one with fewer threads", () => {
    const slow = probed(2, 256, 144, 2);
    const quick = probed(1, 256, 80_000, 7600);
    expect(bestProbed([slow, quick])).toBe(quick);
    expect(bestProbed([probed(4, 256, 1000, 100), probed(2, 64, 1000, 99.9)])).toMatchObject({ threads: 2 });
    expect(bestProbed([])).toBeUndefined();
  });

  it("takes every core only where that is quicker by a quarter", () => {
    const [half, all] = [probed(4, 256, 1000, 100), probed(8, 256, 1150, 115)];
    expect(bestProbed([half, all], 8)).toBe(half);
    expect(bestProbed([half, all], 16)).toBe(all);
    expect(bestProbed([half, probed(8, 256, 1400, 140)], 8)).toMatchObject({ threads: 8 });
  });

  it("lets no unrest in decoding choose the batch, which only reading depends on", () => {
    const settings = [probed(1, 256, 1280, 200), probed(1, 64, 800, 260), probed(2, 256, 700, 130)];
    expect(bestProbed(settings)).toMatchObject({ threads: 1, batch: 256 });
  });
});

describe("cores", () => {
  it("are bounded by a container's quota, and never none", () => {
    expect(usableCores(() => "50000 100000\n")).toBe(1);
    expect(usableCores(() => "100000 100000\n")).toBe(1);
    const all = usableCores(() => "max 100000\n");
    expect(all).toBeGreaterThanOrEqual(1);
    expect(usableCores(() => "rubbish")).toBe(all);
    expect(threadsFor(1)).toBe(1);
  });
});
