import { z } from "zod";
import { imageName, programShape, remotePath, servingShape, workloadShape } from "../workload.ts";

const slug = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be letters, digits, dots, dashes");

/** GPU machines that `lightning` of lightning-sdk 2026.10.13 names, with the GPU memory that is sure. */
export const lightningGpus: Readonly<Record<string, { memoryGb: number; counts: readonly number[] }>> = {
  T4: { memoryGb: 16, counts: [1, 2, 4, 8] },
  L4: { memoryGb: 24, counts: [1, 2, 4, 8] },
  L40S: { memoryGb: 48, counts: [1, 2, 4, 8] },
  RTXP_6000: { memoryGb: 96, counts: [1, 2, 4, 8] },
  // The name means either size of A100, as the cloud has it.
  A100: { memoryGb: 40, counts: [1, 2, 4, 8] },
  H100: { memoryGb: 80, counts: [1, 2, 4, 8] },
  H200: { memoryGb: 141, counts: [1, 2, 4, 8] },
  B200: { memoryGb: 180, counts: [1, 8] },
};

const home = "/teamspace/studios/this_studio";

/** Settings of Lightning.ai: the studio, its machine, and what becomes of the run. */
export const lightningSchema = z.strictObject({
  ...workloadShape,
  ...programShape,
  ...servingShape,
  program: remotePath
    .default(`${home}/training-ready/bin/training-ready`)
    .describe("the program in the studio"),
  data: remotePath.default(`${home}/data`).describe("folder of the built data set in the studio"),
  run: remotePath.default(`${home}/run`).describe("run folder in the studio"),
  teamspace: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/, "must be owner/teamspace")
    .default("your-name/your-teamspace")
    .describe("teamspace, as owner/teamspace"),
  studio: slug.default("training").describe("name of the studio"),
  studio_type: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be lower-case words with dashes")
    .optional()
    .describe("template of a new studio; `lightning base-studio list` names them"),
  gpu: z.string().default("L40S").describe("GPU of the machine"),
  fallback_gpu: z.string().optional().describe("GPU to take where the first is refused"),
  spot: z.boolean().default(false).describe("true rents machines that may be taken back: cheaper"),
  auto_shutdown: z.boolean().default(true).describe("the studio sleeps when idle"),
  idle_minutes: z.int().min(1).max(1440).default(30).describe("idle minutes after which it sleeps"),
  min_gpu_memory_gb: z
    .number()
    .min(0)
    .default(0)
    .describe("least GPU memory; the start ends without it; 0: what the run needs"),
  private: z.boolean().default(true).describe("a deployed service asks for a key of the teamspace"),
  encrypt_checkpoints: z
    .boolean()
    .default(false)
    .describe("true asks the bucket to encrypt what is stored (SSE)"),
  wandb: z.boolean().default(false).describe("log to Weights & Biases"),
  source: z
    .string()
    .regex(/^https:\/\/[^\s@]+$/, "must be an https address without credentials")
    .optional()
    .describe("git address of training-ready, cloned into the studio where it is not there"),
  image: imageName.optional().describe("image of the deployed service; default: run it in the studio"),
  image_job: imageName.optional().describe("image of a job; default: the studio's own environment"),
});

export type LightningSettings = z.output<typeof lightningSchema>;
