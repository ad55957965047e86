import type { Action, Finding, Platform } from "../action.ts";
import { composeFile } from "./compose.ts";
import { dockerfiles, imageOf } from "./dockerfiles.ts";
import { dockerSchema, type DockerSettings } from "./schema.ts";

const images = ["training", "inference", "ollama"] as const;

const buildNotes = ["BuildKit (the default since Docker 23) reads the .dockerignore beside each Dockerfile."];

const actions: readonly Action<DockerSettings>[] = [
  {
    path: "render",
    summary: "write Dockerfiles and the composition",
    example: "render --apply",
    render: ({ settings }) => ({
      files: [...dockerfiles(settings), composeFile(settings)],
      commands: [],
      notes: buildNotes,
    }),
  },
  {
    path: "image build",
    summary: "build the images of training, inference and Ollama",
    example: "image build --set tag=0.2.0",
    render: ({ settings, folder, product }) => ({
      files: dockerfiles(settings),
      commands: images.map((name) => ({
        argv: [
          "docker",
          "build",
          "--file",
          name === "ollama" ? `${folder}/ollama/Dockerfile` : `${folder}/${name}.Dockerfile`,
          "--tag",
          imageOf(settings, name),
          name === "ollama" ? `${folder}/ollama` : product.root,
        ],
      })),
      notes: buildNotes,
    }),
  },
  {
    path: "image push",
    summary: "push the images to the registry",
    example: "image push",
    checked: true,
    render: ({ settings }) => ({
      files: [],
      commands: images.map((name) => ({ argv: ["docker", "push", imageOf(settings, name)] })),
      notes: [],
    }),
  },
  {
    path: "app deploy",
    summary: "start service, PostgreSQL, Redis and engine on this host",
    example: "app deploy",
    render: ({ settings, folder }) => ({
      files: [composeFile(settings)],
      commands: [
        { argv: ["docker", "compose", "--file", `${folder}/compose.yaml`, "up", "--detach", "--wait"] },
      ],
      notes: [
        `Before: the GGUF file as ${folder}/models/${settings.engine_model}, and one file of mode 0600 a secret in ${folder}/secrets: ${["POSTGRES_PASSWORD", ...settings.secrets].join(", ")}.`,
      ],
    }),
  },
  {
    path: "app show",
    summary: "show the composition's state",
    example: "app show",
    render: ({ folder }) => ({
      files: [],
      commands: [{ argv: ["docker", "compose", "--file", `${folder}/compose.yaml`, "ps"] }],
      notes: [],
    }),
  },
  {
    path: "app stop",
    summary: "stop the composition; its volumes stay",
    example: "app stop",
    render: ({ folder }) => ({
      files: [],
      commands: [{ argv: ["docker", "compose", "--file", `${folder}/compose.yaml`, "down"] }],
      notes: [],
    }),
  },
];

async function check(
  settings: DockerSettings,
  ask: Parameters<Platform<typeof dockerSchema>["check"]>[1],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const info = await ask(["docker", "info", "--format", "{{.ServerVersion}}"]);
  findings.push(
    info !== undefined && info.status === 0
      ? { name: "engine", state: "ok", found: info.stdout.trim() }
      : {
          name: "engine",
          state: "wrong",
          found: "no Docker engine answers",
          code: "E_PLATFORM_TOOL",
          hint: "Start it, or name one by DOCKER_HOST.",
        },
  );
  for (const key of [
    "node_image",
    "ollama_image",
    "postgres_image",
    "redis_image",
    "engine_image",
  ] as const) {
    const image = settings[key];
    findings.push(
      image.includes("@sha256:")
        ? { name: key, state: "ok", found: image }
        : { name: key, state: "unknown", found: `${image} is pinned by tag, not by digest` },
    );
  }
  return [...findings, ...(await pushed(settings, ask))];
}

/** A tag that the registry has already must hold the same contents. */
async function pushed(
  settings: DockerSettings,
  ask: Parameters<Platform<typeof dockerSchema>["check"]>[1],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of images) {
    const image = imageOf(settings, name);
    const local = await ask(["docker", "image", "inspect", "--format", "{{json .RepoDigests}}", image]);
    if (local === undefined || local.status !== 0) continue;
    const remote = await ask(["docker", "manifest", "inspect", "--verbose", image]);
    if (remote === undefined || remote.status !== 0) continue;
    const digest = /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(remote.stdout)?.[1];
    findings.push(
      digest !== undefined && local.stdout.includes(digest)
        ? { name: image, state: "ok", found: digest }
        : {
            name: image,
            state: "wrong",
            found: "the registry holds other contents under this tag",
            code: "E_PLATFORM_IMAGE",
          },
    );
  }
  return findings;
}

export const docker: Platform<typeof dockerSchema> = {
  name: "docker",
  title: "Docker",
  can: [
    "images of training, inference and Ollama",
    "the service with PostgreSQL, Redis and an engine on one host",
  ],
  schema: dockerSchema,
  tools: [{ argv: ["docker", "--version"], install: "install Docker Engine 23 or newer" }],
  actions,
  refuse: () => undefined,
  check,
};
