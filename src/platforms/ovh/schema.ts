import { z } from "zod";
import { imageName, programShape, remotePath, servingShape, workloadShape } from "../workload.ts";

/**
 * GPU flavours of OVH AI Training, a unit each: `ovhai capabilities flavor list`, as OVHcloud's documentation shows it.
 * How many units an account gets is its quota.
 */
export const ovhFlavours: Readonly<
  Record<string, { flavour: string; memoryGb: number; cpus: number; systemGb: number }>
> = {
  L40S: { flavour: "l40s-1-gpu", memoryGb: 48, cpus: 13, systemGb: 80 },
  A100: { flavour: "a100-1-gpu", memoryGb: 80, cpus: 13, systemGb: 160 },
  H100: { flavour: "h100-1-gpu", memoryGb: 80, cpus: 28, systemGb: 350 },
};

/** A running job is ended after seven days. */
export const ovhCapHours = 168;

const container = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "must be a bucket: 3 to 63 lower-case letters, digits, dashes");
const prefix = z
  .string()
  .regex(/^(?:[\w.-]+\/)*$/, "must be a path that ends in /, without spaces")
  .refine((path) => !path.split("/").includes(".."), "must not go up");

/** Settings of OVH AI Training and AI Deploy. */
export const ovhSchema = z.strictObject({
  ...workloadShape,
  ...programShape,
  ...servingShape,
  recipe: z.string().min(1).default("staged").describe("preset, or path of a recipe file in the job"),
  stage: z
    .enum(["foundation", "reasoning", "voice", "all"])
    .default("all")
    .describe("one stage, or all of them one after the other"),
  base: remotePath.default("/workspace/base").describe("base model: a folder in the job"),
  run: remotePath
    .default("/workspace/checkpoints/run")
    .describe("run folder in the job, below the read-write volume"),
  gpu: z.string().default("L40S").describe("L40S (48 GB), A100 or H100 (80 GB)"),
  cpus: z.int().positive().default(8).describe("least CPU cores; the flavour has a fixed number"),
  memory_gb: z
    .int()
    .positive()
    .default(64)
    .describe("least system memory in GB; the flavour has a fixed amount"),
  storage_gb: z
    .int()
    .min(0)
    .default(200)
    .describe("local storage that the job insists on when it starts, in GB; the flavour has a fixed amount"),
  region: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/, "must be the alias of a data store")
    .default("GRA")
    .describe("alias of the data store; `ovhai datastore list` names them"),
  data_container: container.default("training-data").describe("bucket of data sets"),
  data_prefix: prefix.default("datasets/").describe("where the data set lies in it"),
  base_prefix: prefix.default("base/").describe("where the base model lies in it"),
  checkpoint_container: container.default("training-checkpoints").describe("bucket of runs"),
  secrets_container: container
    .default("training-secrets")
    .describe("bucket with one object a secret, mounted read-only"),
  endpoint: z
    .string()
    .regex(/^https:\/\/[^\s@?]+$/, "must be an https address without credentials")
    .default("https://s3.gra.io.cloud.ovh.net")
    .describe("S3 address of the object storage"),
  image: imageName
    .default("registry.example.org/training-ready/training:0.1.0")
    .describe("image of training; `platform docker image build` makes it"),
  inference_image: imageName
    .default("registry.example.org/training-ready/inference:0.1.0")
    .describe("image of the service"),
  public: z
    .boolean()
    .default(false)
    .describe("true lets anybody reach the service's address without a token"),
});

export type OvhSettings = z.output<typeof ovhSchema>;
