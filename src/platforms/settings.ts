import { parse, stringify } from "yaml";
import { z } from "zod";
import { didYouMean, findSecrets, TrainingReadyError } from "../shared/index.ts";

const wrong = (where: string, said: string, hint?: string): TrainingReadyError =>
  new TrainingReadyError("E_PLATFORM_SETTING", `${where}: ${said}`, {
    exitCode: 1,
    ...(hint === undefined ? {} : { hint }),
  });

function mapping(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (cause) {
    throw wrong(file, (cause as Error).message.split("\n")[0] as string);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(file, "holds no settings (key: value)");
  return value as Record<string, unknown>;
}

/** `key=value` as YAML reads the value; a list may be given as `a,b`. */
function assignment(text: string, lists: ReadonlySet<string>): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw wrong(text, "is not of the form key=value");
  const key = text.slice(0, at);
  const value = text.slice(at + 1);
  if (lists.has(key) && !value.trimStart().startsWith("["))
    return [key, value === "" ? [] : value.split(",")];
  try {
    return [key, parse(value) as unknown];
  } catch {
    return [key, value];
  }
}

const isList = (type: z.ZodType): boolean =>
  type instanceof z.ZodArray || (type instanceof z.ZodDefault && isList(type.def.innerType as z.ZodType));

/**
 * A platform's settings: file text (may be empty), then assignments. Throws `E_PLATFORM_SETTING` naming the key and the
 * nearest known one, `E_PLATFORM_SECRET` where a value looks like a secret.
 */
export function readSettings<S extends z.ZodObject>(
  schema: S,
  input: { platform: string; text?: string; file?: string; set?: readonly string[] },
): z.output<S> {
  const file = input.file ?? `${input.platform} settings`;
  const text = input.text ?? "";
  if ([text, ...(input.set ?? [])].some((one) => findSecrets(one).length > 0)) {
    throw new TrainingReadyError("E_PLATFORM_SECRET", `${file} holds a secret itself`, { exitCode: 1 });
  }
  const keys = Object.keys(schema.shape);
  const lists = new Set(keys.filter((key) => isList(schema.shape[key] as z.ZodType)));
  const values = mapping(text, file);
  for (const one of input.set ?? []) {
    const [key, value] = assignment(one, lists);
    values[key] = value;
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] as string;
    throw wrong(`${file}: ${key}`, `${input.platform} knows no such setting.${didYouMean(key, keys)}`);
  }
  throw wrong(`${file}: ${issue.path.join(".")}`, issue.message);
}

/** The settings as a YAML file, every key with its sentence above it. */
export function settingsText(schema: z.ZodObject, platform: string): string {
  const defaults: Record<string, unknown> = schema.parse({});
  const lines = [`# Settings of the platform ${platform}; flags --set key=value go before them.`];
  for (const [key, type] of Object.entries(schema.shape)) {
    const inner = type instanceof z.ZodDefault || type instanceof z.ZodOptional ? type.def.innerType : type;
    const sentence = (type as z.ZodType).description ?? (inner as z.ZodType).description;
    if (sentence !== undefined) lines.push(`# ${sentence}`);
    lines.push(defaults[key] === undefined ? `# ${key}:` : stringify({ [key]: defaults[key] }).trimEnd());
  }
  return `${lines.join("\n")}\n`;
}
