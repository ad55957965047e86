import type { KubernetesSettings } from "./schema.ts";

export type Manifest = Record<string, unknown>;

const user = 42_420; // the user of the images

export const labelsOf = (settings: KubernetesSettings, part: string): Record<string, string> => ({
  "app.kubernetes.io/name": "training-ready",
  "app.kubernetes.io/instance": settings.name,
  "app.kubernetes.io/component": part,
});

export const metadata = (settings: KubernetesSettings, part: string, name: string): Manifest => ({
  name,
  namespace: settings.namespace,
  labels: labelsOf(settings, part),
});

export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: { type: "RuntimeDefault" },
};

export const containerSecurity = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** The named keys of the Secret as variables: no value stands in a manifest. */
export const secretVariables = (settings: KubernetesSettings, names: readonly string[]): Manifest[] =>
  names.map((name) => ({ name, valueFrom: { secretKeyRef: { name: settings.secret, key: name } } }));

/** CPU, memory and disk, and GPUs where asked for. */
export function resources(settings: KubernetesSettings, gpus: number): Manifest {
  const { cpus, memory_gb: memory } = settings;
  const amounts = {
    cpu: String(cpus),
    memory: `${memory}Gi`,
    ...(gpus === 0 ? {} : { "nvidia.com/gpu": String(gpus) }),
  };
  return { requests: amounts, limits: amounts };
}

/** Where the pod may stand: nodes of the asked GPU. */
export function placement(settings: KubernetesSettings): Manifest {
  if (settings.gpus === 0) return {};
  return {
    ...(settings.gpu === undefined ? {} : { nodeSelector: { "nvidia.com/gpu.product": settings.gpu } }),
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  };
}

export const workspace = (settings: KubernetesSettings): Manifest => ({
  name: "workspace",
  persistentVolumeClaim: { claimName: `${settings.name}-workspace` },
});
