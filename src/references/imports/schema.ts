import type { TreeIndex, History } from "../../repository/index.ts";
import type { EntryPoint, Extraction, ImportClass, ImportReference } from "../schema.ts";

export type ImportSources = {
  index: TreeIndex;
  /** By path. Symlinks need none: their targets are read. */
  extractions: ReadonlyMap<string, Extraction>;
  /** Folders that are packages, relative to the root. */
  packages: readonly string[];
  history: History | undefined;
  /** A file's text; a symlink's link text. */
  readText(path: string): Promise<string>;
};

/** Two things of one import name, or a name that means something else than it seems. */
export type Collision = {
  kind: "shadows-standard" | "shadows-installed" | "namespace-loses" | "same-name";
  name: string;
  /** What wins first, then what it hides. */
  paths: string[];
  message: string;
  /** Entries (ids) that load a module of this name. */
  entries: string[];
};

export type ImportSummary = { files: number; imports: number; standard: number } & Record<
  ImportClass,
  number
>;

export type ImportResolution = {
  imports: ImportReference[];
  entries: EntryPoint[];
  summary: ImportSummary;
  collisions: Collision[];
};
