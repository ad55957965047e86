import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeValues, encodeValues, readGguf, writeGguf, type GgufValue } from "./index.ts";
import { fromHalf, toHalf } from "./numbers.ts";

// Made by the Python package gguf 0.19.0 (quants.quantize) and numpy, from seeded normal numbers.
const input =
  "a54CQASQI8ANEdY+WVkRv6bB574AAAA/AAD+wgAAIECbfl2/BqxUQJs0Zz4GjLS+6ASQvhYFK78sD4e/ERfIvozB9j5mR3S+rS91P+6YTL7/u8Y8dd3FPwmMCz+sVgG/JDo7vttfCj/3sPc/rQuKvnJneb7QS4A/Cu9iv1tclb4wWmc6oSIYOqjsvzjxqS86sVg5u1/dhTqrkHu6l7XauuzvkDnFpDc6rS/puTAWjbqnJts3/jxduAw8uDqz7UM6/jpLOTm0kTqsgVe5Erhyun0bGTp+tRg6skNhuWU1TboISXA5mnAju33pNDoqzwA67M7WuuqqgDiiu3y6PoBGOg==";
const wanted = {
  Q8_0: "ADwC/QD/AAGBA/8DAAAA//8AAAABAAACAf8AAQIAAAH/AHYBKBoEHoEu1bUMH+zQAf4/Igky99YaGvbdCpAfFrYD1SI=",
  BF16: "A0AkwNY+Eb/ovgA//sIgQF2/VUBnPrW+kL4rv4e/yL73PnS+dT9Nvsc8xj8MPwG/O74KP/g/ir55voA/Y7+Vvmc6GDrAODA6ObuGOny627qROTg66bmNuts3Xbi4OkQ6SzmSOli5c7oZOhk6YblNunA5I7s1OgE617qBOH26Rzo=",
  F16: "FUAdwbE2i7g+twA48NcAQey6pUI6M6S1gLRYuTi8Qba2N6KzqTtlsjYmLz5cOAu42rFTOL4/ULTLswI8F7urtDsTwRD/BX0Ry5kvFN2T1paHDL0RSY9plLYBdYPCFR8SWgqOFLyKlpPJEMYQCotqkoILHJmnEQYQtpYFBOaTNBI=",
} as const;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

describe("tensor values", () => {
  for (const type of ["Q8_0", "BF16", "F16"] as const) {
    it(`are written in ${type} as the reference writes them`, () => {
      expect(Buffer.from(encodeValues(decodeValues(bytes(input), "F32"), type)).toString("base64")).toBe(
        wanted[type],
      );
    });
  }

  it("are rounded to fp16 at its borders as numpy rounds them", () => {
    const values = [
      65504,
      65519,
      65520,
      1e-8,
      2 ** -24,
      2 ** -25,
      2 ** -25 * 1.0001,
      3 * 2 ** -25,
      6.1e-5,
      -0,
      Infinity,
      5.96e-8,
      1 + 2 ** -10,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
    ];
    expect(values.map((value) => toHalf(value))).toEqual([
      31743, 31743, 31744, 0, 1, 0, 1, 2, 1023, 32768, 31744, 1, 15361, 15360, 15362,
    ]);
  });

  it("come back from every fp16", () => {
    for (let half = 0; half < 65536; half++) {
      const number = fromHalf(half);
      if (!Number.isNaN(number)) expect(toHalf(number)).toBe(half);
    }
  });

  it("come back from bf16", () => {
    const values = decodeValues(bytes(wanted.BF16), "BF16");
    expect(Buffer.from(encodeValues(values, "BF16")).toString("base64")).toBe(wanted.BF16);
  });
});

describe("a GGUF file", () => {
  const metadata = new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: "llama" }],
    ["a.count", { type: "uint32", value: 7 }],
    ["a.base", { type: "float32", value: 0.5 }],
    ["a.flag", { type: "bool", value: true }],
    ["a.big", { type: "uint64", value: 2n ** 40n }],
    ["a.words", { type: "array", items: "string", value: ["ä", "", "漢"] }],
    ["a.numbers", { type: "array", items: "int32", value: [1, -2] }],
  ]);
  const path = join(mkdtempSync(join(tmpdir(), "gguf-")), "a.gguf");

  it("reads as it was written", async () => {
    const values = new Float32Array([1, 2, 3, 4, 5, 6]);
    await writeGguf(path, {
      metadata,
      tensors: [
        { name: "one", shape: [2, 3], type: "F32", bytes: async () => encodeValues(values, "F32") },
        {
          name: "two",
          shape: [1, 32],
          type: "Q8_0",
          bytes: async () => encodeValues(new Float32Array(32).fill(1), "Q8_0"),
        },
      ],
    });
    const file = await readGguf(path);
    expect(file.metadata).toEqual(metadata);
    expect(file.tensors.map(({ name, shape, type }) => [name, shape, type])).toEqual([
      ["one", [2, 3], "F32"],
      ["two", [1, 32], "Q8_0"],
    ]);
    const whole = readFileSync(path);
    const at = file.tensors[0]?.offset as number;
    expect(at % 32).toBe(0);
    expect([...decodeValues(whole.subarray(at, at + 24), "F32")]).toEqual([...values]);
  });

  it("refuses a tensor whose bytes do not fit its shape, and leaves nothing behind", async () => {
    const wrong = `${path}.wrong`;
    const tensors = [{ name: "one", shape: [2], type: "F32" as const, bytes: async () => new Uint8Array(4) }];
    await expect(writeGguf(wrong, { metadata, tensors })).rejects.toThrow(
      /one has 4 bytes, its shape says 8/,
    );
    await expect(readGguf(wrong)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  });

  it("refuses other files, cut ones and absurd sizes", async () => {
    const whole = readFileSync(path);
    for (const [index, content] of [
      Buffer.from("no model"),
      whole.subarray(0, 40),
      Buffer.concat([whole.subarray(0, 8), Buffer.alloc(16, 255)]),
    ].entries()) {
      const bad = `${path}.${index}`;
      writeFileSync(bad, content);
      await expect(readGguf(bad)).rejects.toMatchObject({ code: "E_FILE_UNREADABLE" });
    }
  });
});
