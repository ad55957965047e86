import { z } from "zod";
import { imageName, secretName } from "../workload.ts";

const model = z
  .string()
  .regex(
    /^[a-z0-9]+(?:[._/-][a-z0-9]+)*(?::[\w.-]+)?$/,
    "must be a model's name as Ollama has it, e.g. qwen2.5:0.5b",
  );

/** Settings of images and of the one-host composition. */
export const dockerSchema = z.strictObject({
  registry: z
    .string()
    .regex(/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)*$/, "must be a registry with a path, in lower case")
    .default("registry.example.org/training-ready")
    .describe("where images are pushed to; their names are training, inference and ollama below it"),
  tag: z
    .string()
    .regex(/^[\w][\w.-]{0,127}$/, "must be a tag")
    .default("0.1.0")
    .describe("tag of the images; a new one for new contents"),
  node_image: imageName
    .default("node:22.12.0-bookworm-slim")
    .describe("base image; add @sha256:… to pin its bytes"),
  ollama_image: imageName.default("ollama/ollama:0.5.7").describe("base image of the Ollama server"),
  postgres_image: imageName.default("postgres:17.2-bookworm").describe("PostgreSQL of the composition"),
  redis_image: imageName.default("redis:7.4.1-bookworm").describe("Redis of the composition"),
  engine_image: imageName
    .default("ghcr.io/ggml-org/llama.cpp:server-cuda")
    .describe("engine of the composition: llama.cpp's server"),
  image_digests: z
    .record(imageName, z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits"))
    .default({})
    .describe("image as named above: sha256:…, which pins its bytes wherever it is used"),
  engine_model: z
    .string()
    .regex(/^[^\s/"'$]+\.gguf$/, "must be the name of a GGUF file in the folder models")
    .default("model.gguf")
    .describe("GGUF file in the folder models/ that the engine serves"),
  gpus: z.int().min(0).max(16).default(1).describe("GPUs that the engine gets"),
  context: z.int().min(16).default(8192).describe("tokens of a conversation"),
  slots: z.int().min(1).max(64).default(4).describe("replies at a time"),
  port: z.int().min(1).max(65_535).default(8080).describe("port of the service on this host"),
  preload: z.array(model).default([]).describe("models that the Ollama server loads before it is healthy"),
  secrets: z
    .array(secretName)
    .default([])
    .describe("secrets of the service, one file each in the folder secrets"),
});

export type DockerSettings = z.output<typeof dockerSchema>;

/** The images that others make. */
export const imageKeys = [
  "node_image",
  "ollama_image",
  "postgres_image",
  "redis_image",
  "engine_image",
] as const;

/** The settings with the digest behind each image that has one. */
export function pinned(settings: DockerSettings): DockerSettings {
  const digest = (image: string): string => {
    const known = settings.image_digests[image];
    return known === undefined || image.includes("@") ? image : `${image}@${known}`;
  };
  return { ...settings, ...Object.fromEntries(imageKeys.map((key) => [key, digest(settings[key])])) };
}
