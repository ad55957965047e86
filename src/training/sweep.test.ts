import { describe, expect, it } from "vitest";
import { folderOf, variantsOf } from "./sweep.ts";

describe("variantsOf", () => {
  it("makes every combination of listed values", () => {
    const variants = variantsOf(["lr=1e-4,2e-4", "epochs=1", "rank=4,8"]);
    expect(variants.map((one) => one.name)).toEqual([
      "lr=1e-4 rank=4",
      "lr=1e-4 rank=8",
      "lr=2e-4 rank=4",
      "lr=2e-4 rank=8",
    ]);
    expect(variants[3]?.assignments).toEqual(["lr=2e-4", "epochs=1", "rank=8"]);
    expect(folderOf(variants[0] as never)).toBe("lr=1e-4_rank=4");
  });

  it("leaves lists and objects whole", () => {
    expect(variantsOf(["moe.experts=[a,b]", "moe.layers={last: 2}"])).toEqual([
      { name: "", assignments: ["moe.experts=[a,b]", "moe.layers={last: 2}"] },
    ]);
  });

  it("refuses a sweep without end", () => {
    const many = `lr=${Array.from({ length: 9 }, (_, index) => index + 1).join(",")}`;
    expect(() => variantsOf([many, many.replace("lr", "rank")])).toThrow(/81 runs/);
  });
});
