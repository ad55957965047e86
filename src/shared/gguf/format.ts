/** Numbers of the GGUF file format, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
export const ggufMagic = 0x46554747; // "GGUF", little-endian
export const ggufVersion = 3;
export const ggufAlignment = 32;

/** Types of a metadata value, by their number in the file. */
export const valueTypes = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "bool",
  "string",
  "array",
  "uint64",
  "int64",
  "float64",
] as const;
export type ValueType = (typeof valueTypes)[number];

export type GgufScalar = number | bigint | boolean | string;
export type GgufValue =
  | { type: Exclude<ValueType, "array">; value: GgufScalar }
  | { type: "array"; items: Exclude<ValueType, "array">; value: readonly GgufScalar[] };

/** Tensor types that this codec writes; others are read by number only. */
export const tensorTypes = { F32: 0, F16: 1, Q8_0: 8, BF16: 30 } as const;
export type TensorType = keyof typeof tensorTypes;

/** `general.file_type` of a file whose matrices have a type. */
export const fileTypes: Readonly<Record<TensorType, number>> = { F32: 0, F16: 1, Q8_0: 7, BF16: 32 };

/** Values and bytes of a block of each type. */
export const blocks: Readonly<Record<TensorType, { values: number; bytes: number }>> = {
  F32: { values: 1, bytes: 4 },
  F16: { values: 1, bytes: 2 },
  BF16: { values: 1, bytes: 2 },
  Q8_0: { values: 32, bytes: 34 }, // an fp16 scale and 32 signed bytes
};

/** Bytes of a tensor with this many values. */
export function tensorBytes(type: TensorType, values: number): number {
  return (values / blocks[type].values) * blocks[type].bytes;
}

export const aligned = (offset: number): number => Math.ceil(offset / ggufAlignment) * ggufAlignment;
