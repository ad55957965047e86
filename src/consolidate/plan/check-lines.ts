import type { TreeIndex } from "../../repository/index.ts";
import { didYouMean, TrainingReadyError, isBelow } from "../../shared/index.ts";
import { lineId } from "./make-lines.ts";
import type { PlanLine } from "./schema.ts";

const fold = (path: string): string => path.normalize("NFC").toLowerCase();
const reserved = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?$/i;

/** Refuses a path that leaves the repository or that some system cannot store. Throws `E_PLAN_PATH`. */
export function checkPath(path: string, what: string): void {
  const refuse = (why: string): never => {
    throw new TrainingReadyError("E_PLAN_PATH", `${what}: ${path} ${why}`, { exitCode: 1 });
  };
  if (path === "" || path.startsWith("/") || /^[A-Za-z]:/.test(path))
    refuse("is not relative to the repository's root");
  if (path.includes("\\")) refuse("holds a backslash");
  if (/[\u0000-\u001f<>:"|?*]/.test(path)) refuse("holds a character that some systems cannot store");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") refuse("has an empty part");
    if (part === "..") refuse("leaves the repository");
    if (part.toLowerCase() === ".git") refuse("lies in git's own folder");
    if (reserved.test(part) || /[ .]$/.test(part)) refuse("has a name that Windows cannot store");
  }
}

/**
 * Refuses archived and deleted files whose replacement does not exist, or is in the end the file itself: whoever named
 * one of them would be sent in a circle. Throws `E_PLAN`.
 */
function checkReplacements(lines: readonly PlanLine[], index: TreeIndex): void {
  const replaced = new Map<string, string>();
  for (const { action, from, instead, keptAt } of lines) {
    const by = action === "archive" ? instead : action === "delete" ? keptAt : undefined;
    if (by === undefined) continue;
    if (!index.hasFile(by))
      throw new TrainingReadyError(
        "E_PLAN",
        `${from}: ${by}, which is to be used instead, does not exist${didYouMean(by, index.files.keys())}`,
        { exitCode: 1 },
      );
    replaced.set(from, by);
  }
  for (const start of replaced.keys()) {
    const seen = new Set([start]);
    for (let by = replaced.get(start); by !== undefined; by = replaced.get(by)) {
      if (seen.has(by))
        throw new TrainingReadyError("E_PLAN", `${[...seen, by].join(" is replaced by ")}: a cycle`, {
          exitCode: 1,
        });
      seen.add(by);
    }
  }
}

/**
 * Refuses a plan that was edited into nonsense, before anything else looks at it. Throws `E_PLAN`, `E_PLAN_PATH`,
 * `E_PLAN_COLLISION`, `E_PLAN_STALE`.
 */
export function checkLines(lines: readonly PlanLine[], index: TreeIndex): void {
  const seen = new Set<string>();
  const leaves = new Set<string>();
  for (const line of lines) {
    if (line.id !== lineId(line.from))
      throw new TrainingReadyError("E_PLAN", `line ${line.id}: the id does not belong to ${line.from}`, {
        exitCode: 1,
      });
    if (seen.has(line.id))
      throw new TrainingReadyError("E_PLAN", `line ${line.id} stands twice`, { exitCode: 1 });
    seen.add(line.id);
    const entry = index.files.get(line.from);
    if (entry === undefined)
      throw new TrainingReadyError(
        "E_PLAN_STALE",
        `${line.from} does not exist${didYouMean(line.from, index.files.keys())}`,
        { exitCode: 1 },
      );
    if (entry.blob !== line.blob)
      throw new TrainingReadyError("E_PLAN_STALE", `${line.from} has changed since the plan was made`, {
        exitCode: 1,
      });
    if (
      entry.state !== "tracked" &&
      entry.state !== "tracked-ignored" &&
      line.action !== "leave" &&
      line.action !== "keep"
    ) {
      throw new TrainingReadyError("E_PLAN", `${line.from} is not tracked: only tracked files move`, {
        exitCode: 1,
      });
    }
    if (line.action === "pointer")
      throw new TrainingReadyError("E_PLAN", `${line.from}: pointer is for data that is not here`, {
        exitCode: 1,
      });
    if (line.action === "move" || line.action === "archive") {
      if (line.to === undefined)
        throw new TrainingReadyError("E_PLAN", `${line.from}: ${line.action} needs \`to\``, { exitCode: 1 });
      checkPath(line.to, line.from);
      if (line.to !== line.from) leaves.add(line.from);
    }
    if (line.action === "delete") {
      const kept = line.keptAt === undefined ? undefined : index.files.get(line.keptAt);
      if (kept === undefined || kept.blob !== entry.blob) {
        throw new TrainingReadyError(
          "E_PLAN",
          `${line.from}: only bytes that stay elsewhere are deleted, and ${line.keptAt ?? "no other file"} does not hold them`,
          { exitCode: 1 },
        );
      }
      leaves.add(line.from);
    }
  }
  checkReplacements(lines, index);
  const deletedKeepers = lines.filter((line) => line.action === "delete").map((line) => line.keptAt);
  for (const keeper of deletedKeepers) {
    if (keeper !== undefined && lines.some((line) => line.from === keeper && line.action === "delete")) {
      throw new TrainingReadyError("E_PLAN", `${keeper} is deleted, yet another line relies on it`, {
        exitCode: 1,
      });
    }
  }
  const taken = new Map<string, string>();
  for (const path of index.files.keys()) if (!leaves.has(path)) taken.set(fold(path), path);
  const folders = new Set<string>();
  for (const path of taken.values())
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
      folders.add(fold(path.slice(0, at)));
  const targets: [string, string][] = [];
  for (const line of lines) {
    if (
      (line.action !== "move" && line.action !== "archive") ||
      line.to === undefined ||
      line.to === line.from
    )
      continue;
    const other = taken.get(fold(line.to));
    if (other !== undefined)
      throw new TrainingReadyError("E_PLAN_COLLISION", `${line.from} and ${other} go to ${line.to}`, {
        exitCode: 1,
      });
    taken.set(fold(line.to), line.from);
    targets.push([line.to, line.from]);
  }
  for (const [to, from] of targets) {
    if (folders.has(fold(to)))
      throw new TrainingReadyError("E_PLAN_COLLISION", `${from}: ${to} is a folder`, { exitCode: 1 });
    const above = [...taken.keys()].find((path) => path !== fold(to) && isBelow(fold(to), path));
    if (above !== undefined)
      throw new TrainingReadyError(
        "E_PLAN_COLLISION",
        `${from}: ${taken.get(above)} lies where a folder of ${to} is needed`,
        { exitCode: 1 },
      );
  }
}
