import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { TrainingReadyError, type ErrorCode } from "./errors.ts";
import { didYouMean } from "./nearest.ts";

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

/** A YAML text that fits a schema. Throws `code` with file, line and the nearest known key. */
export function checkedYaml<S extends z.ZodType>(
  text: string,
  options: { fileName: string; schema: S; code: ErrorCode },
): z.output<S> {
  const { fileName, schema, code } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    const key = /^[^\s:]+/.exec(text.split("\n")[line - 1]?.trim() ?? "")?.[0] ?? "";
    const said =
      broken.code === "DUPLICATE_KEY"
        ? `the key \`${key}\` stands twice: join what is under both`
        : broken.message.split("\n")[0];
    throw new TrainingReadyError(code, `${fileName}:${line}: ${said}`, { exitCode: 1 });
  }
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  // A key that is misspelt is missing under its right name too: the misspelling says more.
  const { issues } = result.error;
  const issue = (issues.find(({ code: kind }) => kind === "unrecognized_keys") ??
    issues[0]) as z.core.$ZodIssue;
  const path = issue.path.filter((step) => typeof step !== "symbol");
  const key = issue.code === "unrecognized_keys" ? (issue.keys[0] as string) : undefined;
  const node = document.getIn(key === undefined ? path : [...path, key], true) as
    | { range?: [number, number, number] }
    | undefined;
  const line = node?.range === undefined ? 1 : lines.linePos(node.range[0]).line;
  const where = [...path, ...(key === undefined ? [] : [key])].join(".");
  const said = key === undefined ? issue.message : `unknown key.${didYouMean(key, keysAt(schema, path))}`;
  throw new TrainingReadyError(code, `${fileName}:${line}: ${where === "" ? "the file" : where}: ${said}`, {
    exitCode: 1,
  });
}
