import { copyFile, mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { writeFileAtomic } from "../shared/index.ts";
import type { Platform, Product } from "./action.ts";
import { platforms } from "./registry.ts";
import { shellLine, type Command, type Rendered } from "./rendered.ts";
import { writeRendered } from "./run-commands.ts";
import { readSettings } from "./settings.ts";

/** The deployment of one model on one platform. `command` starts it, from the home's folder. */
export type Deployment = {
  platform: string;
  title: string;
  folder: string;
  files: string[];
  command: string;
};

export type DeployedModel = {
  /** A home: gets `platforms/NAME.yaml` and `deploy/NAME/`. */
  home: string;
  /** The exported model; it is copied where a composition mounts it. */
  gguf: string;
  /** Name of the job and the service; lower case, digits, dashes. */
  name: string;
  /** True where the model runs on a CPU. */
  isSmall: boolean;
  product: Product;
};

const file = "model.gguf";

/** Settings that serve this model, beside the defaults. */
function settingsFor({ name, isSmall }: DeployedModel): Record<string, Record<string, unknown>> {
  const gpus = isSmall ? { gpus: 0 } : {};
  const small = isSmall ? { recipe: "tiny", cpus: 2, memory_gb: 4 } : {};
  return {
    lightning: { name, ...small, ...gpus, model: `/teamspace/studios/this_studio/models/${file}` },
    // Jobs there run on GPUs, whatever the model needs.
    ovh: { name, model: `/models/${file}` },
    slurm: { name, ...small, ...gpus, model: `models/${file}` },
    kubernetes: { name, ...small, ...gpus, model: `/models/${file}`, storage_gb: isSmall ? 5 : 200 },
    docker: {
      engine_model: file,
      ...gpus,
      ...(isSmall ? { engine_image: "ghcr.io/ggml-org/llama.cpp:server", context: 512, slots: 2 } : {}),
    },
  };
}

/** What brings the model to the platform, before the service is started there. */
function modelCommands(platform: string, gguf: string, settings: Record<string, unknown>): Command[] {
  const word = (key: string): string => String(settings[key]);
  if (platform === "lightning") {
    const place = `lit://${word("teamspace")}/studios/${word("studio")}/models/${file}`;
    return [{ argv: ["lightning", "cp", gguf, place] }];
  }
  if (platform === "ovh") {
    const prefix = `${word("name")}/${word("stage")}/gguf/`;
    const bucket = `${word("checkpoint_container")}@${word("region")}`;
    const words = [
      "upload",
      bucket,
      gguf,
      "--remove-prefix",
      gguf.slice(0, -file.length),
      "--add-prefix",
      prefix,
    ];
    return [{ argv: ["ovhai", "bucket", "object", ...words] }];
  }
  return [];
}

function startScript({ commands, notes }: Rendered): string {
  const lines = commands.map(({ argv }) => shellLine(argv));
  return [
    "#!/usr/bin/env bash",
    "# Starts the service. Written by training-ready; run it in the home's folder.",
    ...notes.map((note) => `# ${note}`),
    "set -euo pipefail",
    ...lines,
    "",
  ].join("\n");
}

async function writeOne(platform: Platform, model: DeployedModel): Promise<Deployment> {
  const { home, gguf, product } = model;
  const { name, title, schema } = platform;
  const text = `# Settings for the model that was trained here; \`training-ready platform ${name} settings\` lists all.\n${stringify(settingsFor(model)[name])}`;
  await writeFileAtomic(join(home, "platforms", `${name}.yaml`), text);
  const settings = readSettings(schema, { platform: name, text });
  platform.refuse(settings);
  const folder = `deploy/${name}`;
  const action = platform.actions.find(({ path }) => path === "app deploy") as Platform["actions"][number];
  const rendered = action.render({ settings, words: [], product, folder });
  const models = `deploy/models/${file}`;
  await mkdir(join(home, "deploy/models"), { recursive: true });
  await copyFile(gguf, join(home, models));
  if (name === "docker") {
    // A composition mounts the folder beside it.
    await mkdir(join(home, folder, "models"), { recursive: true });
    await copyFile(gguf, join(home, folder, "models", file));
  }
  const commands = [...modelCommands(name, models, settings), ...rendered.commands];
  const script = { path: "start.sh", text: startScript({ ...rendered, commands }), mode: 0o755 };
  const files = [...rendered.files, script];
  await writeRendered({ ...rendered, files }, join(home, folder));
  return {
    platform: name,
    title,
    folder: join(home, folder),
    files: files.map(({ path }) => path),
    command: `bash ${folder}/start.sh`,
  };
}

/**
 * Writes the deployment of a trained model for every platform into a home: settings under `platforms/`, files under
 * `deploy/`, each with a `start.sh` that holds the exact commands. Runs nothing.
 */
export async function writeDeployments(model: DeployedModel): Promise<Deployment[]> {
  const written: Deployment[] = [];
  for (const platform of platforms) written.push(await writeOne(platform, model));
  return written;
}

/** One line a deployment: the platform and the command that would start it. */
export function deploymentLines(home: string, cwd: string, written: readonly Deployment[]): string {
  const from = relative(cwd, home) || ".";
  const width = Math.max(...written.map(({ title }) => title.length));
  return written.map(({ title, command }) => `${title.padEnd(width)}  cd ${from} && ${command}\n`).join("");
}
