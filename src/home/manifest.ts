import { z } from "zod";

export const artifactRoles = [
  "script",
  "model",
  "pipeline",
  "config",
  "requirements",
  "data",
  "doc",
  "platform",
  "utility",
  "test",
  "experimental",
  "unplaced",
] as const;

const path = z.string().min(1).describe("POSIX, relative to the home");

const artifact = z.strictObject({
  path,
  role: z.enum(artifactRoles),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  origin: z
    .strictObject({ package: z.string(), path: z.string(), commit: z.string().nullable() })
    .describe("where it came from: package, path in the repository, commit"),
});

const dataset = z.strictObject({
  name: z.string().min(1),
  state: z.enum(["present", "remote", "missing", "regenerable"]),
  path: z.string().optional().describe("where it lies if present"),
  pointer: z.string().optional().describe("URI of a remote copy"),
  command: z.string().optional().describe("what makes it again"),
  bytes: z.int().nonnegative().optional(),
  mentions: z.array(z.strictObject({ path: z.string(), line: z.int().positive() })).default([]),
});

/** `home.json`: the one list of what a home holds. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  packages: z
    .array(z.strictObject({ name: z.string(), path: z.string(), files: z.int().nonnegative() }))
    .default([]),
  artifacts: z.array(artifact).default([]),
  datasets: z.array(dataset).default([]),
  models: z
    .array(z.strictObject({ name: z.string(), path: z.string().optional(), base: z.string().optional() }))
    .default([]),
  platforms: z.array(z.strictObject({ name: z.string(), path: z.string() })).default([]),
});

export type HomeManifest = z.output<typeof manifestSchema>;
export type Artifact = HomeManifest["artifacts"][number];
export type ArtifactRole = (typeof artifactRoles)[number];
export type DatasetEntry = HomeManifest["datasets"][number];

/** JSON Schema (draft 2020-12) of `home.json`. */
export function manifestJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(manifestSchema);
  return { $schema, title: "home.json", ...rest };
}
