import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { TrainingReadyError } from "../shared/index.ts";

/**
 * A file of settings that a site writes, in JSON; undefined without one. Throws `E_FILE_UNREADABLE`, and `E_INPUT` with
 * the file and the field.
 */
export function readSettingsFile<S extends z.ZodType>(path: string, schema: S): z.output<S> | undefined {
  if (!existsSync(path)) return undefined;
  let written: unknown;
  try {
    written = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_UNREADABLE", `${path} is no JSON document`, { cause, exitCode: 1 });
  }
  const read = schema.safeParse(written);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const field =
    issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : issue?.path.map(String).join(".");
  throw new TrainingReadyError("E_INPUT", `${path}: ${field}: ${issue?.message}`, { exitCode: 1 });
}
