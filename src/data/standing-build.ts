import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DataConfig } from "../home/index.ts";
import { canonicalJson, sha256, tool, writeFileAtomic } from "../shared/index.ts";
import type { Plan } from "./acquire.ts";
import { readManifest } from "./manifest.ts";
import type { Manifest } from "./schema.ts";

/** Version of what is made of processed records; raised with every change of it. */
const synthesizeVersion = 2;
const fileName = "published.json";

type FileState = { path: string; bytes: number; changed: number };
type Standing = { key: string; out: string; root: string; warnings: string[]; files: FileState[] };

/** Key of everything that a data set depends on: units, config, code. */
export function buildKey(
  plan: Plan,
  config: DataConfig,
  more: { name: string; sample?: number | undefined; pin?: string | undefined },
): string {
  return sha256(
    canonicalJson({
      version: [synthesizeVersion, tool],
      units: plan.units.map(({ key }) => key),
      sources: plan.sources.map(({ config: said, sha256: hash, bytes }) => ({ ...said, hash, bytes })),
      config,
      ...more,
    }),
  );
}

async function filesIn(out: string): Promise<FileState[]> {
  const files: FileState[] = [];
  const entries = await readdir(out, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, ctimeMs } = await stat(path);
    files.push({ path: path.slice(out.length + 1), bytes: size, changed: ctimeMs });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The data set that stands in `out`, if it is the one that this key gives and none of its files was touched. */
export async function standingBuild(
  key: string,
  out: string,
  workFolder: string,
): Promise<{ manifest: Manifest; warnings: string[] } | undefined> {
  let standing: Standing;
  try {
    standing = JSON.parse(await readFile(join(workFolder, fileName), "utf8")) as Standing;
    if (standing.key !== key || standing.out !== out) return undefined;
    if (canonicalJson(await filesIn(out)) !== canonicalJson(standing.files)) return undefined;
  } catch {
    return undefined; // it is built again
  }
  const manifest = await readManifest(out);
  return manifest.root === standing.root ? { manifest, warnings: standing.warnings } : undefined;
}

/** Notes what a build has published, so that the same one need not be done again. */
export async function noteBuild(
  key: string,
  out: string,
  workFolder: string,
  result: { manifest: Manifest; warnings: string[] },
): Promise<void> {
  const standing: Standing = {
    key,
    out,
    root: result.manifest.root,
    warnings: result.warnings,
    files: await filesIn(out),
  };
  await writeFileAtomic(join(workFolder, fileName), `${JSON.stringify(standing)}\n`);
}
