import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { tool, TrainingReadyError, writeFileAtomic } from "../shared/index.ts";
import { configFileName } from "./config-file.ts";
import { configJsonSchema, newConfigText } from "./config-text.ts";
import { homeFolders } from "./layout.ts";
import { manifestSchema, type HomeManifest } from "./manifest.ts";

export const manifestFileName = "home.json";
const schemaFile = ".training-ready/training-ready.schema.json";

export type PlannedFile = { path: string; text: string };

/** A manifest as text: two spaces, keys in the schema's order, a newline at the end. */
export function manifestText(manifest: HomeManifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}

/** A manifest of a home that holds nothing yet. */
export function emptyManifest(): HomeManifest {
  return {
    version: 1,
    tool: { ...tool },
    packages: [],
    artifacts: [],
    datasets: [],
    models: [],
    platforms: [],
  };
}

/** What `init` would write into a folder: files and folders. Throws `E_HOME_EXISTS` if a home is there. */
export function planHome(folder: string): { files: PlannedFile[]; folders: string[] } {
  for (const name of [configFileName, manifestFileName]) {
    if (existsSync(join(folder, name)))
      throw new TrainingReadyError("E_HOME_EXISTS", `${join(folder, name)} exists`, { exitCode: 1 });
  }
  return {
    files: [
      { path: configFileName, text: newConfigText({ name: basename(folder), schemaPath: schemaFile }) },
      { path: schemaFile, text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
      { path: manifestFileName, text: manifestText(emptyManifest()) },
    ],
    folders: homeFolders.map((one) => one.path),
  };
}

/** Writes a planned home. Throws `E_WRITE_FAILED`. */
export async function writeHome(folder: string, plan: ReturnType<typeof planHome>): Promise<void> {
  for (const path of plan.folders) await mkdir(join(folder, path), { recursive: true });
  for (const file of plan.files) await writeFileAtomic(join(folder, file.path), file.text);
}
