import type { ArtifactRole } from "../home/index.ts";
import type { EntryPoint, Evidence, ImportReference, Reference } from "../references/index.ts";
import type { TreeIndex } from "../repository/index.ts";

/** A file of a chosen package with what it is for. */
export type InventoryFile = {
  path: string;
  package: string;
  role: ArtifactRole;
  blob: string;
  bytes: number;
};

export type InventoryPackage = { name: string; path: string; vendored: boolean };

/** Two files of which `a` is the older or derived one. */
export type InventoryCopy = {
  a: string;
  b: string;
  relation: "older" | "diverged" | "similar" | "format-only";
  containment: number;
  behind?: number;
  evidence: Evidence[];
};

/** What the plan is made from: the audit's findings of one state of the tree, as plain data. */
export type Inventory = {
  root: string;
  commit: string;
  index: TreeIndex;
  packages: readonly InventoryPackage[];
  files: readonly InventoryFile[];
  groups: readonly { blob: string; paths: readonly string[] }[];
  copies: readonly InventoryCopy[];
  references: readonly Reference[];
  imports: readonly ImportReference[];
  entries: readonly EntryPoint[];
};
