import type { ExactGroup, FolderPair } from "../report.ts";
import { copiedRoots, nameOf } from "./cause-paths.ts";
import type { Draft } from "./schema.ts";
import { count, listed, quoted } from "./words.ts";

/** From this many copies of one file name on, each folder having its own is a habit, not an accident. */
const familySize = 4;

/** Two folders that hold the same files and nothing else: `dup-folder`. A pair inside a reported pair is left out. */
export function identicalFolders(folders: readonly FolderPair[]): Draft[] {
  const whole = folders.filter(
    (pair) => pair.identical > 0 && pair.similar === 0 && pair.onlyA.length === 0 && pair.onlyB.length === 0,
  );
  const inside = (pair: FolderPair): boolean =>
    whole.some(
      (other) =>
        other !== pair &&
        ((pair.a.startsWith(`${other.a}/`) && pair.b.startsWith(`${other.b}/`)) ||
          (pair.a.startsWith(`${other.b}/`) && pair.b.startsWith(`${other.a}/`))),
    );
  return whole
    .filter((pair) => !inside(pair))
    .map((pair) => ({
      rule: "dup-folder",
      path: pair.a,
      subject: pair.b,
      places: [
        { path: pair.a, line: 1 },
        { path: pair.b, line: 1 },
      ],
      message: `${quoted(pair.a)} and ${quoted(pair.b)} hold the same ${count(pair.identical, "file")}, byte for byte.`,
      evidence: [
        {
          kind: "bytes",
          text: `${count(pair.identical, "file")} with equal blob ids; neither has one that the other lacks`,
        },
      ],
    }));
}

/**
 * Byte-identical files: `dup-exact`, one finding for all files that the same folders share. Groups that an identical
 * pair of folders explains are left out.
 */
export function exactDuplicates(groups: readonly ExactGroup[], folders: readonly Draft[]): Draft[] {
  const pairs = folders.map((draft) => [`${draft.path}/`, `${draft.subject}/`] as const);
  const explained = (paths: readonly string[]): boolean =>
    paths.length === 2 &&
    pairs.some(
      ([a, b]) =>
        (paths[0]?.startsWith(a) && paths[1]?.startsWith(b)) ||
        (paths[0]?.startsWith(b) && paths[1]?.startsWith(a)),
    );
  const causes = new Map<string, { roots: string[]; groups: ExactGroup[] }>();
  for (const group of groups) {
    if (explained(group.paths)) continue;
    const roots = [...new Set(copiedRoots(group.paths))].sort();
    const key = roots.join("\0");
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { roots, groups: [group] });
    else cause.groups.push(group);
  }
  return [...causes.values()].map(({ roots, groups }): Draft => {
    const paths = groups.flatMap((group) => group.paths);
    const spare = groups.reduce((sum, group) => sum + group.bytes * (group.paths.length - 1), 0);
    const first = groups[0] as ExactGroup;
    const names = new Set(first.paths.map(nameOf));
    const family = roots.length >= familySize && names.size === 1;
    const what =
      groups.length === 1
        ? names.size === 1
          ? `${quoted([...names][0] as string)} is the same`
          : `${listed(first.paths.map(quoted))} are the same file`
        : `${count(groups.length, "file")} are the same`;
    const where =
      roots.length === 1 ? ` in ${quoted(roots[0] as string)}` : ` in ${listed(roots.map(quoted))}`;
    return {
      rule: "dup-exact",
      path: "",
      subject: roots.length === 1 ? first.paths.join("\n") : roots.join("\n"),
      places: paths.map((path) => ({ path, line: 1 })),
      message: `${what}${groups.length === 1 && names.size > 1 ? "" : where}.${family ? " It looks deliberate: each folder stands alone." : ""}`,
      evidence: [
        {
          kind: "bytes",
          text: `${count(groups.length, "group")} of equal blobs, ${count(paths.length, "file")}, ${count(spare, "byte")} more than once`,
        },
        ...groups.slice(0, 5).map((group) => ({
          kind: "blob",
          text: `${listed(group.paths.map(quoted), 4)}: ${count(group.bytes, "byte")} each, blob ${group.blob.slice(0, 12)}`,
          path: group.paths[0] as string,
        })),
      ],
    };
  });
}
