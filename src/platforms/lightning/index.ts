import { TrainingReadyError } from "../../shared/index.ts";
import type { Action, Ask, Finding, Platform } from "../action.ts";
import { estimatedNeedGb, fitsGpu, knownGpu } from "../gpu.ts";
import { notHonoured } from "../limits.ts";
import { shellWord, type Command } from "../rendered.ts";
import { lightningGpus, lightningSchema, type LightningSettings } from "./schema.ts";
import { studioFiles } from "./studio-files.ts";

const titled = "Lightning.ai";

/** The machine's name for a GPU and how many of it. */
function machine(settings: LightningSettings, gpu = settings.gpu): string {
  if (settings.gpus === 0) return "CPU";
  const { counts } = knownGpu(gpu, lightningGpus, titled);
  if (!counts.includes(settings.gpus))
    throw notHonoured(
      "lightning",
      "gpus",
      `${gpu} comes as ${counts.join(", ")}, ${settings.gpus} are asked for`,
      "Take one of these.",
    );
  const name = Object.keys(lightningGpus).find((one) => one.toLowerCase() === gpu.toLowerCase()) as string;
  return settings.gpus === 1 ? name : `${name}_X_${settings.gpus}`;
}

const team = (settings: LightningSettings): string[] => ["--teamspace", settings.teamspace];
const spot = (settings: LightningSettings): string[] => (settings.spot ? ["--interruptible"] : []);
const studioFolder = "/teamspace/studios/this_studio/training-ready-job";

function jobRun(settings: LightningSettings, gpu?: string): string[] {
  const { name, studio, image_job: image, hours, grace_seconds: grace } = settings;
  // `job run` has no limit of its own: TERM at the limit, so that the run saves, and an end for what does not.
  const limit = `timeout --signal=TERM --kill-after=${grace}s ${Math.ceil(hours * 3600)}s`;
  const where = image === undefined ? ["--studio", studio] : ["--image", image];
  return [
    "lightning",
    "job",
    "run",
    "--name",
    name,
    "--machine",
    machine(settings, gpu),
    ...where,
    ...team(settings),
    "--command",
    `${limit} bash ${shellWord(`${studioFolder}/start.sh`)}`,
    ...spot(settings),
    "--json",
  ];
}

const jobArgument = { name: "JOB", description: "name of the job" };

function nameOf(words: readonly string[]): string {
  if (/^[A-Za-z0-9][\w.-]{0,62}$/.test(words[0] ?? "")) return words[0] as string;
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${words[0]} is no name of a Lightning job or studio`);
}

function studioStart(settings: LightningSettings, folder: string): Command[] {
  const { studio, studio_type: type, auto_shutdown: sleeps, idle_minutes: idle, teamspace } = settings;
  const start = (gpu?: string): string[] => [
    "lightning",
    "studio",
    "start",
    "--name",
    studio,
    ...team(settings),
    ...(type === undefined ? ["--create"] : []),
    "--machine",
    machine(settings, gpu),
    ...spot(settings),
  ];
  return [
    ...(type === undefined
      ? []
      : [
          {
            argv: [
              "lightning",
              "studio",
              "create",
              "--name",
              studio,
              ...team(settings),
              "--studio-type",
              type,
            ],
          },
        ]),
    {
      argv: start(),
      ...(settings.fallback_gpu === undefined ? {} : { otherwise: start(settings.fallback_gpu) }),
    },
    {
      argv: [
        "python3",
        `${folder}/studio_settings.py`,
        teamspace,
        studio,
        sleeps ? "on" : "off",
        String(idle),
      ],
    },
    {
      argv: [
        "lightning",
        "cp",
        "-r",
        `${folder}/`,
        `lit://${teamspace}/studios/${studio}/training-ready-job/`,
      ],
    },
  ];
}

const actions: readonly Action<LightningSettings>[] = [
  {
    path: "render",
    summary: "write the studio package with its one-click start",
    example: "render --set gpu=H100 --apply",
    render: ({ settings }) => ({
      files: studioFiles(settings),
      commands: [],
      notes: [`In the studio: bash ${studioFolder}/start.sh`],
    }),
  },
  {
    path: "studio start",
    summary: "start the studio, set when it sleeps, and send the package",
    example: "studio start --set gpu=L40S",
    checked: true,
    render: ({ settings, folder }) => ({
      files: studioFiles(settings),
      commands: studioStart(settings, folder),
      notes: [`Then, in the studio: bash ${studioFolder}/start.sh`],
    }),
  },
  {
    path: "studio stop",
    summary: "stop the studio; its files stay",
    example: "studio stop",
    render: ({ settings }) => ({
      files: [],
      commands: [{ argv: ["lightning", "studio", "stop", "--name", settings.studio, ...team(settings)] }],
      notes: [],
    }),
  },
  {
    path: "job run",
    summary: "run the training as a job in the studio's environment",
    example: "job run --set recipe=moe --set gpu=H100",
    checked: true,
    render: ({ settings, folder }) => ({
      files: studioFiles(settings),
      commands: [
        {
          argv: [
            "lightning",
            "cp",
            "-r",
            `${folder}/`,
            `lit://${settings.teamspace}/studios/${settings.studio}/training-ready-job/`,
          ],
        },
        {
          argv: jobRun(settings),
          ...(settings.fallback_gpu === undefined
            ? {}
            : { otherwise: jobRun(settings, settings.fallback_gpu) }),
        },
      ],
      notes: [
        "The job's machine is released when it ends.",
        ...(settings.secrets.length === 0
          ? []
          : [`Secrets of the teamspace reach the job as variables: ${settings.secrets.join(", ")}.`]),
      ],
    }),
  },
  {
    path: "job list",
    summary: "list the jobs of the teamspace",
    example: "job list",
    render: ({ settings }) => ({
      files: [],
      commands: [{ argv: ["lightning", "job", "list", ...team(settings)] }],
      notes: [],
    }),
  },
  {
    path: "job follow",
    summary: "follow a job's output",
    arguments: [jobArgument],
    example: "job follow training",
    render: ({ settings, words }) => ({
      files: [],
      commands: [{ argv: ["lightning", "job", "logs", nameOf(words), ...team(settings), "--follow"] }],
      notes: [],
    }),
  },
  {
    path: "job stop",
    summary: "stop a job",
    arguments: [jobArgument],
    example: "job stop training",
    render: ({ settings, words }) => ({
      files: [],
      commands: [{ argv: ["lightning", "job", "stop", nameOf(words), ...team(settings)] }],
      notes: [],
    }),
  },
  {
    path: "app deploy",
    summary: "deploy the service that serves the model",
    example: "app deploy --set image=registry.example.org/training-ready/inference:0.1.0",
    checked: true,
    render: ({ settings }) => {
      const { name, image, studio, model, port, replicas, replicas_max: most, secrets, hours } = settings;
      const words = ["--model", model, "--host", "0.0.0.0", "--port", String(port)];
      const program = image === undefined ? `${settings.program} serve` : "training-ready serve";
      const argv = [
        "lightning",
        "deployment",
        "create",
        `${name}-inference`,
        ...team(settings),
        ...(image === undefined ? ["--studio", studio] : ["--image", image]),
        "--machine",
        machine(settings),
        "--port",
        String(port),
        "--command",
        `${program} ${words.map(shellWord).join(" ")}`,
        ...(most === undefined || most <= replicas
          ? ["--replicas", String(replicas)]
          : [
              "--min-replicas",
              String(replicas),
              "--max-replicas",
              String(most),
              "--autoscale-metric",
              settings.gpus === 0 ? "CPU" : "GPU",
              "--autoscale-threshold",
              "70",
            ]),
        "--max-runtime",
        String(Math.ceil(hours * 3600)),
        ...(settings.private ? ["--api-key-auth"] : []),
        ...secrets.flatMap((one) => ["--secret", one]),
        ...spot(settings),
      ];
      return {
        files: [],
        commands: [{ argv }],
        notes: [
          "serve binds other addresses than this machine's own only on a home that `training-ready serve safety sign` has signed and that has a key (`serve keys add`): until then it ends with E_SERVE_HOST.",
        ],
      };
    },
  },
  {
    path: "app show",
    summary: "show the deployment",
    example: "app show",
    render: ({ settings }) => ({
      files: [],
      commands: [
        { argv: ["lightning", "deployment", "inspect", `${settings.name}-inference`, ...team(settings)] },
      ],
      notes: [],
    }),
  },
  {
    path: "app delete",
    summary: "delete the deployment",
    example: "app delete",
    render: ({ settings }) => ({
      files: [],
      commands: [
        {
          argv: [
            "lightning",
            "deployment",
            "delete",
            `${settings.name}-inference`,
            ...team(settings),
            "--yes",
          ],
        },
      ],
      notes: [],
    }),
  },
];

function refuse(settings: LightningSettings): void {
  machine(settings);
  if (settings.fallback_gpu !== undefined) machine(settings, settings.fallback_gpu);
  if (settings.wandb)
    throw notHonoured(
      "lightning",
      "wandb",
      "this version has no logger for it",
      "Set wandb=false; read events.jsonl.",
    );
  if (settings.encrypt_checkpoints && settings.checkpoints === undefined)
    throw notHonoured("lightning", "encrypt_checkpoints", "no bucket is named", "Set checkpoints=s3://….");
  if (settings.gpus === 0) return;
  const need =
    settings.need_gb ??
    estimatedNeedGb(settings.stage === undefined ? settings.recipe : "staged", settings.profile);
  for (const gpu of [settings.gpu, settings.fallback_gpu]) {
    if (gpu === undefined) continue;
    const { memoryGb } = knownGpu(gpu, lightningGpus, titled);
    fitsGpu(Math.max(need ?? 0, settings.min_gpu_memory_gb) || null, { name: gpu, memoryGb });
  }
}

async function check(settings: LightningSettings, ask: Ask): Promise<Finding[]> {
  const findings: Finding[] = [];
  const listed = await ask(["lightning", "job", "list", ...team(settings), "--json"]);
  if (listed === undefined)
    return [{ name: "account", state: "unknown", found: "lightning is not installed" }];
  if (listed.status !== 0) {
    return [
      {
        name: "account",
        state: "wrong",
        found: `jobs of ${settings.teamspace} cannot be listed`,
        code: "E_PLATFORM_CREDENTIALS",
        hint: "Sign in with `lightning login`, and name the teamspace as owner/teamspace.",
      },
    ];
  }
  findings.push({ name: "account", state: "ok", found: settings.teamspace });
  const taken = new RegExp(`"name":\\s*"${settings.name}"`).test(listed.stdout);
  findings.push(
    taken
      ? {
          name: "job name",
          state: "wrong",
          found: `${settings.teamspace} has a job ${settings.name} already`,
          code: "E_PLATFORM_SETTING",
          hint: "Names are used once in a teamspace: set another name.",
        }
      : { name: "job name", state: "ok", found: settings.name },
  );
  return findings;
}

export const lightning: Platform<typeof lightningSchema> = {
  name: "lightning",
  title: titled,
  can: ["a studio with one-click start", "training jobs", "deployment of the service"],
  schema: lightningSchema,
  tools: [{ argv: ["lightning", "--version"], install: "pip install lightning-sdk" }],
  actions,
  refuse,
  check,
};
