import type { Applied, Prepared } from "../consolidate/index.ts";
import { visibleText } from "../shared/index.ts";

const shown = 8;

function list(title: string, rows: readonly string[]): string[] {
  if (rows.length === 0) return [];
  const more = rows.length > shown ? [`  … and ${rows.length - shown} more`] : [];
  return [`${title}: ${rows.length}`, ...rows.slice(0, shown).map((row) => `  ${visibleText(row)}`), ...more];
}

/** What apply is about to do. */
export function changeText(prepared: Prepared, branch: string | null): string {
  const { change } = prepared;
  return [
    branch === null
      ? "On the current branch, in two commits:"
      : `On the new branch ${visibleText(branch.replace(/^refs\/heads\//, ""))}, in two commits:`,
    ...list(
      "moves",
      change.moves.map((one) => `${one.from} -> ${one.to}`),
    ),
    ...list(
      "rewritten or new files",
      change.writes.map((one) => one.path),
    ),
    ...list("deleted (their bytes stay elsewhere)", change.deletes),
  ].join("\n");
}

/** What apply has done, and what comes next. */
export function appliedText(applied: Applied): string {
  return [
    `Branch ${visibleText(applied.branch)}: ${applied.commits.map((id) => id.slice(0, 12)).join(", ")}`,
    "Next: training-ready verify    (or take it back: training-ready undo)",
    "",
  ].join("\n");
}
