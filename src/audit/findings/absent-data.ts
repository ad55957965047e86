import type { Reference } from "../../references/index.ts";
import { gatherEvidence, placeOf } from "./stale-references.ts";
import type { Draft } from "./schema.ts";
import { count, quoted } from "./words.ts";

function groupBy(
  references: readonly Reference[],
  keyOf: (one: Reference) => string,
): Map<string, Reference[]> {
  const groups = new Map<string, Reference[]>();
  for (const one of references) {
    const key = keyOf(one);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [one]);
    else same.push(one);
  }
  return groups;
}

function folderOfTarget(one: Reference): string {
  const target = (one.target ?? one.raw).replace(/\/+$/, "");
  const slash = target.lastIndexOf("/");
  return slash < 0 ? target : target.slice(0, slash);
}

/** `ref-missing-data`: one finding for each folder of data that mentions agree on and that is not here. */
export function missingData(references: readonly Reference[]): Draft[] {
  const missing = references.filter((one) => one.class === "missing-data");
  return [...groupBy(missing, folderOfTarget)].map(([folder, rows]): Draft => {
    const targets = [...new Set(rows.map((one) => (one.target ?? one.raw).replace(/\/+$/, "")))];
    const single = targets.length === 1;
    const subject = single ? (targets[0] as string) : folder;
    const files = new Set(rows.map((one) => one.path)).size;
    return {
      rule: "ref-missing-data",
      path: "",
      subject,
      places: rows.map(placeOf),
      message: single
        ? `${quoted(subject)} is used by ${count(files, "file")} and was never committed.`
        : `${count(targets.length, "data file")} below ${quoted(folder)} are used by ${count(files, "file")} and were never committed.`,
      evidence: gatherEvidence(rows),
    };
  });
}

/**
 * The part of a machine's path that is one cause: the drive or mount and its first two folders.
 * @example
 * machinePrefix("/gpfs/project/anna/data/x.bin") // "/gpfs/project/anna"
 */
export function machinePrefix(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  const depth = parts[0] === "" ? 4 : 3;
  return parts.slice(0, Math.min(depth, Math.max(parts.length - 1, 2))).join("/");
}

/** `ref-machine`: one finding for each prefix of another machine's paths. */
export function machinePaths(references: readonly Reference[]): Draft[] {
  const rows = references.filter((one) => one.class === "machine");
  return [
    ...groupBy(rows, (one) => machinePrefix(one.raw.startsWith("/") ? one.raw : (one.target ?? one.raw))),
  ].map(([prefix, same]): Draft => {
    const files = new Set(same.map((one) => one.path)).size;
    const first = same[0] as Reference;
    return {
      rule: "ref-machine",
      path: "",
      subject: prefix,
      places: same.map(placeOf),
      message:
        same.length === 1
          ? `${quoted(first.path)} (line ${first.line}) names a path of one machine, ${quoted(prefix)}.`
          : `${count(same.length, "place")} of ${count(files, "file")} name paths of one machine below ${quoted(prefix)}.`,
      evidence: gatherEvidence(same, 4),
    };
  });
}
