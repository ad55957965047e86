import { didYouMean, TrainingReadyError } from "../../shared/index.ts";
import type { Action, Finding, Platform } from "../action.ts";
import { tagFinding } from "../pushed-image.ts";
import { composeFile, composeSecrets } from "./compose.ts";
import { dockerfiles, imageOf } from "./dockerfiles.ts";
import { dockerSchema, imageKeys, pinned, type DockerSettings } from "./schema.ts";

const images = ["training", "inference", "ollama"] as const;

const buildNotes = ["BuildKit (the default since Docker 23) reads the .dockerignore beside each Dockerfile."];

const actions: readonly Action<DockerSettings>[] = [
  {
    path: "render",
    summary: "write Dockerfiles and the composition",
    example: "render --apply",
    render: ({ settings }) => ({
      files: [...dockerfiles(pinned(settings)), composeFile(pinned(settings))],
      commands: [],
      notes: buildNotes,
    }),
  },
  {
    path: "image build",
    summary: "build the images of training, inference and Ollama",
    example: "image build --set tag=0.2.0",
    render: ({ settings, folder, product }) => ({
      files: dockerfiles(pinned(settings)),
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
    path: "image digests",
    summary: "print the digest of each base image, for image_digests",
    example: "image digests --apply",
    render: ({ settings }) => ({
      files: [],
      commands: imageKeys.map((key) => ({
        argv: [
          "docker",
          "buildx",
          "imagetools",
          "inspect",
          "--format",
          `"${settings[key]}": {{.Manifest.Digest}}`,
          settings[key],
        ],
      })),
      notes: ["Each line belongs below image_digests: in the settings."],
    }),
  },
  {
    path: "app deploy",
    summary: "start service, PostgreSQL, Redis and engine on this host",
    example: "app deploy",
    render: ({ settings, folder }) => ({
      files: [composeFile(pinned(settings))],
      commands: [
        { argv: ["docker", "compose", "--file", `${folder}/compose.yaml`, "up", "--detach", "--wait"] },
      ],
      notes: [
        `Before: the GGUF file as ${folder}/models/${settings.engine_model}, and one file of mode 0600 a secret in ${folder}/secrets: ${[...composeSecrets, ...settings.secrets].join(", ")}; those of the service belong to user 42420, who reads them.`,
        `PROGRESS_DATABASE_URL holds postgres://ready:PASSWORD@127.0.0.1:5432/ready: the tracker's database.`,
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
  for (const key of imageKeys) {
    const image = pinned(settings)[key];
    findings.push(
      image.includes("@sha256:")
        ? { name: key, state: "ok", found: image }
        : {
            name: key,
            state: "unknown",
            found: `${image} is pinned by tag: no digest stands in image_digests (platform docker image digests prints it)`,
          },
    );
  }
  for (const name of images) {
    const finding = await tagFinding(imageOf(settings, name), ask);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function refuse(settings: DockerSettings): void {
  const known = imageKeys.map((key) => settings[key]);
  const odd = Object.keys(settings.image_digests).find((image) => !known.includes(image));
  if (odd === undefined) return;
  throw new TrainingReadyError(
    "E_PLATFORM_SETTING",
    `image_digests: ${odd} is none of the images.${didYouMean(odd, known)}`,
    { exitCode: 1 },
  );
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
  refuse,
  check,
};
