import type { LocalProject } from "../distributions/declarations.ts";

/**
 * Folders in which installed projects of this repository have their modules, for a file: those of the projects around
 * it, the nearest first, then those of the same package or top-level folder, which are installed beside it, then those
 * that a manifest around it asks for by their distribution's name, and what these ask for in turn.
 */
export function projectFinder(
  projects: readonly LocalProject[],
  packageOf: (path: string) => string,
  asksFor: (distribution: string, file: string) => boolean,
): (path: string) => readonly string[] {
  const named = projects.flatMap((project) =>
    project.name === undefined ? [] : [{ ...project, name: project.name }],
  );
  const askedFor = (path: string): LocalProject[] => {
    const asked = new Set(named.filter(({ name }) => asksFor(name, path)));
    // A set is walked to its end while it grows.
    for (const { manifest } of asked)
      for (const other of named) if (!asked.has(other) && asksFor(other.name, manifest)) asked.add(other);
    return [...asked];
  };
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
    const folders = [...new Set([...around, ...beside, ...askedFor(path)].flatMap(({ sources }) => sources))];
    memo.set(folder, folders);
    return folders;
  };
}
