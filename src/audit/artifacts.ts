import type { ArtifactRole } from "../home/index.ts";
import type { TreeIndex } from "../repository/index.ts";
import type { FileFacts } from "./packages/file-facts.ts";
import { roleOf } from "./packages/roles.ts";
import type { PackageReport } from "./report.ts";

/** A file of a package with its role; the hash is added when the home manifest is written. */
export type PlacedFile = { path: string; package: string; role: ArtifactRole; blob: string; bytes: number };

const noFacts: FileFacts = { signals: [], hasMain: false, definesModel: false, bare: false };

/** Every file of every package with its role; a file belongs to the innermost package. */
export function placeFiles(
  index: TreeIndex,
  packages: readonly PackageReport[],
  facts: ReadonlyMap<string, FileFacts>,
): PlacedFile[] {
  const innermost = packages.toSorted((a, b) => b.path.length - a.path.length);
  const placed: PlacedFile[] = [];
  for (const entry of index.files.values()) {
    if (entry.mode === "submodule") continue;
    const owner = innermost.find(
      (one) => one.path === "" || entry.path === one.path || entry.path.startsWith(`${one.path}/`),
    );
    if (owner === undefined) continue;
    const role = roleOf(entry.path, facts.get(entry.path) ?? noFacts);
    placed.push({ path: entry.path, package: owner.name, role, blob: entry.blob, bytes: entry.size });
  }
  return placed;
}
