import { type FileEntry, type History, type PastFile, TreeIndex } from "../repository/index.ts";
import { gitBlobId } from "../shared/index.ts";
import { extractFile, extractSymlink } from "./index.ts";
import { type ResolvedReferences, resolveReferences } from "./resolve-references.ts";
import type { Extraction, Reference } from "./schema.ts";

export type Repository = {
  files: Record<string, string>;
  links?: Record<string, string>;
  /** Files that were removed: path to where their bytes went. */
  past?: Record<string, { movedTo?: string[]; contents?: string }>;
  packages?: string[];
  config?: { mount?: string; repositoryUrls: string[]; branch?: string };
  /** Tracked files that the clone lacks. */
  absent?: string[];
  submodules?: string[];
};

const blobOf = (text: string): string => gitBlobId(Buffer.from(text));

function historyOf(past: NonNullable<Repository["past"]>): History {
  const files = new Map<string, PastFile>();
  const folders = new Set<string>();
  for (const [path, { movedTo = [], contents = `old ${path}` }] of Object.entries(past)) {
    files.set(path, { path, blob: blobOf(contents), removedIn: "c".repeat(40), movedTo });
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
      folders.add(path.slice(0, at));
  }
  return {
    reaches: "a".repeat(40),
    complete: true,
    pastFile: (path) => files.get(path),
    pastFolder: (path) => folders.has(path),
    versions: () => [],
    placesOf: () => [],
  };
}

export function resolve(repository: Repository): ResolvedReferences {
  const entries: FileEntry[] = [];
  const extractions: { path: string; extraction: Extraction }[] = [];
  const entry = (path: string, text: string, mode: FileEntry["mode"]): void => {
    entries.push({ path, blob: blobOf(text), size: text.length, mode, state: "tracked" });
  };
  for (const [path, text] of Object.entries(repository.files)) {
    entry(path, text, "file");
    const found = extractFile(path, Buffer.from(text));
    if (found !== undefined) extractions.push({ path, extraction: found.extraction });
  }
  for (const [path, text] of Object.entries(repository.links ?? {})) {
    entry(path, text, "symlink");
    extractions.push({ path, extraction: extractSymlink(Buffer.from(text)) });
  }
  for (const path of repository.submodules ?? []) entry(path, path, "submodule");
  return resolveReferences({
    index: new TreeIndex(entries, new Set(repository.absent)),
    extractions,
    history: historyOf(repository.past ?? {}),
    packages: repository.packages ?? [],
    config: repository.config ?? { repositoryUrls: ["https://github.com/own/repo"] },
  });
}

/** The references of `README.md` (or another file) in a tree: `raw class target fix`. */
export function judge(text: string, more: Partial<Repository> = {}, path = "README.md"): string[] {
  const files = { "docs/a.md": "x", "src/b.py": "x = 1", ...more.files, [path]: text };
  return resolve({ ...more, files })
    .references.filter((one) => one.path === path)
    .map(show);
}

export const show = ({ raw, class: kind, target, fix }: Reference): string =>
  `${raw}: ${kind}${target === undefined || target === raw ? "" : ` ${target}`}${fix === undefined ? "" : ` -> ${fix.text} (${fix.certainty})`}`;
