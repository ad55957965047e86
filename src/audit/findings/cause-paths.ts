/** The folder of a path; empty for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * The folders that differ when equal endings are cut: what was copied as a whole.
 * @example
 * copiedRoots(["a/x/train.py", "b/x/train.py"]) // ["a", "b"]
 */
export function copiedRoots(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split("/"));
  const shortest = Math.min(...split.map((parts) => parts.length));
  let common = 0;
  while (
    common < shortest &&
    split.every((parts) => parts[parts.length - 1 - common] === split[0]?.[split[0].length - 1 - common])
  ) {
    common++;
  }
  // Names that differ: the folders of the files are all that can be said.
  const cut = Math.max(1, common);
  return split.map((parts) => parts.slice(0, parts.length - cut).join("/"));
}

/**
 * The shortest part of a missing path that is missing itself.
 * @example
 * deadPrefix("ai/lightning/docs/a.md", (path) => path === "ai") // "ai/lightning"
 */
export function deadPrefix(target: string, has: (path: string) => boolean): string {
  const parts = target.split("/");
  for (let length = 1; length < parts.length; length++) {
    const prefix = parts.slice(0, length).join("/");
    if (parts[length - 1] !== ".." && prefix !== "" && !has(prefix)) return prefix;
  }
  return target;
}

/** The package that a path lies in: the deepest one whose folder holds it. */
export function packageOf<P extends { path: string }>(path: string, packages: readonly P[]): P | undefined {
  let best: P | undefined;
  for (const one of packages) {
    const inside = one.path === "" || path === one.path || path.startsWith(`${one.path}/`);
    if (inside && (best === undefined || one.path.length > best.path.length)) best = one;
  }
  return best;
}

/** Documents: what they say about files is prose, which breaks nothing when it is wrong. */
export function isDocument(path: string): boolean {
  return (
    /\.(?:md|mdx|markdown|rst|txt|adoc|html?)$/i.test(path) &&
    !/(?:requirements|constraints)[^/]*\.txt$/i.test(path)
  );
}
