import type { FileEntry, TreeWarning } from "./schema.ts";

/** Groups of paths that a file system without case, or one that normalises Unicode, takes for one. */
export function nameCollisions(entries: Iterable<FileEntry>): TreeWarning[] {
  const byFold = new Map<string, string>();
  const collisions = new Map<string, string[]>();
  for (const { path } of entries) {
    const fold = path.normalize("NFC").toLowerCase();
    const first = byFold.get(fold);
    if (first === undefined) byFold.set(fold, path);
    else collisions.set(fold, [...(collisions.get(fold) ?? [first]), path]);
  }
  return [...collisions.values()].map((paths) => ({
    code: "path-collision",
    message: `${paths.length} paths are one where case or Unicode form does not count: ${paths.join(", ")}`,
    path: paths[0] as string,
  }));
}

/** At most `most` warnings of each code; how many were left out is said in one more. */
export function limitWarnings(warnings: readonly TreeWarning[], most = 50): TreeWarning[] {
  const counts = new Map<string, number>();
  const kept = warnings.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= most;
  });
  for (const [code, count] of counts) {
    if (count > most) kept.push({ code, message: `and ${count - most} more of this kind` });
  }
  return kept;
}
