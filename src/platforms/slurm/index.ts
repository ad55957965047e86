import { TrainingReadyError } from "../../shared/index.ts";
import type { Action, Finding, Platform } from "../action.ts";
import { estimatedNeedGb, fitsGpu, gpuMemoryGb } from "../gpu.ts";
import { notHonoured } from "../limits.ts";
import { dataBatches, servingBatch, trainingBatch } from "./batch.ts";
import { slurmSchema, type SlurmSettings } from "./schema.ts";

const jobId = { name: "JOB", description: "id of the job, a number" };

/** Slurm's ids: a number, with the task of an array. Throws `E_CLI_ARGUMENT`. */
function idOf(words: readonly string[]): string {
  const id = words[0] ?? "";
  if (/^\d+(?:_\d+)?$/.test(id)) return id;
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${id} is no id of a Slurm job`);
}

const actions: readonly Action<SlurmSettings>[] = [
  {
    path: "render",
    summary: "write the batch files of training, data and the service",
    example: "render --set partition=gpu --apply",
    render: ({ settings }) => ({
      files: [trainingBatch(settings), ...dataBatches(settings), servingBatch(settings)],
      commands: [],
      notes: [],
    }),
  },
  {
    path: "job run",
    summary: "submit the training job",
    example: "job run --set partition=gpu --set gpu=h100",
    checked: true,
    render: ({ settings, folder }) => ({
      files: [trainingBatch(settings)],
      commands: [{ argv: ["sbatch", "--parsable", `${folder}/train.sbatch`] }],
      notes: ["The job is told before its limit, saves, and is queued again until the run is done."],
    }),
  },
  {
    path: "data run",
    summary: "submit the array that builds the data set, and the job that publishes it",
    example: "data run --set tasks=4 --set gpus=0",
    checked: true,
    render: ({ settings, folder }) => ({
      files: dataBatches(settings),
      commands: [
        { argv: ["sbatch", "--parsable", `${folder}/data-array.sbatch`], keep: "array" },
        {
          argv: [
            "sbatch",
            "--parsable",
            "--dependency=afterok:{array}",
            "--kill-on-invalid-dep=yes",
            `${folder}/data-publish.sbatch`,
          ],
        },
      ],
      notes: ["{array} is what the first command prints: its job id."],
    }),
  },
  {
    path: "app deploy",
    summary: "serve the model as a job on a node",
    example: "app deploy --set model=/project/models/my.gguf --set gpus=0",
    checked: true,
    render: ({ settings, folder }) => ({
      files: [servingBatch(settings)],
      commands: [{ argv: ["sbatch", "--parsable", `${folder}/serve.sbatch`] }],
      notes: [
        `The job's output names its node; from outside: ssh -L ${settings.port}:127.0.0.1:${settings.port} NODE`,
      ],
    }),
  },
  {
    path: "job list",
    summary: "list your jobs",
    example: "job list",
    render: () => ({
      files: [],
      commands: [{ argv: ["squeue", "--me", "--format=%i %j %T %M %l %R"] }],
      notes: [],
    }),
  },
  {
    path: "job follow",
    summary: "follow a job's output",
    arguments: [jobId],
    example: "job follow 42",
    render: ({ settings, words }) => ({
      files: [],
      commands: [
        {
          argv: [
            "tail",
            "--lines=+1",
            "--follow=name",
            "--retry",
            `${settings.logs}/${settings.name}-${idOf(words)}.out`,
          ],
        },
      ],
      notes: [],
    }),
  },
  {
    path: "job stop",
    summary: "cancel a job; the run saves first",
    arguments: [jobId],
    example: "job stop 42",
    render: ({ words }) => ({
      files: [],
      // TERM to the batch script: the run saves. A cancelled job is not queued again.
      commands: [{ argv: ["scancel", "--full", idOf(words)] }],
      notes: ["Slurm waits KillWait seconds (30 by default) before it ends what still runs."],
    }),
  },
];

// Slurm tells a job up to a minute earlier than asked.
const earlySeconds = 60;
const leastSeconds = 60;

function refuse(settings: SlurmSettings): void {
  const { hours, grace_seconds: grace } = settings;
  if (hours * 3600 < grace + earlySeconds + leastSeconds)
    throw notHonoured(
      "slurm",
      "grace_seconds",
      `a job of ${hours} h is told ${grace} s before its end, or a minute earlier, and could do nothing`,
      "Ask for more hours or a shorter grace.",
    );
  const memoryGb = settings.gpu === undefined ? undefined : gpuMemoryGb[settings.gpu.toUpperCase()];
  if (memoryGb === undefined || settings.gpus === 0) return;
  const need =
    settings.need_gb ??
    estimatedNeedGb(settings.stage === undefined ? settings.recipe : "staged", settings.profile);
  fitsGpu(need, { name: settings.gpu as string, memoryGb });
}

/** Minutes of `d-hh:mm:ss`, `hh:mm:ss` or `mm:ss`; null for unlimited. */
function minutesOf(text: string): number | null {
  const [, days, hours, minutes] = /^(?:(\d+)-)?(?:(\d+):)?(\d+):\d+$/.exec(text.trim()) ?? [];
  if (minutes === undefined) return null;
  return Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes);
}

async function check(
  settings: SlurmSettings,
  ask: Parameters<Platform<typeof slurmSchema>["check"]>[1],
): Promise<Finding[]> {
  const where = settings.partition === undefined ? [] : [`--partition=${settings.partition}`];
  const said = await ask(["sinfo", "--noheader", "--format=%P|%l|%G|%a", ...where]);
  const name = "partition";
  if (said === undefined) return [{ name, state: "unknown", found: "sinfo is not installed" }];
  if (said.status !== 0)
    return [
      { name, state: "wrong", found: said.stderr.trim().slice(0, 200), code: "E_PLATFORM_CREDENTIALS" },
    ];
  const rows = said.stdout
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("|"));
  const row = rows.find(([one]) => settings.partition !== undefined || one?.endsWith("*")) ?? rows[0];
  if (row === undefined) {
    return [
      {
        name,
        state: "wrong",
        found: `the cluster has no ${settings.partition ?? "partition"}`,
        code: "E_PLATFORM_SETTING",
      },
    ];
  }
  const [partition = "", limit = "", gres = ""] = row;
  const findings: Finding[] = [{ name, state: "ok", found: partition }];
  const most = minutesOf(limit);
  const asked = settings.hours * 60;
  findings.push(
    most !== null && asked > most
      ? {
          name: "time limit",
          state: "wrong",
          found: `${partition} allows ${most / 60} h, ${settings.hours} h are asked for`,
          code: "E_PLATFORM_WINDOW",
        }
      : { name: "time limit", state: "ok", found: limit },
  );
  if (settings.gpus > 0) {
    const has =
      settings.gpu === undefined
        ? /\bgpu\b/.test(gres)
        : new RegExp(`\\bgpu:${settings.gpu}\\b`, "i").test(gres);
    findings.push(
      has
        ? { name: "GPU", state: "ok", found: gres }
        : {
            name: "GPU",
            state: "wrong",
            found: `${partition} offers ${gres}, gpu:${settings.gpu ?? "any"} is asked for`,
            code: "E_PLATFORM_GPU",
          },
    );
  }
  return findings;
}

export const slurm: Platform<typeof slurmSchema> = {
  name: "slurm",
  title: "Slurm",
  can: ["training with requeue", "data arrays", "the service as a job"],
  schema: slurmSchema,
  tools: [{ argv: ["sbatch", "--version"], install: "run on a login node of the cluster" }],
  actions,
  refuse,
  check,
};
