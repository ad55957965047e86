import { z } from "zod";

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,50}$/, "must be lower-case letters, digits and dashes, at most 51")
  .describe("name of the job on the platform");

/** A path on the platform. It stands in scripts and argv, always quoted; control characters are refused. */
export const remotePath = z
  .string()
  .min(1)
  // oxlint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f]+$/u, "must hold no control character");

/** The name of a secret: an environment variable, never its value. */
export const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,63}$/, "must be the name of an environment variable, not a value");

/** An image by name and tag or digest. */
export const imageName = z
  .string()
  .regex(
    /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?::\d+)?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    "must be an image name with a tag or digest, in lower case",
  );

const hours = z.number().positive().max(10_000);
const count = z.int().positive();

/** What is to be run, the same on every platform. */
export const workloadShape = {
  name: name.default("training"),
  recipe: z.string().min(1).default("lora").describe("preset, or path of a recipe file on the platform"),
  profile: z
    .enum(["fast", "balanced", "quality", "memory_efficient", "auto"])
    .optional()
    .describe("row length and recompute; default the recipe's own"),
  stage: z
    .enum(["foundation", "reasoning", "voice", "all"])
    .optional()
    .describe("one stage of the recipe staged, or all of them"),
  base: remotePath.optional().describe("base model: a folder on the platform"),
  data: remotePath.default("/workspace/data").describe("folder of the built data set on the platform"),
  run: remotePath.default("/workspace/run").describe("run folder on the platform"),
  set: z
    .array(z.string().regex(/^[\w.]+=/))
    .default([])
    .describe("changes of the recipe, key=value"),
  hours: hours.default(12).describe("longest run time of one job in hours"),
  window: z
    .boolean()
    .default(true)
    .describe("true: the run plans itself into `hours`; false: it goes on in a further job"),
  grace_seconds: count.default(300).describe("seconds before the end in which the run saves and stops"),
  gpus: z.int().min(0).default(1).describe("GPUs of the job; 0 trains on the CPU"),
  need_gb: z
    .number()
    .positive()
    .optional()
    .describe("GPU memory that the run needs; default an estimate; `train plan` measures it"),
  cpus: count.default(8).describe("CPU cores"),
  memory_gb: count.default(64).describe("system memory in GB"),
  storage_gb: z.int().min(0).default(200).describe("local storage in GB; 0 asks for none"),
  secrets: z
    .array(secretName)
    .default([])
    .describe("names of secrets that the job gets, e.g. WANDB_API_KEY, HF_TOKEN"),
  checkpoints: z
    .string()
    .regex(/^s3:\/\/[^/]+\/.+$/, "must be s3://bucket/prefix")
    .optional()
    .describe("where checkpoints are sent while the job runs"),
  checkpoint_minutes: count.default(10).describe("minutes between two sendings"),
} as const;

/** How the program is called where the job runs. */
export const programShape = {
  program: remotePath.default("training-ready").describe("the program where the job runs"),
} as const;

/** A job array that builds a data set, with its barrier. */
export const dataShape = {
  config: remotePath.default("/workspace/training-ready.yaml").describe("config of the data set"),
  out: remotePath.default("/workspace/data").describe("folder of the data set"),
  work: remotePath.default("/workspace/work").describe("folder that the tasks share"),
  tasks: z.int().min(1).max(1000).default(4).describe("tasks of the array; 1001 is Slurm's usual limit"),
} as const;

/** A model that is served. */
export const servingShape = {
  model: remotePath.default("/models").describe("GGUF file, or a folder with one, where it is served"),
  port: z.int().min(1).max(65_535).default(8080).describe("port of the service"),
  replicas: count.default(1).describe("copies of the service"),
  replicas_max: count.optional().describe("most copies; more than `replicas` scales with the load"),
} as const;

type OutputOf<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>;
export type Workload = OutputOf<typeof workloadShape>;
export type Program = OutputOf<typeof programShape>;
export type DataJob = OutputOf<typeof dataShape>;
export type Serving = OutputOf<typeof servingShape>;

/** What the recipe is and how it is changed: `all` or a stage mean the recipe staged. */
export function recipeOf(workload: Workload): { recipe: string; set: string[] } {
  const { stage, recipe, set, hours, profile, window, gpus, grace_seconds: grace } = workload;
  const changes = profile === undefined ? [] : [`profile=${profile}`];
  // The run ends before the platform ends it.
  const left = Math.max(hours - grace / 3600, hours / 2);
  if (gpus > 1) changes.push(`processes=${gpus}`);
  if (window) changes.push(`window_hours=${Math.floor(left * 1000) / 1000}`);
  if (stage === undefined) return { recipe, set: [...changes, ...set] };
  const only = stage === "all" ? [] : [`only=${stage}`];
  return { recipe: "staged", set: [...changes, ...only, ...set] };
}
