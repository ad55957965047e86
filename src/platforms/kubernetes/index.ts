import { stringify } from "yaml";
import { TrainingReadyError } from "../../shared/index.ts";
import type { Action, Ask, Finding, Platform } from "../action.ts";
import { estimatedNeedGb, fitsGpu, gpuMemoryGb } from "../gpu.ts";
import { withStore } from "../job-script.ts";
import { notHonoured } from "../limits.ts";
import type { Command, RenderedFile } from "../rendered.ts";
import { dataPublishJob, dataUnitsJob, scriptMap, trainingJob, volumeClaim } from "./jobs.ts";
import type { Manifest } from "./pod.ts";
import { kubernetesSchema, type KubernetesSettings } from "./schema.ts";
import { servingManifests } from "./serving.ts";

const head = "# Written by training-ready; settings make it anew.\n";

/** Documents of one file; YAML without line folding, so that scripts stay as they are. */
function yamlFile(path: string, manifests: readonly Manifest[]): RenderedFile {
  return {
    path: `base/${path}`,
    text: head + manifests.map((one) => stringify(one, { lineWidth: 0 })).join("---\n"),
  };
}

const volumeFile = (settings: KubernetesSettings): RenderedFile =>
  yamlFile("volume.yaml", [volumeClaim(settings)]);
const trainingFile = (settings: KubernetesSettings): RenderedFile =>
  yamlFile("training-job.yaml", [scriptMap(settings), trainingJob(settings)]);
const dataFiles = (settings: KubernetesSettings): RenderedFile[] => [
  yamlFile("data-units-job.yaml", [dataUnitsJob(settings)]),
  yamlFile("data-publish-job.yaml", [dataPublishJob(settings)]),
];
const servingFiles = (settings: KubernetesSettings): RenderedFile[] =>
  servingManifests(settings).map(({ file, manifests }) => yamlFile(file, manifests));

/** The base for overlays: what stands on its own; jobs are submitted one by one. */
function kustomization(settings: KubernetesSettings): RenderedFile {
  const resources = [volumeFile(settings), ...servingFiles(settings)].map(({ path }) =>
    path.replace("base/", ""),
  );
  const body = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
  return { path: "base/kustomization.yaml", text: head + stringify(body) };
}

const apply = (settings: KubernetesSettings, path: string): Command => ({
  argv: ["kubectl", "apply", "--namespace", settings.namespace, "--filename", path],
});

const jobArgument = { name: "JOB", description: "name of the job, as `job list` shows it" };

function nameOf(words: readonly string[]): string {
  const name = words[0] ?? "";
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${name} is no name of a Kubernetes object`);
}

const inNamespace = (settings: KubernetesSettings): string[] => ["--namespace", settings.namespace];
const hostNote =
  "serve binds other addresses than this machine's own only on a home that `training-ready serve safety sign` has signed and that has a key (`serve keys add`): until then the service's pod ends with E_SERVE_HOST.";

const actions: readonly Action<KubernetesSettings>[] = [
  {
    path: "render",
    summary: "write all manifests and the kustomize base",
    example: "render --set replicas_max=4 --apply",
    render: ({ settings }) => ({
      files: [
        volumeFile(settings),
        trainingFile(settings),
        ...dataFiles(settings),
        ...servingFiles(settings),
        kustomization(settings),
      ],
      commands: [],
      notes: [],
    }),
  },
  {
    path: "job run",
    summary: "submit the training job",
    example: "job run --set recipe=moe",
    checked: true,
    render: ({ settings, folder }) => {
      const files = [volumeFile(settings), trainingFile(settings)];
      return { files, commands: files.map(({ path }) => apply(settings, `${folder}/${path}`)), notes: [] };
    },
  },
  {
    path: "data run",
    summary: "run the array that builds the data set, then the job that publishes it",
    example: "data run --set tasks=8",
    checked: true,
    render: ({ settings, folder }) => {
      const [units, publish] = dataFiles(settings) as [RenderedFile, RenderedFile];
      const volume = volumeFile(settings);
      return {
        files: [volume, units, publish],
        commands: [
          apply(settings, `${folder}/${volume.path}`),
          apply(settings, `${folder}/${units.path}`),
          {
            argv: [
              "kubectl",
              "wait",
              ...inNamespace(settings),
              "--for=condition=complete",
              `--timeout=${Math.ceil(settings.hours * 3600)}s`,
              `job/${settings.name}-units`,
            ],
          },
          apply(settings, `${folder}/${publish.path}`),
        ],
        notes: ["The third command is the barrier: it ends once every index is done."],
      };
    },
  },
  {
    path: "job list",
    summary: "list the jobs",
    example: "job list",
    render: ({ settings }) => ({
      files: [],
      commands: [
        {
          argv: [
            "kubectl",
            "get",
            "jobs",
            ...inNamespace(settings),
            "--selector",
            "app.kubernetes.io/name=training-ready",
          ],
        },
      ],
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
      commands: [{ argv: ["kubectl", "logs", ...inNamespace(settings), "--follow", `job/${nameOf(words)}`] }],
      notes: [],
    }),
  },
  {
    path: "job stop",
    summary: "delete a job; the run on the volume stays and can go on",
    arguments: [jobArgument],
    example: "job stop training",
    render: ({ settings, words }) => ({
      files: [],
      commands: [
        {
          argv: ["kubectl", "delete", "job", nameOf(words), ...inNamespace(settings), "--cascade=foreground"],
        },
      ],
      notes: [`The pod has ${settings.grace_seconds} s to save.`],
    }),
  },
  {
    path: "app deploy",
    summary: "deploy the service with its probes, budget, scaling and network policy",
    example: "app deploy --set model=/models/my.gguf",
    checked: true,
    render: ({ settings, folder }) => {
      const files = [volumeFile(settings), ...servingFiles(settings)];
      return {
        files,
        commands: files.map(({ path }) => apply(settings, `${folder}/${path}`)),
        notes: [hostNote],
      };
    },
  },
  {
    path: "app scale",
    summary: "change the number of copies",
    arguments: [{ name: "REPLICAS", description: "how many" }],
    example: "app scale 3",
    render: ({ settings, words }) => ({
      files: [],
      commands: [
        {
          argv: [
            "kubectl",
            "scale",
            ...inNamespace(settings),
            `deployment/${settings.name}-inference`,
            `--replicas=${replicasOf(words)}`,
          ],
        },
      ],
      notes: [],
    }),
  },
  {
    path: "app show",
    summary: "show the service's state",
    example: "app show",
    render: ({ settings }) => ({
      files: [],
      commands: [
        {
          argv: [
            "kubectl",
            "get",
            "deployment,service,pods,poddisruptionbudget,horizontalpodautoscaler",
            ...inNamespace(settings),
            "--selector",
            `app.kubernetes.io/instance=${settings.name},app.kubernetes.io/component=inference`,
          ],
        },
      ],
      notes: [],
    }),
  },
  {
    path: "app delete",
    summary: "delete the service; the volume stays",
    example: "app delete",
    render: ({ settings }) => ({
      files: [],
      commands: [
        {
          argv: [
            "kubectl",
            "delete",
            "deployment,service,poddisruptionbudget,horizontalpodautoscaler,networkpolicy",
            ...inNamespace(settings),
            "--selector",
            `app.kubernetes.io/instance=${settings.name},app.kubernetes.io/component=inference`,
          ],
        },
      ],
      notes: [],
    }),
  },
];

function replicasOf(words: readonly string[]): number {
  if (/^[1-9]\d{0,3}$/.test(words[0] ?? "")) return Number(words[0]);
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${words[0]} is no number of copies`);
}

function refuse(settings: KubernetesSettings): void {
  const { replicas, replicas_max: most, access, tasks, name } = settings;
  if (most !== undefined && most < replicas)
    throw notHonoured("kubernetes", "replicas_max", `${most} is less than replicas ${replicas}`, "Raise it.");
  if (access === "ReadWriteOnce" && (replicas > 1 || (most ?? 1) > 1))
    throw notHonoured(
      "kubernetes",
      "replicas",
      "a ReadWriteOnce volume serves one node",
      "Set access=ReadWriteMany.",
    );
  if (name.length > 40)
    throw notHonoured(
      "kubernetes",
      "name",
      "names of its parts would be too long",
      "Take at most 40 letters.",
    );
  if (tasks > 1000) throw notHonoured("kubernetes", "tasks", "at most 1000", "Take fewer.");
  const short = Object.keys(gpuMemoryGb).find((one) =>
    new RegExp(`\\b${one}\\b`, "i").test(settings.gpu ?? ""),
  );
  if (short === undefined || settings.gpus === 0) return;
  const need =
    settings.need_gb ??
    estimatedNeedGb(settings.stage === undefined ? settings.recipe : "staged", settings.profile);
  fitsGpu(need, { name: settings.gpu as string, memoryGb: gpuMemoryGb[short] as number });
}

async function check(settings: KubernetesSettings, ask: Ask): Promise<Finding[]> {
  const findings: Finding[] = [];
  const can = await ask(["kubectl", "auth", "can-i", "create", "jobs", ...inNamespace(settings)]);
  if (can === undefined) return [{ name: "cluster", state: "unknown", found: "kubectl is not installed" }];
  const said = `${can.stdout}${can.stderr}`.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  if (can.status !== 0) {
    return [
      {
        name: "rights",
        state: "wrong",
        found: `create jobs in ${settings.namespace}: ${said}`,
        code: "E_PLATFORM_CREDENTIALS",
        hint: "Sign in to the cluster (kubectl config), or ask for the right to create jobs there.",
      },
    ];
  }
  findings.push({ name: "rights", state: "ok", found: `create jobs in ${settings.namespace}` });
  const names = settings.checkpoints === undefined ? settings.secrets : withStore(settings.secrets);
  if (names.length > 0) findings.push(await secretFinding(settings, names, ask));
  if (settings.gpus > 0) findings.push(await nodeFinding(settings, ask));
  return findings;
}

/** Only the keys of the Secret are read, never their values. */
async function secretFinding(
  settings: KubernetesSettings,
  names: readonly string[],
  ask: Ask,
): Promise<Finding> {
  const template = '{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}';
  const said = await ask([
    "kubectl",
    "get",
    "secret",
    settings.secret,
    ...inNamespace(settings),
    "--output",
    `go-template=${template}`,
  ]);
  const keys = new Set((said?.stdout ?? "").split("\n"));
  const absent = said?.status === 0 ? names.filter((name) => !keys.has(name)) : names;
  if (absent.length === 0) return { name: "secret", state: "ok", found: settings.secret };
  return {
    name: "secret",
    state: "wrong",
    found: `the Secret ${settings.secret} lacks ${absent.join(", ")}`,
    code: "E_PLATFORM_CREDENTIALS",
    hint: `Make it from files: kubectl create secret generic ${settings.secret} --from-file=${absent[0]}.`,
  };
}

async function nodeFinding(settings: KubernetesSettings, ask: Ask): Promise<Finding> {
  const where = settings.gpu === undefined ? [] : ["--selector", `nvidia.com/gpu.product=${settings.gpu}`];
  const said = await ask([
    "kubectl",
    "get",
    "nodes",
    ...where,
    "--output",
    "jsonpath={.items[*].status.allocatable.nvidia\\.com/gpu}",
  ]);
  if (said?.status !== 0)
    return { name: "GPU", state: "unknown", found: "nodes cannot be listed with these rights" };
  const most = Math.max(0, ...said.stdout.trim().split(/\s+/).filter(Boolean).map(Number));
  return most >= settings.gpus
    ? { name: "GPU", state: "ok", found: `a node offers ${most}` }
    : {
        name: "GPU",
        state: "wrong",
        found: `no node offers ${settings.gpus} ${settings.gpu ?? "GPU"}`,
        code: "E_PLATFORM_GPU",
      };
}

export const kubernetes: Platform<typeof kubernetesSchema> = {
  name: "kubernetes",
  title: "Kubernetes",
  can: ["training jobs", "data arrays (Indexed Job)", "the service with autoscaling"],
  schema: kubernetesSchema,
  tools: [{ argv: ["kubectl", "version", "--client"], install: "install kubectl" }],
  actions,
  refuse,
  check,
};
