import type { Folded, NamedConcept } from "../../data/index.ts";

/** How many concepts there are, by category, and what was wrong with the files. */
export function formatKnowledge(folded: Folded, refused: Readonly<Record<string, number>>): string {
  const counts = new Map<string, number>();
  for (const { category } of folded.concepts) {
    const name = category ?? "none";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const lines = [
    `${folded.concepts.length} concepts, ${folded.merged} merged, ${folded.conflicts.length} in conflict`,
  ];
  for (const [name, count] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(`  ${name}: ${count}`);
  for (const { id } of folded.conflicts)
    lines.push(`conflict: ${id} has another text under the same name; the first stays`);
  for (const { from, to } of folded.dangling)
    lines.push(`link taken out: ${from} to ${to}, which is not there`);
  for (const [code, count] of Object.entries(refused)) lines.push(`no concept: ${code} ${count}`);
  return `${lines.join("\n")}\n`;
}

/** Concepts as a file that `data.generate` and `data build` read. */
export const conceptFile = (concepts: readonly NamedConcept[]): string =>
  `${JSON.stringify({ version: 1, concepts }, null, 2)}\n`;
