import type { Reference } from "../../references/index.ts";
import type { PlanLine, Repair } from "./schema.ts";

/** Repairs of references that are stale already: proven ones apply, the others wait for a person. */
export function proposeRepairs(references: readonly Reference[]): Repair[] {
  const repairs: Repair[] = [];
  for (const one of references) {
    if (one.class !== "stale" || one.fix === undefined) continue;
    const proof = one.evidence.at(-1);
    repairs.push({
      at: `${one.path}:${one.line}`,
      start: one.fix.start,
      end: one.fix.end,
      from: one.raw,
      to: one.fix.text,
      proof:
        proof === undefined
          ? one.fix.certainty
          : `${proof.text}${proof.commit === undefined ? "" : ` (${proof.commit.slice(0, 12)})`}`,
      apply: one.fix.certainty === "certain",
    });
  }
  return repairs.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.start - b.start));
}

/** Repairs without those in files that a plan archives or deletes: these stay as they were. */
export function repairsOutside(lines: readonly PlanLine[], repairs: readonly Repair[]): Repair[] {
  const frozen = new Set(
    lines.filter((line) => line.action === "archive" || line.action === "delete").map((line) => line.from),
  );
  return repairs.filter((one) => !frozen.has(one.at.replace(/:\d+$/, "")));
}
