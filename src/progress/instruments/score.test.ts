import { describe, expect, it } from "vitest";
import { instruments, instrumentNamed, scoreSheet } from "./index.ts";

const phq9 = instrumentNamed("phq9");
if (phq9 === undefined) throw new Error("PHQ-9 is shipped");

describe("scoreSheet", () => {
  it("sums items, names the band and reads the risk item", () => {
    expect(scoreSheet(phq9, { items: [3, 2, 2, 1, 1, 1, 1, 0, 2] })).toMatchObject({
      ok: true,
      total: 13,
      valid: true,
      band: "moderate",
      risk: 2,
    });
  });

  it("voids the total of an incomplete sheet and still reads item 9", () => {
    expect(scoreSheet(phq9, { items: [3, null, 2, 1, 1, 1, 1, 0, 3] })).toMatchObject({
      ok: true,
      total: null,
      valid: false,
      missing: [2],
      risk: 3,
    });
    expect(scoreSheet(phq9, { items: [1, 1] })).toMatchObject({ risk: "not answered", valid: false });
  });

  it("says not asked, never no risk, where there is no such item", () => {
    const phq8 = instrumentNamed("PHQ-8");
    expect(phq8 && scoreSheet(phq8, { total: 4 })).toMatchObject({ risk: "not asked" });
    expect(scoreSheet(phq9, { total: 4 })).toMatchObject({ risk: "not answered", valid: true });
  });

  it("turns reversed items", () => {
    const core = instrumentNamed("CORE-10");
    expect(core && scoreSheet(core, { items: [0, 4, 4, 0, 0, 0, 0, 0, 0, 0] })).toMatchObject({ total: 0 });
  });

  const refusals: [string, Parameters<typeof scoreSheet>[1], string][] = [
    ["an item above its range", { items: [4, 0, 0, 0, 0, 0, 0, 0, 0] }, "items.0"],
    ["an item between levels", { items: [0, 0.5, 0, 0, 0, 0, 0, 0, 0] }, "items.1"],
    ["a tenth item", { items: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }, "items"],
    ["a total that is not the sum", { items: [1, 0, 0, 0, 0, 0, 0, 0, 0], total: 2 }, "total"],
    ["a total out of range", { total: 28 }, "total"],
    ["neither items nor total", {}, "items"],
    ["a total beside a missing item", { items: [1], total: 1 }, "total"],
  ];
  for (const [name, sheet, field] of refusals)
    it(`refuses ${name}`, () => {
      expect(scoreSheet(phq9, sheet)).toMatchObject({ ok: false, field });
    });
});

it("ships registries that hold together", () => {
  expect(instruments.length).toBeGreaterThan(8);
  for (const one of instruments) {
    expect(one.max, one.id).toBe(one.items.count * one.items.max);
    expect(one.bands.map((band) => band.from)).toEqual(
      one.bands.map((band) => band.from).toSorted((a, b) => a - b),
    );
    expect(one.thresholds.map((t) => t.points)).toEqual(
      one.thresholds.map((t) => t.points).toSorted((a, b) => a - b),
    );
  }
});
