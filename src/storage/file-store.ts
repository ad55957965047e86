import { open, stat } from "node:fs/promises";
import { TrainingReadyError } from "../shared/index.ts";
import type { Store } from "./store.ts";

const chunkBytes = 256 * 1024;

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
    const file = await open(path).catch((cause: unknown) => {
      throw missing(path, cause);
    });
    try {
      let buffer = Buffer.alloc(0);
      for (let at = range.start; range.end === undefined || at < range.end;) {
        const most = Math.min(chunkBytes, (range.end ?? Infinity) - at);
        if (buffer.length < most || range.mayReuse !== true) buffer = Buffer.allocUnsafeSlow(most);
        const { bytesRead } = await file.read(buffer, 0, most, at).catch((cause: unknown) => {
          throw missing(path, cause);
        });
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  },
};
