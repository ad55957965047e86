import { TrainingReadyError } from "../../shared/index.ts";
import type { Action, Platform } from "../action.ts";
import { estimatedNeedGb, fitsGpu, knownGpu } from "../gpu.ts";
import { notHonoured, withinCap } from "../limits.ts";
import { dockerfiles } from "../docker/dockerfiles.ts";
import { dockerSchema } from "../docker/schema.ts";
import type { RenderedFile } from "../rendered.ts";
import { checkOvh } from "./check.ts";
import { jobFile, jobRunArgv, neededSecrets } from "./job.ts";
import { ovhCapHours, ovhFlavours, ovhSchema, type OvhSettings } from "./schema.ts";
import { runPrefix } from "./stages.ts";

const id = (name: string) => ({ name, description: `id of the ${name === "APP" ? "app" : "job"}` });

/** An id of OVH: letters, digits, dashes. */
function idOf(words: readonly string[]): string {
  const [word = ""] = words;
  if (/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(word)) return word;
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${word} is no id of an OVH job or app`);
}

/** A path of this machine as it may stand in an argv: never taken for a flag. */
function pathOf(words: readonly string[], at = 0): string {
  const path = (words[at] ?? "").replace(/\/+$/, "");
  if (path === "") throw new TrainingReadyError("E_CLI_ARGUMENT", "a folder is missing");
  return path.startsWith("-") ? `./${path}` : path;
}

const object = (...words: string[]): string[] => ["ovhai", "bucket", "object", ...words];
const place = (settings: OvhSettings, bucket: string): string => `${bucket}@${settings.region}`;

/** Sends a folder: its own path is taken off, the prefix put before. */
const upload = (settings: OvhSettings, bucket: string, folder: string, prefix: string): string[] =>
  object("upload", place(settings, bucket), folder, "--remove-prefix", `${folder}/`, "--add-prefix", prefix);

const download = (settings: OvhSettings, bucket: string, prefix: string, folder: string): string[] =>
  object(
    "download",
    place(settings, bucket),
    "--prefix",
    prefix,
    "--remove-prefix",
    prefix,
    "--output",
    `${folder}/`,
  );

const list = (settings: OvhSettings, bucket: string, prefix: string): string[] =>
  object("list", place(settings, bucket), "--prefix", prefix);

const only = (...argv: string[]) => ({ files: [], commands: [{ argv }], notes: [] });
/** The training image is the one of the platform docker. */
const imageFiles = (): RenderedFile[] =>
  dockerfiles(dockerSchema.parse({})).filter(({ path }) => path.startsWith("training."));

/** The inventory by hash comes from the program's own connector to S3. */
const inventory = (settings: OvhSettings, root: string, bucket: string, prefix: string) =>
  only(
    `${root}/bin/training-ready`,
    "platform",
    "s3",
    "inventory",
    `s3://${bucket}/${prefix}`,
    "--endpoint",
    settings.endpoint,
  );

const folderArgument = { name: "FOLDER", description: "a folder of this machine" };
const hostNote =
  "serve binds other addresses than this machine's own only on a home that `training-ready serve safety sign` has signed and that has a key (`serve keys add`): until then the app ends with E_SERVE_HOST.";

function scaling({ replicas, replicas_max: most }: OvhSettings): string[] {
  return most === undefined || most <= replicas
    ? ["--replicas", String(replicas)]
    : [
        "--auto-min-replicas",
        String(replicas),
        "--auto-max-replicas",
        String(most),
        "--auto-resource-type",
        "CPU",
        "--auto-resource-usage-threshold",
        "70",
      ];
}

function appRun(settings: OvhSettings): string[] {
  const { name, gpus, inference_image: image, model, port, region, checkpoint_container: bucket } = settings;
  const { flavour } = knownGpu(settings.gpu, ovhFlavours, "OVH AI Deploy");
  return [
    "ovhai",
    "app",
    "run",
    "--name",
    `${name}-inference`,
    "--flavor",
    flavour,
    "--gpu",
    String(gpus),
    "--default-http-port",
    String(port),
    "--probe-path",
    "/health",
    "--volume",
    `${bucket}@${region}/${runPrefix(settings)}gguf/:/models:ro:cache`,
    "--label",
    `training-ready=${name}`,
    ...scaling(settings),
    ...(settings.public ? ["--unsecure-http"] : []),
    "--output",
    "json",
    image,
    "--",
    "training-ready",
    "serve",
    "--model",
    model,
    "--host",
    "0.0.0.0",
    "--port",
    String(port),
  ];
}

const actions: readonly Action<OvhSettings>[] = [
  {
    path: "render",
    summary: "write the job's script",
    example: "render --set stage=foundation --apply",
    render: ({ settings }) => ({ files: [jobFile(settings)], commands: [], notes: [] }),
  },
  {
    path: "job run",
    summary: "submit the training: one stage, or all of them",
    example: "job run --set stage=foundation --set gpu=H100",
    checked: true,
    render: ({ settings, folder }) => ({
      files: [jobFile(settings)],
      commands: [
        {
          argv: upload(settings, settings.data_container, `${folder}/job`, `jobs/${settings.name}/`),
        },
        { argv: jobRunArgv(settings) },
      ],
      notes: [
        `Secrets lie as objects in ${settings.secrets_container}: ${neededSecrets(settings).join(", ")}.`,
        `Checkpoints are sent every ${settings.checkpoint_minutes} minutes while the job runs.`,
      ],
    }),
  },
  {
    path: "job list",
    summary: "list the jobs",
    example: "job list",
    render: () => only("ovhai", "job", "list"),
  },
  {
    path: "job follow",
    summary: "follow a job's output",
    arguments: [id("JOB")],
    example: "job follow 0a1b2c3d",
    render: ({ words }) => only("ovhai", "job", "logs", "--follow", idOf(words)),
  },
  {
    path: "job stop",
    summary: "stop a job; what was sent so far stays",
    arguments: [id("JOB")],
    example: "job stop 0a1b2c3d",
    render: ({ words }) => only("ovhai", "job", "stop", idOf(words)),
  },
  {
    path: "image build",
    summary: "build the training image",
    example: "image build",
    render: ({ settings, folder, product }) => ({
      files: imageFiles(),
      commands: [
        {
          argv: [
            "docker",
            "build",
            "--platform",
            "linux/amd64",
            "--file",
            `${folder}/training.Dockerfile`,
            "--tag",
            settings.image,
            product.root,
          ],
        },
      ],
      notes: [],
    }),
  },
  {
    path: "image push",
    summary: "push the training image to the registry that OVH reads",
    example: "image push",
    render: ({ settings }) => only("docker", "push", settings.image),
  },
  {
    path: "data upload",
    summary: "send a data set's folder",
    arguments: [folderArgument],
    example: "data upload data/built",
    render: ({ settings, words }) =>
      only(...upload(settings, settings.data_container, pathOf(words), settings.data_prefix)),
  },
  {
    path: "data download",
    summary: "fetch the data set into a folder",
    arguments: [folderArgument],
    example: "data download fetched",
    render: ({ settings, words }) =>
      only(...download(settings, settings.data_container, settings.data_prefix, pathOf(words))),
  },
  {
    path: "data list",
    summary: "list the objects of the data set",
    example: "data list",
    render: ({ settings }) => only(...list(settings, settings.data_container, settings.data_prefix)),
  },
  {
    path: "data inventory",
    summary: "list the objects of the data set with their sha256",
    example: "data inventory",
    render: ({ settings, product }) =>
      inventory(settings, product.root, settings.data_container, settings.data_prefix),
  },
  {
    path: "checkpoint upload",
    summary: "send a run's folder",
    arguments: [folderArgument],
    example: "checkpoint upload runs/staged-001",
    render: ({ settings, words }) =>
      only(...upload(settings, settings.checkpoint_container, pathOf(words), `${runPrefix(settings)}run/`)),
  },
  {
    path: "checkpoint download",
    summary: "fetch the run with its checkpoints into a folder",
    arguments: [folderArgument],
    example: "checkpoint download runs/fetched",
    render: ({ settings, words }) =>
      only(...download(settings, settings.checkpoint_container, `${runPrefix(settings)}run/`, pathOf(words))),
  },
  {
    path: "checkpoint list",
    summary: "list what was sent of the run",
    example: "checkpoint list",
    render: ({ settings }) => only(...list(settings, settings.checkpoint_container, runPrefix(settings))),
  },
  {
    path: "checkpoint inventory",
    summary: "list what was sent of the run with its sha256",
    example: "checkpoint inventory",
    render: ({ settings, product }) =>
      inventory(settings, product.root, settings.checkpoint_container, runPrefix(settings)),
  },
  {
    path: "app deploy",
    summary: "deploy the service that serves the model",
    example: "app deploy --set replicas=2",
    checked: true,
    render: ({ settings }) => ({ ...only(...appRun(settings)), notes: [hostNote] }),
  },
  {
    path: "app scale",
    summary: "change the number of copies, as the settings say",
    arguments: [id("APP")],
    example: "app scale 0a1b2c3d --set replicas=3",
    render: ({ settings, words }) => only("ovhai", "app", "scale", ...scaling(settings), idOf(words)),
  },
  {
    path: "app show",
    summary: "show an app",
    arguments: [id("APP")],
    example: "app show 0a1b2c3d",
    render: ({ words }) => only("ovhai", "app", "get", idOf(words)),
  },
  {
    path: "app stop",
    summary: "stop an app; it can be started again",
    arguments: [id("APP")],
    example: "app stop 0a1b2c3d",
    render: ({ words }) => only("ovhai", "app", "stop", idOf(words)),
  },
  {
    path: "app delete",
    summary: "delete an app",
    arguments: [id("APP")],
    example: "app delete 0a1b2c3d",
    render: ({ words }) => only("ovhai", "app", "delete", idOf(words)),
  },
];

function refuse(settings: OvhSettings): void {
  if (settings.gpus === 0) throw notHonoured("ovh", "gpus", "jobs here run on GPUs", "Set gpus=1.");
  if (settings.recipe !== "staged")
    throw notHonoured(
      "ovh",
      "recipe",
      "a stage belongs to the recipe staged",
      "Change it by set: [key=value].",
    );
  const { memoryGb, cpus, systemGb } = knownGpu(settings.gpu, ovhFlavours, "OVH AI Training");
  withinCap("OVH AI Training", settings.hours, ovhCapHours);
  const more = (key: string, asked: number, has: number): void => {
    if (asked > has)
      throw new TrainingReadyError(
        "E_PLATFORM_RESOURCE",
        `${key}: ${asked} is asked for, the flavour of ${settings.gpu} has ${has}`,
        { exitCode: 1 },
      );
  };
  more("gpus", settings.gpus, 4); // the largest number of units of a flavour; an account's quota may be less
  more("memory_gb", settings.memory_gb, systemGb * settings.gpus);
  more("cpus", settings.cpus, cpus * settings.gpus);
  more("replicas", Math.max(settings.replicas, settings.replicas_max ?? 1), 10);
  fitsGpu(settings.need_gb ?? estimatedNeedGb("staged", settings.profile), { name: settings.gpu, memoryGb });
}

export const ovh: Platform<typeof ovhSchema> = {
  name: "ovh",
  title: "OVH AI Training",
  can: [
    "training of foundation, reasoning, voice or all",
    "images",
    "data sets and checkpoints in the object storage",
    "deployment of the service",
  ],
  schema: ovhSchema,
  tools: [
    { argv: ["ovhai", "--version"], install: "OVHcloud's guide `Installing ovhai CLI`" },
    { argv: ["docker", "--version"], install: "install Docker Engine 23 or newer, to build images" },
  ],
  actions,
  refuse,
  check: checkOvh,
};
