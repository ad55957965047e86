import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TrainingReadyError, writeFailed } from "../shared/index.ts";
import { lockName } from "./build-lock.ts";

const partialName = ".partial";
const ownFolders = ["train", "validation", "test", "quarantine", "dropped", "alpaca", "parquet"];
const ownFile =
  /^(?:MASTER_[\w.-]+\.jsonl|MASTER_STAGE_MANIFEST\.json|README\.md|run\.json|manifest\.json|concepts\.jsonl)$/;

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new TrainingReadyError("E_DATA_OUT", `${folder} cannot be used as a folder`, { cause: error });
  }
}

async function isOurs(folder: string, all: readonly string[]): Promise<boolean> {
  const names = all.filter((name) => !name.startsWith(lockName));
  if (names.length === 0 || names.includes(partialName)) return true;
  if (!names.includes("manifest.json")) return false;
  try {
    const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Record<
      string,
      unknown
    >;
    return typeof manifest["root"] === "string" && typeof manifest["splits"] === "object";
  } catch {
    return false;
  }
}

/** Throws `E_DATA_OUT` if the folder holds something that is no data set. Writes nothing. */
export async function checkOutput(out: string): Promise<void> {
  if (!(await isOurs(out, await namesIn(out)))) {
    throw new TrainingReadyError("E_DATA_OUT", `${out} holds files, but no data set`);
  }
}

/** Makes an empty folder beside the data set's files, where the new ones are written. */
export async function beginOutput(out: string): Promise<string> {
  await checkOutput(out);
  const partial = join(out, partialName);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true }).catch((cause: unknown) => {
    throw writeFailed(partial, cause);
  });
  return partial;
}

async function filesBelow(folder: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else found.push(path);
  }
  return found.sort();
}

/**
 * Puts the new files in the place of the old ones. The manifest goes first and comes last: while files move there is
 * none, and a run that was killed there is simply done again.
 */
export async function publishOutput(out: string): Promise<void> {
  const partial = join(out, partialName);
  await rm(join(out, "manifest.json"), { force: true });
  const files = await filesBelow(partial);
  for (const name of await namesIn(out)) {
    if (name === partialName) continue;
    const isFolder = ownFolders.includes(name) && (await stat(join(out, name))).isDirectory();
    if (isFolder || (ownFile.test(name) && !files.includes(name))) {
      await rm(join(out, name), { recursive: true, force: true });
    }
  }
  const order = [...files.filter((path) => path !== "manifest.json"), "manifest.json"];
  for (const path of order) {
    const target = join(out, path);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(partial, path), target);
  }
  await rm(partial, { recursive: true, force: true });
}
