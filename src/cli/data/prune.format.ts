import type { PrunePlan, PushedVersion } from "../../data/index.ts";
import { visibleText } from "../../shared/index.ts";

export type PushedPlace = {
  place: string;
  /** Versions there that were built before a client was forgotten. */
  before?: Pick<PushedVersion, "hash" | "root" | "isCurrent">[];
  /** Why the place could not be asked. */
  error?: string;
};

const counted = (count: number, one: string): string =>
  `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;
const short = (hash: string): string => hash.slice(0, 12);
const reasons = { older: "older than those to keep", forgotten: "built before a client was forgotten" };

/** What pruning removes, or removed. */
export function formatPrune(place: string, plan: PrunePlan, isDone: boolean): string {
  const lines = [visibleText(place)];
  for (const { hash, root, isCurrent } of plan.kept)
    lines.push(`  keep   ${short(hash)}  root ${short(root)}${isCurrent ? "  (current)" : ""}`);
  for (const { hash, root, why } of plan.removed)
    lines.push(`  remove ${short(hash)}  root ${short(root)}  ${reasons[why]}`);
  const files = `${counted(plan.objects.length, "file")} (${counted(plan.bytes, "byte")}) that no kept version names`;
  lines.push(
    isDone ? `removed ${counted(plan.removed.length, "version")} and ${files}` : `  remove ${files}`,
  );
  for (const warning of plan.warnings) lines.push(`warning: ${visibleText(warning)}`);
  return `${lines.join("\n")}\n`;
}

/** Where a forgotten client may still be. */
export function formatPushed(places: readonly PushedPlace[]): string {
  const lines: string[] = [];
  for (const { place, before = [], error } of places) {
    if (error !== undefined) lines.push(`${visibleText(place)}: could not be asked (${visibleText(error)})`);
    else if (before.length === 0)
      lines.push(`${visibleText(place)}: every version was built without who was forgotten`);
    else {
      const named = before.map(({ hash, isCurrent }) => `${short(hash)}${isCurrent ? " (current)" : ""}`);
      lines.push(
        `${visibleText(place)}: ${counted(before.length, "pushed version")} built before, which may hold the client: ${named.join(", ")}`,
        `  ${before.some(({ isCurrent }) => isCurrent) ? `\`training-ready data push ${visibleText(place)}\`, then ` : ""}\`training-ready data prune ${visibleText(place)} --forgotten\``,
      );
    }
  }
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}
