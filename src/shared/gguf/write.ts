import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { TrainingReadyError } from "../errors.ts";
import {
  aligned,
  ggufMagic,
  ggufVersion,
  tensorBytes,
  tensorTypes,
  valueTypes,
  type GgufScalar,
  type GgufValue,
  type TensorType,
  type ValueType,
} from "./format.ts";

/** A tensor to write: its shape outermost first (as in PyTorch) and its bytes, made when they are needed. */
export type GgufTensor = {
  name: string;
  shape: readonly number[];
  type: TensorType;
  bytes: () => Promise<Uint8Array> | AsyncIterable<Uint8Array>;
};

const uint64 = (value: number | bigint): Buffer => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
};
const uint32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
};
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
};

function scalar(type: Exclude<ValueType, "array">, value: GgufScalar): Buffer {
  if (type === "string") return text(String(value));
  if (type === "bool") return Buffer.from([value === true ? 1 : 0]);
  if (type === "uint64") return uint64(value as number | bigint);
  const number = Number(value);
  const out = Buffer.alloc(
    { uint8: 1, int8: 1, uint16: 2, int16: 2, uint32: 4, int32: 4, float32: 4, int64: 8, float64: 8 }[type],
  );
  if (type === "uint8") out.writeUInt8(number);
  else if (type === "int8") out.writeInt8(number);
  else if (type === "uint16") out.writeUInt16LE(number);
  else if (type === "int16") out.writeInt16LE(number);
  else if (type === "uint32") out.writeUInt32LE(number);
  else if (type === "int32") out.writeInt32LE(number);
  else if (type === "float32") out.writeFloatLE(number);
  else if (type === "int64") out.writeBigInt64LE(BigInt(value));
  else out.writeDoubleLE(number);
  return out;
}

const code = (type: ValueType): Buffer => uint32(valueTypes.indexOf(type));

function encoded(value: GgufValue): Buffer {
  if (value.type !== "array") return Buffer.concat([code(value.type), scalar(value.type, value.value)]);
  const items = value.value.map((item) => scalar(value.items, item));
  return Buffer.concat([code("array"), code(value.items), uint64(value.value.length), ...items]);
}

const valuesOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function header(metadata: ReadonlyMap<string, GgufValue>, tensors: readonly GgufTensor[]): Buffer {
  const parts = [uint32(ggufMagic), uint32(ggufVersion), uint64(tensors.length), uint64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), encoded(value));
  let offset = 0;
  for (const { name, shape, type } of tensors) {
    // ggml counts dimensions innermost first.
    const dimensions = shape.toReversed().map(uint64);
    parts.push(text(name), uint32(shape.length), ...dimensions, uint32(tensorTypes[type]), uint64(offset));
    offset = aligned(offset + tensorBytes(type, valuesOf(shape)));
  }
  const whole = Buffer.concat(parts);
  return Buffer.concat([whole, Buffer.alloc(aligned(whole.length) - whole.length)]);
}

async function writeTensor(file: FileHandle, tensor: GgufTensor): Promise<void> {
  const made = tensor.bytes();
  const wanted = tensorBytes(tensor.type, valuesOf(tensor.shape));
  let written = 0;
  if (Symbol.asyncIterator in made) {
    for await (const chunk of made) {
      await file.writeFile(chunk);
      written += chunk.length;
    }
  } else {
    const bytes = await made;
    await file.writeFile(bytes);
    written = bytes.length;
  }
  if (written !== wanted)
    throw new TrainingReadyError(
      "E_INTERNAL",
      `tensor ${tensor.name} has ${written} bytes, its shape says ${wanted}`,
    );
  await file.writeFile(Buffer.alloc(aligned(wanted) - wanted));
}

/**
 * Writes a GGUF file tensor by tensor, beside its place and renamed when whole. Throws `E_WRITE_FAILED`.
 */
export async function writeGguf(
  path: string,
  content: { metadata: ReadonlyMap<string, GgufValue>; tensors: readonly GgufTensor[] },
): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w").catch((cause: unknown) => {
    throw new TrainingReadyError("E_WRITE_FAILED", `${path} could not be written`, { cause });
  });
  try {
    await file.writeFile(header(content.metadata, content.tensors));
    for (const tensor of content.tensors) await writeTensor(file, tensor);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (cause) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    if (cause instanceof TrainingReadyError) throw cause;
    throw new TrainingReadyError(
      "E_WRITE_FAILED",
      `${path} could not be written: ${(cause as Error).message}`,
      { cause },
    );
  }
}
