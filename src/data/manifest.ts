import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, sha256, sha256File, TrainingReadyError } from "../shared/index.ts";
import type { Conservation, ListedFile, Manifest } from "./schema.ts";

/** The root of a manifest: sha256 of the RFC 8785 JSON of everything in it but `root` itself. */
export function manifestRoot(manifest: Omit<Manifest, "root"> & { root?: string }): string {
  const { root: _, ...rest } = manifest;
  return sha256(canonicalJson(rest));
}

/** Throws `E_DATA_CONSERVATION` unless read = written + quarantined + deduplicated + not selected. */
export function assertConserved(counts: Conservation, where: string): void {
  const given = counts.written + counts.quarantined + counts.deduplicated + counts.notSelected;
  if (counts.read !== given) {
    throw new TrainingReadyError(
      "E_DATA_CONSERVATION",
      `${where}: read ${counts.read}, accounted for ${given} (${canonicalJson(counts)})`,
    );
  }
}

/** The manifest of a data set. Throws `E_FILE_MISSING`, `E_DATA_SET`. */
export async function readManifest(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, "manifest.json"), "utf8");
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_MISSING", `${folder} holds no manifest.json`, {
      cause,
      exitCode: 1,
      hint: "Name a data set with --out, or run `training-ready data build`.",
    });
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.version === 1 && typeof manifest.root === "string") return manifest;
  } catch {
    // said below
  }
  throw new TrainingReadyError("E_DATA_SET", `${folder}/manifest.json is no manifest of a data set`, {
    exitCode: 1,
  });
}

/** Every file that a manifest lists. */
export function listedFiles(manifest: Manifest): ListedFile[] {
  const shards = Object.values(manifest.splits).flatMap((split) => split.shards);
  return [
    ...shards,
    ...manifest.quarantine,
    ...manifest.dropped,
    ...manifest.alpaca,
    ...manifest.masters,
    ...manifest.concepts,
  ];
}

/** Files of a data set that are gone or differ from their hash, and whether the root is the manifest's own. */
export async function checkDataSet(
  folder: string,
  manifest: Manifest,
): Promise<{ rootMatches: boolean; changed: string[]; files: number }> {
  const changed: string[] = [];
  const files = listedFiles(manifest);
  for (const file of files) {
    const hash = await sha256File(join(folder, file.path)).catch(() => "");
    if (hash !== file.sha256) changed.push(file.path);
  }
  return { rootMatches: manifestRoot(manifest) === manifest.root, changed, files: files.length };
}
