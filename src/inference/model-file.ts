import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { readGguf, tensorBytes, TrainingReadyError } from "../shared/index.ts";

/** A model that llama.cpp does not take, as an error of the catalogue. */
export function refusedModel(path: string, reason: "template" | "file", message: string): TrainingReadyError {
  const name = basename(path);
  return reason === "template"
    ? new TrainingReadyError("E_SERVE_TEMPLATE", `${name}: ${message}`, { exitCode: 1 })
    : new TrainingReadyError("E_SERVE_MODEL", `llama.cpp does not load ${name}: ${message}`, { exitCode: 1 });
}

/** Checks a model file before a process is started for it. Throws `E_FILE_MISSING`, `E_SERVE_MODEL`. */
export async function checkModelFile(path: string): Promise<void> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new TrainingReadyError("E_FILE_MISSING", `${path} does not exist or is no file`, { exitCode: 1 });
  try {
    const { tensors } = await readGguf(path);
    const sizeBytes = statSync(path).size;
    const ends = tensors.map(({ offset, shape, type }) =>
      type === undefined
        ? offset + 1
        : offset +
          tensorBytes(
            type,
            shape.reduce((a, b) => a * b, 1),
          ),
    );
    if (ends.length === 0) throw new Error("it holds no tensors");
    const wanted = Math.max(...ends);
    if (wanted > sizeBytes) throw new Error(`it is cut: ${sizeBytes} bytes, ${wanted} or more are needed`);
  } catch (cause) {
    throw new TrainingReadyError(
      "E_SERVE_MODEL",
      `${basename(path)} is no whole GGUF file: ${(cause as Error).message}`,
      { cause, exitCode: 1 },
    );
  }
}
