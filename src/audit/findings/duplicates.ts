import type { ExactGroup, FolderPair } from "../report.ts";
import { copiedRoots, nameOf } from "./cause-paths.ts";
import type { Draft } from "./schema.ts";
import { count, listed, quoted } from "./words.ts";

/** From this many copies of one file name on, each folder having its own is a habit, not an accident. */
const familySize = 4;

/** Folders that are all alike, one list for each kind. */
function alike(pairs: readonly FolderPair[]): string[][] {
  const classOf = new Map<string, Set<string>>();
  for (const { a, b } of pairs) {
    const joined = new Set([...(classOf.get(a) ?? [a]), ...(classOf.get(b) ?? [b])]);
    for (const folder of joined) classOf.set(folder, joined);
  }
  return [...new Set(classOf.values())].map((folders) => [...folders].sort());
}

/** Folders that hold the same files and nothing else: `dup-folder`. What lies inside reported folders is left out. */
export function identicalFolders(folders: readonly FolderPair[]): Draft[] {
  const whole = folders.filter(
    (pair) => pair.identical > 0 && pair.similar === 0 && pair.onlyA.length === 0 && pair.onlyB.length === 0,
  );
  const files = new Map(
    whole.flatMap((pair) => [[pair.a, pair.identical] as const, [pair.b, pair.identical] as const]),
  );
  const kinds = alike(whole);
  const inside = (kind: readonly string[]): boolean =>
    kinds.some(
      (other) =>
        other !== kind && kind.every((folder) => other.some((root) => folder.startsWith(`${root}/`))),
    );
  // Folders of one name below the same roots were copied as a whole: one cause.
  const causes = new Map<string, { roots: string[]; kinds: string[][] }>();
  for (const kind of kinds) {
    if (inside(kind)) continue;
    const alikeNamed = new Set(kind.map(nameOf)).size === 1;
    const roots = alikeNamed ? [...new Set(copiedRoots(kind))].sort() : kind;
    const key = roots.join("\n");
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { roots, kinds: [kind] });
    else cause.kinds.push(kind);
  }
  return [...causes].map(([key, { roots, kinds: same }]): Draft => {
    const first = same[0] as string[];
    const number = same.reduce((sum, kind) => sum + (files.get(kind[0] as string) ?? 0), 0);
    const below = same.map((kind) =>
      (kind[0] as string).slice((roots[0] as string).length).replace(/^\//, ""),
    );
    return {
      rule: "dup-folder",
      path: "",
      subject: key,
      places: same.flatMap((kind) => kind.map((path) => ({ path, line: 1 }))),
      message:
        same.length === 1
          ? `${listed(first.map(quoted), 4)} hold the same ${count(number, "file")}, byte for byte.`
          : `${listed(roots.map(quoted), 4)} have ${count(same.length, "folder")} with the same ${count(number, "file")}, byte for byte: ${listed(below.map(quoted), 4)}.`,
      evidence: [
        {
          kind: "bytes",
          text: `${count(number, "file")} with equal blob ids in each; none has one that another lacks`,
        },
      ],
    };
  });
}

/**
 * Byte-identical files: `dup-exact`, one finding for all files that the same folders share. Groups that identical
 * folders explain are left out.
 */
export function exactDuplicates(groups: readonly ExactGroup[], folders: readonly Draft[]): Draft[] {
  const kinds = folders.map((draft) => draft.places.map((place) => `${place.path}/`));
  const explained = (paths: readonly string[]): boolean =>
    kinds.some((roots) => paths.every((path) => roots.some((root) => path.startsWith(root))));
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
