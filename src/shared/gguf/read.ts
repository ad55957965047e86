import { open, type FileHandle } from "node:fs/promises";
import { TrainingReadyError } from "../errors.ts";
import {
  ggufAlignment,
  ggufMagic,
  tensorTypes,
  valueTypes,
  type GgufScalar,
  type GgufValue,
  type TensorType,
  type ValueType,
} from "./format.ts";

export type GgufTensorInfo = {
  name: string;
  /** Outermost first, as in PyTorch. */
  shape: number[];
  /** Number of the type in the file; `type` where this codec knows it. */
  typeNumber: number;
  type?: TensorType;
  /** Byte offset in the file. */
  offset: number;
};

export type GgufFile = { version: number; metadata: Map<string, GgufValue>; tensors: GgufTensorInfo[] };

/** Reads forward through a file in pieces, so that a header of many megabytes needs no guess of its size. */
class Cursor {
  private buffer = Buffer.alloc(0);
  private at = 0;
  private fileOffset = 0;
  private readonly file: FileHandle;

  constructor(file: FileHandle) {
    this.file = file;
  }

  get position(): number {
    return this.fileOffset - this.buffer.length + this.at;
  }

  async take(count: number): Promise<Buffer> {
    if (this.at + count > this.buffer.length) {
      const size = Math.max(count, 1 << 20);
      const next = Buffer.alloc(size);
      const { bytesRead } = await this.file.read(next, 0, size, this.fileOffset);
      this.fileOffset += bytesRead;
      this.buffer = Buffer.concat([this.buffer.subarray(this.at), next.subarray(0, bytesRead)]);
      this.at = 0;
      if (count > this.buffer.length) throw new RangeError("the file ends within its header");
    }
    this.at += count;
    return this.buffer.subarray(this.at - count, this.at);
  }

  async uint32(): Promise<number> {
    return (await this.take(4)).readUInt32LE();
  }

  async size(): Promise<number> {
    const value = Number((await this.take(8)).readBigUInt64LE());
    if (value > 2 ** 40) throw new RangeError("a size is beyond reason");
    return value;
  }

  async text(): Promise<string> {
    return (await this.take(await this.size())).toString("utf8");
  }
}

async function scalar(cursor: Cursor, type: ValueType): Promise<GgufScalar> {
  switch (type) {
    case "uint8":
      return (await cursor.take(1)).readUInt8();
    case "int8":
      return (await cursor.take(1)).readInt8();
    case "uint16":
      return (await cursor.take(2)).readUInt16LE();
    case "int16":
      return (await cursor.take(2)).readInt16LE();
    case "uint32":
      return await cursor.uint32();
    case "int32":
      return (await cursor.take(4)).readInt32LE();
    case "float32":
      return (await cursor.take(4)).readFloatLE();
    case "bool":
      return (await cursor.take(1)).readUInt8() !== 0;
    case "string":
      return await cursor.text();
    case "uint64":
      return (await cursor.take(8)).readBigUInt64LE();
    case "int64":
      return (await cursor.take(8)).readBigInt64LE();
    case "float64":
      return (await cursor.take(8)).readDoubleLE();
    default:
      throw new RangeError("an array of arrays is not known here");
  }
}

async function typeOf(cursor: Cursor): Promise<ValueType> {
  const type = valueTypes[await cursor.uint32()];
  if (type === undefined) throw new RangeError("a value has an unknown type");
  return type;
}

async function value(cursor: Cursor): Promise<GgufValue> {
  const type = await typeOf(cursor);
  if (type !== "array") return { type, value: await scalar(cursor, type) };
  const items = await typeOf(cursor);
  if (items === "array") throw new RangeError("an array of arrays is not known here");
  const count = await cursor.size();
  const list: GgufScalar[] = [];
  for (let index = 0; index < count; index++) list.push(await scalar(cursor, items));
  return { type, items, value: list };
}

const nameOfType = new Map<number, TensorType>(
  Object.entries(tensorTypes).map(([name, number]) => [number, name as TensorType]),
);

/** The header of a GGUF file: metadata and where each tensor lies. Throws `E_FILE_MISSING`, `E_FILE_UNREADABLE`. */
export async function readGguf(path: string): Promise<GgufFile> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw new TrainingReadyError("E_FILE_MISSING", `${path} cannot be opened`, { cause });
  });
  try {
    const cursor = new Cursor(file);
    if ((await cursor.uint32()) !== ggufMagic) throw new RangeError("it does not begin with GGUF");
    const version = await cursor.uint32();
    if (version !== 2 && version !== 3) throw new RangeError(`its version is ${version}, not 2 or 3`);
    const [tensorCount, valueCount] = [await cursor.size(), await cursor.size()];
    const metadata = new Map<string, GgufValue>();
    for (let index = 0; index < valueCount; index++) metadata.set(await cursor.text(), await value(cursor));
    const tensors: GgufTensorInfo[] = [];
    for (let index = 0; index < tensorCount; index++) {
      const name = await cursor.text();
      const shape: number[] = [];
      const dimensions = await cursor.uint32();
      if (dimensions > 8) throw new RangeError(`tensor ${name} has ${dimensions} dimensions`);
      for (let at = 0; at < dimensions; at++) shape.unshift(await cursor.size());
      const typeNumber = await cursor.uint32();
      const type = nameOfType.get(typeNumber);
      tensors.push({
        name,
        shape,
        typeNumber,
        ...(type === undefined ? {} : { type }),
        offset: await cursor.size(),
      });
    }
    const alignment = Number(metadata.get("general.alignment")?.value ?? ggufAlignment);
    const start = Math.ceil(cursor.position / alignment) * alignment;
    for (const tensor of tensors) tensor.offset += start;
    return { version, metadata, tensors };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} is no readable GGUF file: ${cause.message}`, {
      cause,
    });
  } finally {
    await file.close();
  }
}
