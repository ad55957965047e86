import type { Reference } from "../../references/index.ts";
import { deadPrefix, folderOf, isDocument } from "./cause-paths.ts";
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

function targetOf(one: Reference): string {
  return (one.target ?? one.raw).replace(/\/+$/, "");
}

/** `ref-missing-data`: one finding for each missing folder, or existing one, below which data is looked for. */
export function missingData(references: readonly Reference[], has: (path: string) => boolean): Draft[] {
  const missing = references.filter((one) => one.class === "missing-data");
  const causeOf = (one: Reference): string => {
    const target = targetOf(one);
    const prefix = deadPrefix(target, has);
    return prefix === target ? folderOf(target) : prefix;
  };
  const isLeftOut = (one: Reference): boolean => one.evidence.some(({ kind }) => kind === "absent");
  const groups = [...groupBy(missing, (one) => `${isLeftOut(one) ? "left" : "never"} ${causeOf(one)}`)];
  return groups.map(([key, rows]): Draft => {
    const folder = key.slice(key.indexOf(" ") + 1);
    const isLeft = key.startsWith("left ");
    const targets = [...new Set(rows.map(targetOf))];
    const single = targets.length === 1;
    const files = new Set(rows.map((one) => one.path)).size;
    return {
      rule: "ref-missing-data",
      path: "",
      subject: folder,
      places: rows.map(placeOf),
      message: single
        ? `${quoted(targets[0] as string)} is used by ${count(files, "file")} and ${isLeft ? "is tracked, but left out of this clone" : "was never committed"}.`
        : `${count(targets.length, "data file")} below ${quoted(folder)} are used by ${count(files, "file")} and ${isLeft ? "are tracked, but left out of this clone" : "were never committed"}.`,
      evidence: gatherEvidence(rows),
    };
  });
}

// Somebody's own folder, or a shared disk of one place. Other absolute paths are mostly those of an image.
const telling =
  /^(?:[/](?:home|Users|mnt|media|gpfs|lustre|scratch|raid|fsx|efs|nfs|nas|net|private|disk\d*|ssd\d*|nvme\d*|work\d+|data\d+|storage|shared|share|cluster|projects?|research|imn)[/][^/]|[A-Za-z]:)/;

/**
 * The part of a machine's path that is one cause: of somebody's folder or a shared disk the first three names, else
 * the first; never the whole path.
 * @example
 * machinePrefix("/gpfs/project/anna/data/x.bin") // "/gpfs/project/anna"
 */
export function machinePrefix(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  const rooted = parts[0] === "";
  const depth = telling.test(path) ? (rooted ? 4 : 3) : rooted ? 2 : 1;
  return parts.slice(0, Math.min(depth, Math.max(parts.length - 1, rooted ? 2 : 1))).join("/");
}

/** `ref-machine`: one finding for each prefix of another machine's paths; folders of images and prose are notes. */
export function machinePaths(references: readonly Reference[]): Draft[] {
  const rows = references.filter((one) => one.class === "machine");
  const written = (one: Reference): string =>
    /^[/~]|^[A-Za-z]:/.test(one.raw) ? one.raw : (one.target ?? one.raw);
  return [...groupBy(rows, (one) => machinePrefix(written(one)))].map(([prefix, same]): Draft => {
    const files = new Set(same.map((one) => one.path)).size;
    const first = same[0] as Reference;
    const mild =
      !telling.test(written(first)) ||
      same.every((one) => isDocument(one.path) || one.confidence === "possible");
    return {
      rule: "ref-machine",
      severity: mild ? "note" : "warning",
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
