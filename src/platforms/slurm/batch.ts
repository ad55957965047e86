import { TrainingReadyError } from "../../shared/index.ts";
import { trainingScript } from "../job-script.ts";
import { shellWord, type RenderedFile } from "../rendered.ts";
import type { SlurmSettings } from "./schema.ts";

/** `--time` in minutes and seconds, as Slurm reads it. */
function timeLimit(hours: number): string {
  const minutes = Math.ceil(hours * 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:00`;
}

/** `--output` of a job: Slurm knows quotes in its directives, but no escapes. */
function outputLine({ logs, name }: SlurmSettings, pattern: string): string {
  const path = `${logs}/${name}-${pattern}.out`;
  if (!/["'\\%]/.test(logs)) return `--output=${/\s/.test(path) ? `"${path}"` : path}`;
  throw new TrainingReadyError(
    "E_PLATFORM_SETTING",
    "logs: a Slurm directive cannot hold quotes, backslashes or percent signs",
    {
      exitCode: 1,
    },
  );
}

function directives(settings: SlurmSettings, more: readonly string[]): string[] {
  const { partition, account, qos, constraint, memory_gb: memory, storage_gb: storage, cpus } = settings;
  const lines = [
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(qos === undefined ? [] : [`--qos=${qos}`]),
    ...(constraint === undefined ? [] : [`--constraint=${constraint}`]),
    "--nodes=1",
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    `--mem=${memory}G`,
    ...(storage === 0 ? [] : [`--tmp=${storage}G`]),
    ...more,
  ];
  return lines.map((line) => `#SBATCH ${line}`);
}

const modules = (settings: SlurmSettings): string[] =>
  settings.modules.length === 0 ? [] : ["", ...settings.modules.map((one) => `module load ${one}`)];

/** The training job: told before the limit, saves, and is queued again where it can go on. */
export function trainingBatch(settings: SlurmSettings): RenderedFile {
  const { name, gpus, gpu, hours, grace_seconds: grace, secrets_folder: folder } = settings;
  const script = trainingScript(settings, {
    ...(folder === undefined ? {} : { secretsFolder: folder }),
    before: [
      ...modules(settings),
      ...(gpus === 0 ? [] : ["nvidia-smi --query-gpu=name,memory.total --format=csv >&2"]),
    ],
    after: [
      "# 75: stopped with everything saved. Queued again unless the job was cancelled or Slurm does it itself.",
      'if [ "$code" -eq 75 ] && [ "$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%T)" = RUNNING ]; then',
      '  scontrol requeue "$SLURM_JOB_ID"',
      "fi",
    ],
  });
  const header = directives(settings, [
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpu === undefined ? "" : `${gpu}:`}${gpus}`]),
    `--job-name=${name}`,
    `--time=${timeLimit(hours)}`,
    `--signal=B:USR1@${grace}`,
    "--requeue",
    "--open-mode=append",
    outputLine(settings, "%j"),
  ]);
  const [first, ...rest] = script.text.split("\n");
  return { path: "train.sbatch", text: [first, ...header, ...rest].join("\n"), mode: 0o755 };
}

function dataBatch(
  settings: SlurmSettings,
  file: string,
  lines: readonly string[],
  words: readonly string[],
): RenderedFile {
  const { program, config, out, work, cpus } = settings;
  const argv = [
    program,
    ...words,
    "--config",
    config,
    "--out",
    out,
    "--work",
    work,
    "--workers",
    String(cpus),
  ];
  const text = [
    "#!/usr/bin/env bash",
    ...directives(settings, lines),
    `# Written by training-ready; settings make it anew.`,
    "set -euo pipefail",
    ...modules(settings),
    `exec ${argv.map(shellWord).join(" ")}`,
    "",
  ];
  return { path: file, text: text.join("\n"), mode: 0o755 };
}

/** The array that processes the units, and the job that publishes once every task is done. */
export function dataBatches(settings: SlurmSettings): RenderedFile[] {
  const { name, tasks, hours } = settings;
  const time = `--time=${timeLimit(hours)}`;
  return [
    dataBatch(
      settings,
      "data-array.sbatch",
      [
        `--job-name=${name}-units`,
        `--array=0-${tasks - 1}`,
        time,
        "--requeue",
        "--open-mode=append",
        outputLine(settings, "%A-%a"),
      ],
      ["data", "process", "--engine", "array"],
    ),
    dataBatch(
      settings,
      "data-publish.sbatch",
      [`--job-name=${name}-publish`, time, "--requeue", "--open-mode=append", outputLine(settings, "%j")],
      ["data", "build"],
    ),
  ];
}

/** The service as a job: it binds its node's loopback only, and ends with the limit. */
export function servingBatch(settings: SlurmSettings): RenderedFile {
  const { program, model, port, name, gpus, gpu, hours } = settings;
  const header = directives(settings, [
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpu === undefined ? "" : `${gpu}:`}${gpus}`]),
    `--job-name=${name}-serve`,
    `--time=${timeLimit(hours)}`,
    outputLine(settings, "%j"),
  ]);
  const argv = [program, "serve", "--model", model, "--host", "127.0.0.1", "--port", String(port)];
  const text = [
    "#!/usr/bin/env bash",
    ...header,
    "# Written by training-ready; settings make it anew.",
    "set -euo pipefail",
    ...modules(settings),
    `echo "serving on $(hostname), port ${port}" >&2`,
    `exec ${argv.map(shellWord).join(" ")}`,
    "",
  ];
  return { path: "serve.sbatch", text: text.join("\n"), mode: 0o755 };
}
