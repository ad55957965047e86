import { sha256 } from "../../shared/index.ts";
import type { Inventory } from "../inventory.ts";
import type { Plan, PlanLine } from "./schema.ts";
import { riskOf, type Proposal } from "./settle-places.ts";

/** Stable id of a file's line: by its path in the base, so that a person's edits find it again. */
export function lineId(path: string): string {
  return sha256(`line\0${path}`).slice(0, 8);
}

function touchesOf(inventory: Inventory): Map<string, { references: number; files: Set<string> }> {
  const touches = new Map<string, { references: number; files: Set<string> }>();
  const add = (target: string, from: string): void => {
    const entry = touches.get(target) ?? { references: 0, files: new Set<string>() };
    entry.references++;
    entry.files.add(from);
    touches.set(target, entry);
  };
  for (const one of inventory.references)
    if (one.class === "resolves" && one.target !== undefined) add(one.target.replace(/\/+$/, ""), one.path);
  for (const one of inventory.imports) if (one.target !== undefined) add(one.target, one.path);
  return touches;
}

/** The lines of a plan, grouped by package in order of path. */
export function makeLines(inventory: Inventory, proposals: ReadonlyMap<string, Proposal>): PlanLine[] {
  const touches = touchesOf(inventory);
  const order = new Map(inventory.packages.map((one, at) => [one.name, at]));
  const files = inventory.files
    .filter((file) => proposals.has(file.path))
    .toSorted(
      (a, b) => (order.get(a.package) ?? 0) - (order.get(b.package) ?? 0) || (a.path < b.path ? -1 : 1),
    );
  return files.map((file): PlanLine => {
    const proposal = proposals.get(file.path) as Proposal;
    const touched = touches.get(file.path);
    const counts = { references: touched?.references ?? 0, files: touched?.files.size ?? 0 };
    const to = proposal.to === undefined ? {} : { to: proposal.to };
    return {
      id: lineId(file.path),
      from: file.path,
      blob: file.blob,
      action: proposal.action,
      ...to,
      ...(proposal.keptAt === undefined ? {} : { keptAt: proposal.keptAt }),
      ...(proposal.action === "archive" && proposal.other !== undefined ? { instead: proposal.other } : {}),
      role: file.role,
      proposed: { action: proposal.action, ...to },
      because: proposal.because,
      touches: counts,
      risk: riskOf(proposal, counts),
    };
  });
}

/** A person's decisions, carried from an earlier plan onto a new one; what no longer fits is said. */
export function carryPins(fresh: Plan, earlier: Plan): { plan: Plan; misfits: string[] } {
  const misfits: string[] = [];
  const before = new Map(earlier.lines.map((one) => [one.id, one]));
  const now = new Set(fresh.lines.map((one) => one.id));
  for (const one of earlier.lines) {
    const isPinned = one.action !== one.proposed.action || one.to !== one.proposed.to;
    if (isPinned && !now.has(one.id))
      misfits.push(`${one.from} is gone; its decision (${one.action}) is dropped`);
  }
  const lines = fresh.lines.map((one): PlanLine => {
    const old = before.get(one.id);
    if (old === undefined || (old.action === old.proposed.action && old.to === old.proposed.to)) return one;
    const { to: _, ...rest } = one;
    return { ...rest, action: old.action, ...(old.to === undefined ? {} : { to: old.to }) };
  });
  const repairs = fresh.repairs.map((one) => {
    const old = earlier.repairs.find(
      (other) => other.at === one.at && other.from === one.from && other.to === one.to,
    );
    return old === undefined ? one : { ...one, apply: old.apply };
  });
  return { plan: { ...fresh, decisions: earlier.decisions, lines, repairs }, misfits };
}
