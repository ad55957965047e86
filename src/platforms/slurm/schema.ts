import { z } from "zod";
import { dataShape, programShape, remotePath, servingShape, workloadShape } from "../workload.ts";

const word = z.string().regex(/^[\w.:,@+-]+$/, "must be one word");

/** Settings of a Slurm cluster. */
export const slurmSchema = z.strictObject({
  ...workloadShape,
  ...programShape,
  ...dataShape,
  model: servingShape.model,
  port: servingShape.port,
  storage_gb: z.int().min(0).default(0).describe("local disk in GB; 0 asks for none"),
  window: z
    .boolean()
    .default(false)
    .describe("true: the run plans itself into `hours`; false: it is queued again at the limit"),
  partition: word.optional().describe("partition; default the cluster's"),
  account: word.optional().describe("account that pays"),
  qos: word.optional().describe("quality of service"),
  gpu: word.optional().describe("type of GPU as the cluster names it, e.g. h100"),
  constraint: z
    .string()
    .regex(/^[\w.&|*()[\]-]+$/, "must be a Slurm constraint")
    .optional()
    .describe("features that the nodes must have"),
  modules: z.array(word).default([]).describe("environment modules to load"),
  logs: remotePath.default("logs").describe("folder of the jobs' output; it must exist"),
  secrets_folder: remotePath.optional().describe("folder with one file of mode 0600 a secret"),
});

export type SlurmSettings = z.output<typeof slurmSchema>;
