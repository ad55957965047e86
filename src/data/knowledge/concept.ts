import type { Concept } from "../../records/index.ts";

/** A concept with other names for the same thing. */
export type NamedConcept = Concept & { aliases: string[] };
export type StarterConcept = NamedConcept;

const fold = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

export type Folded = {
  concepts: NamedConcept[];
  /** Concepts that were the same as an earlier one and joined it. */
  merged: number;
  /** Same name or id as an earlier one, and another text: the earlier one stays. */
  conflicts: { id: string; title: string }[];
  /** Links to concepts that are not there; they are taken out. */
  dangling: { from: string; to: string }[];
};

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];

/** Joins concepts that are the same by id, title or alias, and turns links by any name into ids. */
export function foldConcepts(all: readonly NamedConcept[]): Folded {
  const byName = new Map<string, number>();
  const concepts: NamedConcept[] = [];
  const conflicts: Folded["conflicts"] = [];
  let merged = 0;
  for (const one of all) {
    const names = [one.id, one.title, ...one.aliases].map(fold).filter((name) => name !== "");
    const known = names.map((name) => byName.get(name)).find((at) => at !== undefined);
    if (known === undefined) {
      const at = concepts.push({ ...one }) - 1;
      for (const name of names) byName.set(name, at);
      continue;
    }
    const there = concepts[known] as NamedConcept;
    if (fold(there.content) !== fold(one.content)) conflicts.push({ id: one.id, title: one.title });
    else merged++;
    there.aliases = union(there.aliases, [
      ...(fold(one.title) === fold(there.title) ? [] : [one.title]),
      ...one.aliases,
    ]);
    there.related = union(there.related, one.related);
    there.approaches = union(there.approaches, one.approaches);
    for (const name of names) if (!byName.has(name)) byName.set(name, known);
  }
  const dangling: Folded["dangling"] = [];
  for (const one of concepts) {
    one.related = one.related.flatMap((to) => {
      const at = byName.get(fold(to));
      if (at === undefined) {
        dangling.push({ from: one.id, to });
        return [];
      }
      const id = (concepts[at] as NamedConcept).id;
      return id === one.id ? [] : [id];
    });
    one.related = [...new Set(one.related)];
  }
  return { concepts, merged, conflicts, dangling };
}
