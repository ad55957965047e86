import { stringify } from "yaml";
import { z } from "zod";
import { configSchema } from "./config.ts";

type SchemaNode = { description?: string };

/**
 * The text of a new `training-ready.yaml`: every key with its default, its sentence above it.
 * @param options.schemaPath where an editor finds the JSON Schema, relative to the file
 */
export function newConfigText(options: { name: string; schemaPath: string }): string {
  const defaults = configSchema.parse({ name: options.name }) as Record<string, unknown>;
  const lines = [
    `# yaml-language-server: $schema=${options.schemaPath}`,
    "# The home of this team's training work.",
    "",
  ];
  for (const [key, type] of Object.entries(configSchema.shape)) {
    const sentence = (type.meta() as SchemaNode | undefined)?.description;
    if (sentence !== undefined) lines.push(`# ${sentence}`);
    const value = defaults[key];
    if (value === undefined) lines.push(`# ${key}:`);
    else lines.push(stringify({ [key]: value }).trimEnd());
    lines.push("");
  }
  return lines.join("\n");
}

/** JSON Schema (draft 2020-12) of `training-ready.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: "input" });
  return { $schema, title: "training-ready.yaml", ...rest };
}
