import { readFile } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { didYouMean, TrainingReadyError } from "../shared/index.ts";
import { configSchema, type HomeConfig } from "./config.ts";

export const configFileName = "training-ready.yaml";

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const step of path) {
    for (;;) {
      const def = (at as { def?: { type?: string; innerType?: unknown; element?: unknown; shape?: object } })
        .def;
      if (def?.innerType !== undefined) at = def.innerType;
      else if (def?.type === "array" && typeof step === "number") {
        at = def.element;
        break;
      } else {
        at = (def?.shape as Record<PropertyKey, unknown> | undefined)?.[step];
        break;
      }
    }
    if (at === undefined) return [];
  }
  for (;;) {
    const def = (at as { def?: { innerType?: unknown; shape?: object } }).def;
    if (def?.innerType !== undefined) at = def.innerType;
    else return Object.keys(def?.shape ?? {});
  }
}

/**
 * A config's text, checked. Throws `E_CONFIG` with line and the nearest known key.
 * @example
 * parseConfig("mout: /workspace", "training-ready.yaml") // E_CONFIG … Did you mean mount?
 */
export function parseConfig(text: string, fileName: string): HomeConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = document.errors[0];
  if (broken !== undefined) {
    throw new TrainingReadyError(
      "E_CONFIG",
      `${fileName}:${lines.linePos(broken.pos[0]).line}: ${broken.message.split("\n")[0]}`,
      {
        exitCode: 1,
      },
    );
  }
  const result = configSchema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const path = issue.path.filter((step) => typeof step !== "symbol");
  const key = issue.code === "unrecognized_keys" ? (issue.keys[0] as string) : undefined;
  const node = document.getIn(key === undefined ? path : [...path, key], true) as
    | { range?: [number, number, number] }
    | undefined;
  const line = node?.range === undefined ? 1 : lines.linePos(node.range[0]).line;
  const where = [...path, ...(key === undefined ? [] : [key])].join(".");
  const said =
    key === undefined ? issue.message : `unknown key.${didYouMean(key, keysAt(configSchema, path))}`;
  throw new TrainingReadyError(
    "E_CONFIG",
    `${fileName}:${line}: ${where === "" ? "the file" : where}: ${said}`,
    { exitCode: 1 },
  );
}

/** Reads and checks a config file. Throws `E_FILE_MISSING`, `E_CONFIG`. */
export async function readConfig(path: string): Promise<HomeConfig> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_MISSING", `${path} cannot be read`, { cause });
  }
  return parseConfig(text, path);
}
