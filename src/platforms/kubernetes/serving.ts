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

const nameOf = (settings: KubernetesSettings): string => `${settings.name}-inference`;
const isScaled = ({ replicas, replicas_max: most }: KubernetesSettings): boolean =>
  most !== undefined && most > replicas;
const probe = (path: string, seconds: number, failures: number): Manifest => ({
  httpGet: { path, port: "http" },
  periodSeconds: seconds,
  timeoutSeconds: 5,
  failureThreshold: failures,
});

function deployment(settings: KubernetesSettings): Manifest {
  const { inference_image: image, port, model, gpus, secrets, replicas } = settings;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(settings, "inference", nameOf(settings)),
    spec: {
      ...(isScaled(settings) ? {} : { replicas }),
      selector: { matchLabels: labelsOf(settings, "inference") },
      // A GPU that is taken has no room for a second pod: the old one goes first.
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: gpus === 0 ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 },
      },
      template: {
        metadata: { labels: labelsOf(settings, "inference") },
        spec: {
          // Longer than the wait before stopping and the drain of 30 s together.
          terminationGracePeriodSeconds: 60,
          automountServiceAccountToken: false,
          securityContext: podSecurity,
          ...placement(settings),
          containers: [
            {
              name: "inference",
              image,
              args: ["--model", model, "--host", "0.0.0.0", "--port", String(port)],
              ports: [{ name: "http", containerPort: port }],
              env: secretVariables(settings, secrets),
              resources: resources(settings, gpus),
              securityContext: { ...containerSecurity, readOnlyRootFilesystem: true },
              startupProbe: probe("/health", 5, 60),
              readinessProbe: probe("/health/ready", 5, 2),
              livenessProbe: probe("/health/live", 15, 4),
              lifecycle: { preStop: { exec: { command: ["/bin/sleep", "5"] } } },
              volumeMounts: [
                { name: "workspace", mountPath: "/workspace" },
                { name: "workspace", mountPath: "/models", subPath: "models", readOnly: true },
                { name: "temporary", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [workspace(settings), { name: "temporary", emptyDir: {} }],
        },
      },
    },
  };
}

function service(settings: KubernetesSettings): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(settings, "inference", nameOf(settings)),
    spec: {
      type: "ClusterIP",
      selector: labelsOf(settings, "inference"),
      ports: [{ name: "http", port: 80, targetPort: "http" }],
      // Sessions live in a pod's memory.
      sessionAffinity: "ClientIP",
    },
  };
}

function disruptionBudget(settings: KubernetesSettings): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(settings, "inference", nameOf(settings)),
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(settings, "inference") } },
  };
}

function autoscaler(settings: KubernetesSettings): Manifest {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadata(settings, "inference", nameOf(settings)),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: nameOf(settings) },
      minReplicas: settings.replicas,
      maxReplicas: settings.replicas_max,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
    },
  };
}

/** Only pods that carry the label reach the service; it reaches nobody but the name server. */
function networkPolicies(settings: KubernetesSettings): Manifest[] {
  const dns = {
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadata(settings, "inference", nameOf(settings)),
      spec: {
        podSelector: { matchLabels: labelsOf(settings, "inference") },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "training-ready/client": "true" } } }],
            ports: [{ protocol: "TCP", port: "http" }],
          },
        ],
        egress: [dns],
      },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadata(settings, "training", `${settings.name}-jobs`),
      spec: {
        podSelector: {
          matchExpressions: [
            { key: "app.kubernetes.io/component", operator: "In", values: ["training", "data"] },
          ],
          matchLabels: { "app.kubernetes.io/instance": settings.name },
        },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [dns, { ports: [{ protocol: "TCP", port: 443 }] }],
      },
    },
  ];
}

/** Everything of the service, by file name. */
export function servingManifests(settings: KubernetesSettings): { file: string; manifests: Manifest[] }[] {
  return [
    { file: "inference-deployment.yaml", manifests: [deployment(settings)] },
    { file: "inference-service.yaml", manifests: [service(settings)] },
    { file: "inference-disruption-budget.yaml", manifests: [disruptionBudget(settings)] },
    ...(isScaled(settings) ? [{ file: "inference-autoscaler.yaml", manifests: [autoscaler(settings)] }] : []),
    { file: "network-policies.yaml", manifests: networkPolicies(settings) },
  ];
}
