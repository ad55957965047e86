import { z } from "zod";
import { dataConfigSchema } from "./data-config.ts";

const pin = z
  .strictObject({
    path: z.string().min(1).describe("folder of the package, relative to the repository's root"),
    name: z.string().min(1).optional().describe("its name in reports; default the folder's name"),
    as: z.enum(["source", "home", "vendored", "ignore"]).default("source").describe("what the folder is"),
  })
  .describe("a package that detection must not decide");

const ignoreRule = z
  .strictObject({
    rule: z.string().describe("rule of the finding, e.g. ref-stale"),
    path: z.string().optional().describe("glob of the finding's file"),
    target: z.string().optional().describe("glob of the missing target or module"),
    reason: z.string().min(1).describe("why this is no defect"),
    until: z.iso.date().optional().describe("day after which the finding counts again"),
  })
  .describe("a finding that is not to be reported");

/** `training-ready.yaml`: flat and strict, every key with its default. Relative paths start at the file's folder. */
export const configSchema = z.strictObject({
  version: z.literal(1).default(1).describe("version of this file's form"),
  name: z.string().min(1).optional().describe("name of the home; default the folder's name"),
  packages: z
    .array(pin)
    .default([])
    .describe("folders that are packages, or are not, whatever detection says"),
  mount: z
    .string()
    .optional()
    .describe("path above the repository's root under which paths name it, e.g. /workspace/app"),
  repository_urls: z
    .array(z.string().min(1))
    .default([])
    .describe("addresses of this repository, former ones too; its git remotes are known already"),
  exclude: z.array(z.string()).default([]).describe("globs of files that the audit does not read"),
  ignore: z.array(ignoreRule).default([]).describe("findings that are not defects, each with its reason"),
  data: dataConfigSchema.prefault({}),
  progress: z
    .strictObject({
      database: z
        .string()
        .min(1)
        .optional()
        .describe(
          "sqlite, env:NAME of a variable with a postgres:// URL, file:PATH of a file with one, or the URL itself if it holds no password; default: TRAINING_READY_PROGRESS_DATABASE, else sqlite",
        ),
    })
    .prefault({})
    .describe("the progress tracker"),
});

export type HomeConfig = z.output<typeof configSchema>;
