import { z } from "zod";
import { dataShape, imageName, programShape, secretName, servingShape, workloadShape } from "../workload.ts";

const label = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "must be a DNS label");

/** Settings of a Kubernetes cluster. */
export const kubernetesSchema = z.strictObject({
  ...workloadShape,
  ...programShape,
  ...dataShape,
  ...servingShape,
  window: z
    .boolean()
    .default(false)
    .describe("true: the run plans itself into `hours`; false: it goes on in a new pod"),
  namespace: label.default("training-ready").describe("namespace; it must exist"),
  image: imageName
    .default("registry.example.org/training-ready/training:0.1.0")
    .describe("image of training and data jobs"),
  inference_image: imageName
    .default("registry.example.org/training-ready/inference:0.1.0")
    .describe("image of the service"),
  gpu: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a label value")
    .optional()
    .describe("value of the node label nvidia.com/gpu.product, e.g. NVIDIA-H100-80GB-HBM3"),
  storage_class: label.optional().describe("storage class of the volume; default the cluster's"),
  access: z
    .enum(["ReadWriteMany", "ReadWriteOnce"])
    .default("ReadWriteMany")
    .describe("access of the volume; a data array over several nodes needs ReadWriteMany"),
  secret: label.default("training-ready").describe("name of the Secret whose keys are `secrets`"),
  secrets: z.array(secretName).default([]).describe("keys of the Secret that the jobs get as variables"),
});

export type KubernetesSettings = z.output<typeof kubernetesSchema>;
