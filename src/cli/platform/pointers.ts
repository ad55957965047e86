import { existsSync } from "node:fs";
import { join } from "node:path";
import { emptyManifest, manifestFileName, manifestText, readManifest } from "../../home/index.ts";
import { writeFileAtomic } from "../../shared/index.ts";

export type Pointer = { name: string; pointer: string; bytes: number };

/** Data sets of a listing: the folders that hold a manifest.json, with the bytes below them. */
function dataSets(uri: string, files: readonly { path: string; bytes: number }[]): Pointer[] {
  const base = uri.replace(/\/+$/, "");
  return files
    .filter(({ path }) => path === "manifest.json" || path.endsWith("/manifest.json"))
    .map(({ path }) => {
      const folder = path.slice(0, -"manifest.json".length).replace(/\/$/, "");
      const below = files.filter((file) => folder === "" || file.path.startsWith(`${folder}/`));
      const pointer = folder === "" ? base : `${base}/${folder}`;
      return {
        name: pointer.split("/").at(-1) as string,
        pointer,
        bytes: below.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    });
}

/** Keeps what is only at a place in the home's manifest; one that is here already keeps its state and gets the pointer. */
export async function rememberPointers(input: {
  home: string;
  uri: string;
  files: readonly { path: string; bytes: number }[];
  apply: boolean;
}): Promise<Pointer[]> {
  const pointers = dataSets(input.uri, input.files);
  if (!input.apply || pointers.length === 0) return pointers;
  const path = join(input.home, manifestFileName);
  const manifest = existsSync(path) ? await readManifest(input.home) : emptyManifest();
  for (const { name, pointer, bytes } of pointers) {
    const known = manifest.datasets.find((one) => one.name === name);
    if (known === undefined) manifest.datasets.push({ name, state: "remote", pointer, bytes, mentions: [] });
    else {
      known.pointer = pointer;
      if (known.state === "missing") known.state = "remote";
    }
  }
  manifest.datasets.sort((a, b) => (a.name < b.name ? -1 : 1));
  await writeFileAtomic(path, manifestText(manifest));
  return pointers;
}
