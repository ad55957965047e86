import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeValues, TrainingReadyError } from "../../shared/index.ts";

type Entry = { file: string; start: number; end: number; dtype: "F32" | "F16" | "BF16"; shape: number[] };

/** The tensors of a Hugging Face folder, sharded or not, read one at a time. */
export type TensorFolder = {
  names: string[];
  shape(name: string): number[];
  read(name: string): Promise<Float32Array>;
};

function refuse(message: string): never {
  throw new TrainingReadyError("E_FILE_UNREADABLE", message);
}

async function readHeader(path: string): Promise<[string, Entry][]> {
  const file = await open(path, "r");
  try {
    const size = Buffer.alloc(8);
    await file.read(size, 0, 8, 0);
    const length = Number(size.readBigUInt64LE());
    if (length > 100_000_000) refuse(`${path} is no safetensors file`);
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, 8);
    const entries = JSON.parse(header.toString("utf8")) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >;
    return Object.entries(entries).flatMap(([name, entry]): [string, Entry][] => {
      if (name === "__metadata__") return [];
      const { dtype, shape, data_offsets: range } = entry;
      if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16")
        return refuse(`${path}: ${name} has the type ${dtype}`);
      return [[name, { file: path, start: 8 + length + range[0], end: 8 + length + range[1], dtype, shape }]];
    });
  } finally {
    await file.close();
  }
}

/** Opens the weights of a folder. Throws `E_FILE_UNREADABLE`. */
export async function openTensors(folder: string): Promise<TensorFolder> {
  const index = join(folder, "model.safetensors.index.json");
  const files = existsSync(index)
    ? [
        ...new Set(
          Object.values(
            (JSON.parse(await readFile(index, "utf8")) as { weight_map: Record<string, string> }).weight_map,
          ),
        ),
      ]
    : ["model.safetensors"];
  const entries = new Map((await Promise.all(files.map((name) => readHeader(join(folder, name))))).flat());
  const entryOf = (name: string): Entry => entries.get(name) ?? refuse(`${folder} has no tensor ${name}`);
  return {
    names: [...entries.keys()],
    shape: (name) => entryOf(name).shape,
    async read(name) {
      const entry = entryOf(name);
      const file = await open(entry.file, "r");
      try {
        const bytes = Buffer.alloc(entry.end - entry.start);
        for (let done = 0; done < bytes.length;) {
          const { bytesRead } = await file.read(
            bytes,
            done,
            Math.min(1 << 30, bytes.length - done),
            entry.start + done,
          );
          if (bytesRead === 0) refuse(`${entry.file} ends within ${name}`);
          done += bytesRead;
        }
        return decodeValues(bytes, entry.dtype);
      } finally {
        await file.close();
      }
    },
  };
}
