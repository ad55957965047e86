import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { emptyManifest, manifestFileName, manifestText, readManifest } from "../../home/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";

export type Pointer = { name: string; pointer: string; bytes: number; path?: string };
type Listed = { path: string; bytes: number };

const dataFile =
  /\.(?:jsonl?|ndjson|csv|tsv|txt|vtt|srt|xml|parquet|arrow|npy|npz|h5|safetensors|gguf|bin|pt|pdf|epub|zip|tar|7z|gz|zst|bz2|xz)$/i;

const baseOf = (path: string): string => path.split("/").at(-1) as string;

/** Where a folder with the same files lies: `beside`, in the `home`. */
type Beside = { home: string; beside?: string | undefined };

function placed(path: string, { home, beside }: Beside): { path?: string } {
  if (beside === undefined) return {};
  const within = relative(home, join(beside, path)).split(sep).join("/");
  return within === "" || within === ".." || within.startsWith("../") ? {} : { path: within };
}

/** Data sets of a listing: the outermost folders that hold a manifest.json, and each data file outside them. */
function dataSets(uri: string, files: readonly Listed[], where: Beside): Pointer[] {
  const base = uri.replace(/\/+$/, "");
  const folders = files
    .filter(({ path }) => baseOf(path) === "manifest.json")
    .map(({ path }) => path.slice(0, -"manifest.json".length).replace(/\/$/, ""))
    .sort((a, b) => a.length - b.length);
  const found = new Map<string, number>();
  for (const { path, bytes } of files) {
    const folder = folders.find((one) => one === "" || path.startsWith(`${one}/`));
    if (folder === undefined && !dataFile.test(path)) continue;
    const key = folder ?? path;
    found.set(key, (found.get(key) ?? 0) + bytes);
  }
  return [...found].map(([path, bytes]) => {
    const pointer = path === "" ? base : `${base}/${path}`;
    return { name: baseOf(pointer), pointer, bytes, ...placed(path, where) };
  });
}

/** Keeps the data sets of a place in the home's manifest; one that is here already keeps its state and gets the pointer. */
export async function rememberPointers(
  input: Beside & { uri: string; files: readonly Listed[]; apply: boolean },
): Promise<Pointer[]> {
  const { home, apply } = input;
  const path = join(home, manifestFileName);
  const manifest = existsSync(path) ? await readManifest(home) : emptyManifest();
  const pointers = dataSets(input.uri, input.files, input);
  for (const one of pointers) {
    const known = manifest.datasets.find(
      (entry) =>
        entry.pointer === one.pointer ||
        (one.path !== undefined && entry.path === one.path) ||
        (entry.name === one.name &&
          entry.pointer === undefined &&
          (entry.path === undefined || one.path === undefined)),
    );
    if (known === undefined) {
      // Another data set has this name: the address tells them apart.
      if (manifest.datasets.some(({ name }) => name === one.name)) one.name = one.pointer;
      manifest.datasets.push({ ...one, state: "remote", mentions: [] });
      continue;
    }
    one.name = known.name;
    known.pointer = one.pointer;
    if (known.state === "missing") known.state = "remote";
    if (known.state === "remote") Object.assign(known, one);
  }
  if (!apply || pointers.length === 0) return pointers;
  manifest.datasets.sort((a, b) => (a.name < b.name ? -1 : 1));
  await writeFileAtomic(path, manifestText(manifest));
  return pointers;
}

/** Marks the data sets of a place that lie in the home after a fetch into `beside` as present; gives their names. */
export async function rememberFetched(input: {
  home: string;
  uri: string;
  beside: string;
}): Promise<string[]> {
  const { home } = input;
  const base = input.uri.replace(/\/+$/, "");
  const path = join(home, manifestFileName);
  if (!existsSync(path)) return [];
  const manifest = await readManifest(home);
  const present: string[] = [];
  for (const entry of manifest.datasets) {
    if (entry.state !== "remote" || entry.pointer === undefined) continue;
    if (entry.pointer !== base && !entry.pointer.startsWith(`${base}/`)) continue;
    const { path: own } = placed(entry.pointer.slice(base.length + 1), input);
    if (own === undefined || !existsSync(join(home, own))) continue;
    Object.assign(entry, { state: "present", path: own });
    present.push(entry.name);
  }
  if (present.length > 0) await writeFileAtomic(path, manifestText(manifest));
  return present;
}
