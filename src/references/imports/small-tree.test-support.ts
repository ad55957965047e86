import { TreeIndex, type FileEntry, type History } from "../../repository/index.ts";
import { extractFile } from "../extract/index.ts";
import type { Extraction } from "../schema.ts";
import { resolveImports } from "./resolve-imports.ts";
import type { ImportResolution } from "./schema.ts";

export type Given = { packages?: string[]; links?: Record<string, string>; past?: string[] };

/** A history in which these files existed and are gone. */
function pastOf(paths: readonly string[]): History {
  return {
    reaches: "c0",
    complete: true,
    pastFile: (path) =>
      paths.includes(path) ? { path, blob: "b", removedIn: "c1", movedTo: [] } : undefined,
    pastFolder: (path) => paths.some((one) => one.startsWith(`${path}/`)),
    versions: () => [],
    placesOf: () => [],
  };
}

const entryOf = (path: string, mode: FileEntry["mode"]): FileEntry => ({
  path,
  blob: path,
  size: 1,
  mode,
  state: "tracked",
});

/** Resolves a small tree given as texts by path. */
export async function resolved(files: Record<string, string>, given: Given = {}): Promise<ImportResolution> {
  const links = given.links ?? {};
  const extractions = new Map<string, Extraction>();
  for (const [path, text] of Object.entries(files)) {
    const found = extractFile(path, Buffer.from(text));
    if (found !== undefined) extractions.set(path, found.extraction);
  }
  return resolveImports({
    index: new TreeIndex([
      ...Object.keys(files).map((path) => entryOf(path, "file")),
      ...Object.keys(links).map((path) => entryOf(path, "symlink")),
    ]),
    extractions,
    packages: given.packages ?? [],
    history: given.past === undefined ? undefined : pastOf(given.past),
    readText: async (path) => links[path] ?? files[path] ?? "",
  });
}

/** `path:line module class target` of every row. */
export async function rowsOf(files: Record<string, string>, given: Given = {}): Promise<string[]> {
  const { imports } = await resolved(files, given);
  return imports.map((row) =>
    [`${row.path}:${row.line}`, row.module, row.class, row.target]
      .filter((one) => one !== undefined)
      .join(" "),
  );
}

/** `mode path cwd: missing…` of every entry. */
export async function entriesOf(files: Record<string, string>, given: Given = {}): Promise<string[]> {
  const { entries } = await resolved(files, given);
  return entries.map(
    (one) =>
      `${one.mode} ${one.path} ${one.cwd === "" ? "." : one.cwd}: ${one.loads ? "loads" : one.missing.join(", ")}`,
  );
}

export const mainGuard = "if __name__ == '__main__':\n  pass\n";
