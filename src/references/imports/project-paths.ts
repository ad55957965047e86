import type { LocalProject } from "../distributions/declarations.ts";

/**
 * Folders in which installed projects of this repository have their modules, for a file: those of the projects around
 * it, the nearest first, then those of the same package or top-level folder, which are installed beside it.
 */
export function projectFinder(
  projects: readonly LocalProject[],
  packageOf: (path: string) => string,
): (path: string) => readonly string[] {
  const memo = new Map<string, readonly string[]>();
  return (path) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const known = memo.get(folder);
    if (known !== undefined) return known;
    const around = projects.filter(({ root }) => root === "" || path.startsWith(`${root}/`));
    around.sort((a, b) => b.root.length - a.root.length);
    const home = packageOf(path);
    const top = path.includes("/") ? (path.split("/")[0] as string) : "";
    const beside = projects.filter(
      ({ root }) =>
        (home !== "" && root.startsWith(`${home}/`)) ||
        (top !== "" && root.startsWith(`${top}/`)) ||
        top === "",
    );
    const folders = [...new Set([...around, ...beside].flatMap(({ sources }) => sources))];
    memo.set(folder, folders);
    return folders;
  };
}
