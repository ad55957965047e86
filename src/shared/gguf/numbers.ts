import type { TensorType } from "./format.ts";

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** The bits of the nearest fp16, ties to even; overflow becomes infinity. */
export function toHalf(value: number): number {
  floats[0] = value;
  const x = bits[0] as number;
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal in fp16: the unit is 2^-24. Adding and taking off 2^23 of them rounds to even.
    const units = Math.abs(value) * 2 ** 24;
    return sign | (units + 2 ** 52 - 2 ** 52);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** The number that fp16 bits stand for. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of the nearest bf16, ties to even. */
export function toBrainFloat(value: number): number {
  floats[0] = value;
  const x = bits[0] as number;
  if ((x & 0x7fffffff) > 0x7f800000) return (x >>> 16) | 64;
  return ((x + 0x7fff + ((x >>> 16) & 1)) >>> 16) & 0xffff;
}

/** C's roundf: halves away from zero. */
const roundAway = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

function encodeQ8(values: Float32Array): Uint8Array {
  const out = Buffer.alloc((values.length / 32) * 34);
  for (let block = 0; block * 32 < values.length; block++) {
    let largest = 0;
    for (let at = 0; at < 32; at++) largest = Math.max(largest, Math.abs(values[block * 32 + at] as number));
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    out.writeUInt16LE(toHalf(scale), block * 34);
    for (let at = 0; at < 32; at++)
      out.writeInt8(
        roundAway(Math.fround((values[block * 32 + at] as number) * inverse)),
        block * 34 + 2 + at,
      );
  }
  return out;
}

/** Values in a tensor type; for Q8_0 their number must be a multiple of 32. */
export function encodeValues(values: Float32Array, type: TensorType): Uint8Array {
  if (type === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (type === "Q8_0") return encodeQ8(values);
  const convert = type === "F16" ? toHalf : toBrainFloat;
  const out = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) out[at] = convert(values[at] as number);
  return new Uint8Array(out.buffer);
}

/** Little-endian bytes of F32, F16 or BF16 as fp32 numbers. */
export function decodeValues(bytes: Uint8Array, type: "F32" | "F16" | "BF16"): Float32Array {
  if (type === "F32") return new Float32Array(new Uint8Array(bytes).buffer);
  const halves = new Uint16Array(new Uint8Array(bytes).buffer);
  const out = new Float32Array(halves.length);
  if (type === "F16") {
    for (let at = 0; at < halves.length; at++) out[at] = fromHalf(halves[at] as number);
    return out;
  }
  const words = new Uint32Array(out.buffer);
  for (let at = 0; at < halves.length; at++) words[at] = (halves[at] as number) << 16;
  return out;
}
