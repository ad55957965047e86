import { describe, expect, it } from "vitest";
import type { RunEvent } from "./events.ts";
import { crc32c, eventFile, scalarsOf } from "./tensorboard.ts";

const step = (number: number, ce: number | null): RunEvent => ({
  v: 1,
  seq: number,
  t: `2026-01-01T00:00:0${number}.000Z`,
  run: "r",
  attempt: 1,
  type: "step",
  stage: "train",
  step: number,
  loss: ce,
  ce,
  aux: 0,
  z: 0,
  lr: 0.1,
  grad_norm: 1,
  tokens: 1,
  sup_tokens: 1,
  dt: 1,
  tok_s: 1,
  mfu: null,
  mem: 1,
});

/** Frames of a TFRecord file, checked by their checksums. */
function framesOf(file: Buffer): Buffer[] {
  const unmask = (value: number): number => {
    const rotated = (value - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  const frames: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    expect(unmask(file.readUInt32LE(at + 8))).toBe(crc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(unmask(file.readUInt32LE(at + 12 + length))).toBe(crc32c(data));
    frames.push(data);
    at += 16 + length;
  }
  return frames;
}

describe("a TensorBoard log", () => {
  it("uses CRC-32C: RFC 3720 appendix B.4", () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  });

  it("goes by steps, leaves out what is no number, and names experts and domains", () => {
    const rows = scalarsOf(
      [
        step(2, 1.5),
        step(1, null),
        {
          ...step(2, 0),
          type: "moe",
          load: [
            [0.75, 0.25],
            [0.25, 0.75],
          ],
          entropy: 1,
          information: 0.5,
        } as unknown as RunEvent,
      ],
      ["a", "b"],
    );
    expect(rows.map((row) => row.step)).toEqual([1, 2, 2]);
    expect(rows[0]?.values).not.toHaveProperty("loss/train");
    expect(rows[1]?.values).toMatchObject({ "loss/train": 1.5, rate: 0.1 });
    expect(rows[2]?.values).toMatchObject({ "load/a": 0.5, "load/b": 0.5, "routing/entropy_bits": 1 });
  });

  it("frames events whose fields are those of event.proto", () => {
    const frames = framesOf(eventFile([{ seconds: 1.5, step: 300, values: { "loss/train": 2 } }]));
    expect(frames.map((frame) => frame.toString("hex"))).toEqual([
      `09000000000000f83f1a0d${Buffer.from("brain.Event:2").toString("hex")}`,
      `09000000000000f83f10ac022a130a110a0a${Buffer.from("loss/train").toString("hex")}1500000040`,
    ]);
  });
});
