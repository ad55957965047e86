import { trainingScript, withStore } from "../job-script.ts";
import {
  containerSecurity,
  labelsOf,
  metadata,
  placement,
  podSecurity,
  resources,
  secretVariables,
  workspace,
  type Manifest,
} from "./pod.ts";
import type { KubernetesSettings } from "./schema.ts";

const mounted = [{ name: "workspace", mountPath: "/workspace" }];

/** The volume that holds data, runs and what the tasks of an array share. */
export function volumeClaim(settings: KubernetesSettings): Manifest {
  const { storage_class: storageClass, storage_gb: storage, access, name } = settings;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(settings, "storage", `${name}-workspace`),
    spec: {
      accessModes: [access],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: `${Math.max(1, storage)}Gi` } },
    },
  };
}

/** The script of the training job, which the job mounts. */
export function scriptMap(settings: KubernetesSettings): Manifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(settings, "training", `${settings.name}-script`),
    data: { "train.sh": trainingScript(settings).text },
  };
}

/** 75 and evictions are no failures: a new pod goes on. Bad recipe, bad data and a diverged run end the job. */
const failurePolicy = {
  rules: [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    { action: "Ignore", onExitCodes: { containerName: "training", operator: "In", values: [75] } },
    { action: "FailJob", onExitCodes: { containerName: "training", operator: "In", values: [64, 66, 72] } },
  ],
};

/** The training job. Its pod gets TERM and has the grace to save. */
export function trainingJob(settings: KubernetesSettings): Manifest {
  const { name, image, gpus, hours, grace_seconds: grace, checkpoints, secrets } = settings;
  const names = checkpoints === undefined ? secrets : withStore(secrets);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(settings, "training", name),
    spec: {
      backoffLimit: 6,
      activeDeadlineSeconds: Math.ceil(hours * 3600) + grace,
      podFailurePolicy: failurePolicy,
      template: {
        metadata: { labels: labelsOf(settings, "training") },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: grace,
          automountServiceAccountToken: false,
          securityContext: podSecurity,
          ...placement(settings),
          containers: [
            {
              name: "training",
              image,
              command: ["/bin/bash", "/job/train.sh"],
              env: secretVariables(settings, names),
              resources: resources(settings, gpus),
              securityContext: containerSecurity,
              volumeMounts: [
                ...mounted,
                { name: "script", mountPath: "/job", readOnly: true },
                { name: "shared-memory", mountPath: "/dev/shm" },
              ],
            },
          ],
          volumes: [
            workspace(settings),
            { name: "script", configMap: { name: `${name}-script`, defaultMode: 0o555 } },
            { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "8Gi" } },
          ],
        },
      },
    },
  };
}

function dataJob(
  settings: KubernetesSettings,
  name: string,
  words: readonly string[],
  spec: Manifest,
): Manifest {
  const { image, program, config, out, work, cpus } = settings;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(settings, "data", name),
    spec: {
      ...spec,
      template: {
        metadata: { labels: labelsOf(settings, "data") },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 30,
          automountServiceAccountToken: false,
          securityContext: podSecurity,
          containers: [
            {
              name: "data",
              image,
              command: [
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
              ],
              resources: resources(settings, 0),
              securityContext: containerSecurity,
              volumeMounts: mounted,
            },
          ],
          volumes: [workspace(settings)],
        },
      },
    },
  };
}

/** The array of tasks, one index each, that process the units. */
export function dataUnitsJob(settings: KubernetesSettings): Manifest {
  const { tasks, name } = settings;
  return dataJob(settings, `${name}-units`, ["data", "process", "--engine", "array", "--of", String(tasks)], {
    completionMode: "Indexed",
    completions: tasks,
    parallelism: tasks,
    backoffLimit: tasks * 3,
  });
}

/** The job behind the barrier: publishes what the tasks processed. */
export function dataPublishJob(settings: KubernetesSettings): Manifest {
  return dataJob(settings, `${settings.name}-publish`, ["data", "build"], { backoffLimit: 3 });
}
