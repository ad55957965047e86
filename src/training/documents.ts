import { readFileSync } from "node:fs";
import type { Selector } from "./recipe-schema.ts";
import { runPaths } from "./run-folder.ts";

/** A line of a split's document table, as the worker wrote it. */
export type DocumentLine = {
  offset: number;
  length: number;
  supervised: number;
  domain: string;
  id: string;
  stage: string | null;
  source: string | null;
  labels: Record<string, unknown>;
};

/** A label's values: a list, or words behind each other in one string. */
const labelValues = (value: unknown): string[] =>
  [value].flat().flatMap((one) => (typeof one === "string" ? [one, ...one.split(" ")] : [String(one)]));

/** Whether a document is one that a selector means. */
export function isSelected(document: DocumentLine, selector: Selector | undefined): boolean {
  if (selector === undefined) return true;
  const { stage, source, labels } = selector;
  if (stage !== undefined && !stage.includes(document.stage ?? "")) return false;
  if (source !== undefined && !source.includes(document.source ?? "")) return false;
  return Object.entries(labels ?? {}).every(([label, wanted]) =>
    labelValues(document.labels[label]).some((value) => wanted.includes(value)),
  );
}

/** A split's document table. */
export function readDocuments(run: string, split: string): DocumentLine[] {
  const text = readFileSync(runPaths(run).documents(split), "utf8");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as DocumentLine]));
}
