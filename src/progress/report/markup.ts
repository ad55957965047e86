import { escapeHtml } from "../../shared/index.ts";
import type { Sentence } from "./facts.ts";

/** Any value as text of a page. */
export const escape = (value: unknown): string => escapeHtml(String(value));

/** Sentences as paragraphs of one block. */
export const lines = (sentences: readonly Sentence[]): string =>
  sentences.length === 0
    ? ""
    : `<div class="sentences">${sentences.map((one) => `<p>${escape(one.text)}</p>`).join("")}</div>`;

/** A table with its caption; nothing without rows. Cells that are numbers stand at the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
  caption: string,
): string {
  if (rows.length === 0) return "";
  const isNumber = (column: number): boolean =>
    rows.every((row) => row[column] === null || typeof row[column] === "number");
  const kind = (column: number): string => (isNumber(column) ? ' class="number"' : "");
  const headCells = head.map((one, index) => `<th scope="col"${kind(index)}>${escape(one)}</th>`).join("");
  const body = rows.map(
    (row) => `<tr>${row.map((one, index) => `<td${kind(index)}>${escape(one ?? "–")}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll fit" role="region" aria-label="${escape(caption)}" tabindex="0"><table><caption>${escape(caption)}</caption><thead><tr>${headCells}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** Few facts beside each other, each with its name. */
export const factStrip = (facts: readonly (readonly [name: string, value: string, more: string])[]): string =>
  `<dl class="facts">${facts
    .map(
      ([name, value, more]) =>
        `<div><dt>${escape(name)}</dt><dd>${escape(value)}${more === "" ? "" : ` <small>${escape(more)}</small>`}</dd></div>`,
    )
    .join("")}</dl>`;
