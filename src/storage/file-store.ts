import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { TrainingReadyError } from "../shared/index.ts";
import type { Store } from "./store.ts";

function missing(path: string, cause: unknown): TrainingReadyError {
  const code = (cause as NodeJS.ErrnoException).code;
  const said = code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read (${code})`;
  return new TrainingReadyError("E_DATA_SOURCE_MISSING", `${path} ${said}`, { cause, exitCode: 1 });
}

/** Files of this machine, by absolute path. Throws `E_DATA_SOURCE_MISSING`. */
export const fileStore: Store = {
  async stat(path) {
    const info = await stat(path, { bigint: true }).catch((cause: unknown) => {
      throw missing(path, cause);
    });
    if (!info.isFile()) {
      throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${path} is no file`, { exitCode: 1 });
    }
    return {
      bytes: Number(info.size),
      version: `${info.size}-${info.mtimeNs}-${info.ino}`,
      changedAt: Number((info.ctimeNs > info.mtimeNs ? info.ctimeNs : info.mtimeNs) / 1_000_000n),
    };
  },
  async *read(path, range = { start: 0 }) {
    if (range.end !== undefined && range.end <= range.start) return;
    const stream = createReadStream(path, {
      start: range.start,
      ...(range.end === undefined ? {} : { end: range.end - 1 }),
      highWaterMark: 256 * 1024,
    });
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (cause) {
      throw missing(path, cause);
    } finally {
      stream.destroy();
    }
  },
};
