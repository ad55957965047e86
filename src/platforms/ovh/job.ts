import { trainingScript, withStore } from "../job-script.ts";
import { shellWord, type RenderedFile } from "../rendered.ts";
import { ovhFlavours, type OvhSettings } from "./schema.ts";
import { runPrefix, stageBefore } from "./stages.ts";
import { knownGpu } from "../gpu.ts";

const secretsFolder = "/workspace/secrets";
const weights = "/workspace/checkpoints";
const mounts = { data: "/workspace/data", base: "/workspace/base", previous: "/workspace/previous" } as const;

/** Checkpoints go to the bucket while the job runs: the volume itself is stored only when the job ends. */
export function withCheckpoints(settings: OvhSettings): OvhSettings {
  const { checkpoints, checkpoint_container: bucket } = settings;
  return checkpoints === undefined
    ? { ...settings, checkpoints: `s3://${bucket}/${runPrefix(settings)}run` }
    : settings;
}

/** What the next stage and the service take: the merged model, and its GGUF where its tokenizer has one. */
const exportLines = (program: string): string[] => [
  'if [ "$code" -eq 0 ]; then',
  `  if [ ! -e ${weights}/hf ]; then ${shellWord(program)} train export "$run" --format hf --out ${weights}/hf --yes >&2 || code=70; fi`,
  `  if [ ! -e ${weights}/gguf ]; then ${shellWord(program)} train export "$run" --format gguf --out ${weights}/gguf --yes >&2 || echo "no GGUF was written" >&2; fi`,
  "fi",
];

/** The script of the job, which is sent to the bucket of data and mounted with it. */
export function jobFile(settings: OvhSettings): RenderedFile {
  const before = stageBefore(settings.stage);
  const { storage_gb: storage, endpoint, region, base } = settings;
  return {
    ...trainingScript(
      { ...withCheckpoints(settings), base: before === undefined ? base : `${mounts.previous}/model` },
      {
        secretsFolder,
        before: [
          `export AWS_ENDPOINT_URL_S3=${shellWord(endpoint)} AWS_REGION=${shellWord(region.toLowerCase())}`,
          ...(storage === 0
            ? []
            : [
                "storage=$(df --output=avail --block-size=1000000000 /workspace | tail -n 1 | tr -d ' ')",
                `if [ "$storage" -lt ${storage} ]; then echo "E_PLATFORM_RESOURCE: $storage GB of storage are free, ${storage} are asked for" >&2; exit 64; fi`,
              ]),
          ...(before === undefined
            ? []
            : [
                `if [ ! -e ${mounts.previous}/model/config.json ]; then echo "E_PLATFORM_STAGE: the stage ${before} has left no weights" >&2; exit 64; fi`,
              ]),
        ],
        after: exportLines(settings.program),
      },
    ),
    path: "job/train.sh",
  };
}

/** `ovhai job run` with its volumes: data read-only and cached, checkpoints read-write. No secret stands in it. */
export function jobRunArgv(settings: OvhSettings): string[] {
  const {
    name,
    gpus,
    hours,
    image,
    region,
    data_container: data,
    checkpoint_container: checkpoints,
  } = settings;
  const before = stageBefore(settings.stage);
  const { flavour } = knownGpu(settings.gpu, ovhFlavours, "OVH AI Training");
  const volumes = [
    `${data}@${region}/${settings.data_prefix}:${mounts.data}:ro:cache`,
    `${data}@${region}/jobs/${name}/:/workspace/job:ro`,
    ...(before === undefined
      ? [`${data}@${region}/${settings.base_prefix}:${mounts.base}:ro:cache`]
      : [`${checkpoints}@${region}/${runPrefix(settings, before)}hf/:${mounts.previous}/model:ro:cache`]),
    `${checkpoints}@${region}/${runPrefix(settings)}:/workspace/checkpoints:rw`,
    `${settings.secrets_container}@${region}/:${secretsFolder}:ro`,
  ];
  return [
    "ovhai",
    "job",
    "run",
    "--name",
    `${name}-${settings.stage}`,
    "--flavor",
    flavour,
    "--gpu",
    String(gpus),
    "--timeout",
    `${Math.ceil(hours * 60)}m`,
    "--label",
    `training-ready=${name}`,
    "--label",
    `stage=${settings.stage}`,
    ...volumes.flatMap((one) => ["--volume", one]),
    "--output",
    "json",
    image,
    "--",
    "bash",
    "/workspace/job/train.sh",
  ];
}

/** Secrets that must lie in the bucket of secrets. */
export const neededSecrets = (settings: OvhSettings): string[] => withStore(settings.secrets);
