import type { Manifest } from "../../data/index.ts";

/** How often each label stands on a record. */
export function formatModalities(labels: Manifest["labels"]): string {
  const lines = [
    `labels by ${labels.labeller} (not validated by clinicians), mean quality ${labels.meanQuality}`,
  ];
  for (const kind of ["domain", "risk", "modality", "components", "bias"] as const) {
    for (const [label, count] of Object.entries(labels[kind])) lines.push(`  ${kind} ${label}: ${count}`);
  }
  return `${lines.join("\n")}\n`;
}
