import { createHash } from "node:crypto";
import type { HomeManifest } from "../../home/index.ts";
import { compareListed, parseLfsPointer, type Hashes, type ListedFile } from "../../repository/index.ts";
import type { Tree, TreeIndex } from "../../repository/index.ts";
import { sha256, TrainingReadyError, nameOf } from "../../shared/index.ts";
import type { Plan } from "./schema.ts";

/** A listed file beside what the repository holds. `here`: the file that it is, or has the name and size of. */
export type ListedRow = {
  path: string;
  bytes: number | null;
  is: "identical" | "same-name-and-size" | "only-there";
  here?: string;
};

type Datasets = HomeManifest["datasets"];

const dataId = (name: string): string => sha256(`data\0${name}`).slice(0, 8);

const hashOf = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest("hex");

/** An LFS pointer stands for bytes that are not here: their hash and size count, not its own. */
async function standsFor(
  tree: Tree & { readonly index: TreeIndex },
  path: string,
  wanted: readonly (keyof Hashes)[],
): Promise<Pick<ListedFile, "path" | "size" | "hashes"> | undefined> {
  const entry = tree.index.files.get(path);
  if (entry === undefined || entry.mode === "symlink" || entry.mode === "submodule") return undefined;
  const bytes = await tree.read(entry).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const pointer = bytes.length < 1024 ? parseLfsPointer(bytes) : undefined;
  if (pointer !== undefined) return { path, size: pointer.size, hashes: { sha256: pointer.sha256 } };
  const hashes = Object.fromEntries(wanted.map((name) => [name, hashOf(name, bytes)])) as Hashes;
  return { path, size: bytes.length, hashes };
}

/**
 * Joins a saved listing with the files of a tree, on the strongest hash that both have. Only files that a listed size or
 * name points to are read. Without a shared hash no two files are called identical.
 */
export async function joinListing(
  tree: Tree & { readonly index: TreeIndex },
  listed: readonly ListedFile[],
): Promise<ListedRow[]> {
  const sizes = new Set(listed.map((one) => one.size));
  const names = new Set(listed.map((one) => nameOf(one.path)));
  const algorithms = (["sha256", "sha1", "md5"] as const).filter((name) =>
    listed.some((one) => one.hashes[name] !== undefined),
  );
  const bySize = new Map<number, Pick<ListedFile, "path" | "size" | "hashes">[]>();
  const here: Pick<ListedFile, "path" | "size" | "hashes">[] = [];
  for (const entry of tree.index.files.values()) {
    const isPointer = entry.size < 1024;
    if (!sizes.has(null) && !sizes.has(entry.size) && !isPointer && !names.has(nameOf(entry.path))) continue;
    const one = await standsFor(tree, entry.path, algorithms);
    if (one === undefined) continue;
    here.push(one);
    const same = bySize.get(one.size ?? -1);
    if (same === undefined) bySize.set(one.size ?? -1, [one]);
    else same.push(one);
  }
  return listed
    .map((one): ListedRow => {
      const near = one.size === null ? here : (bySize.get(one.size) ?? []);
      const row = { path: one.path, bytes: one.size };
      const same = near.find((other) => compareListed(one, other) === "identical");
      if (same !== undefined) return { ...row, is: "identical", here: same.path };
      const alike = near.find((other) => compareListed(one, other) === "same-name-and-size");
      if (alike !== undefined) return { ...row, is: "same-name-and-size", here: alike.path };
      return { ...row, is: "only-there" };
    })
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

const mostListed = 2000;

/** What a plan says of a listing: counts, and what exists only there, largest first. */
export function elsewhereOf(rows: readonly ListedRow[], base: string): NonNullable<Plan["elsewhere"]> {
  const only = rows.filter((one) => one.is === "only-there");
  const largest = only.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || (a.path < b.path ? -1 : 1));
  return {
    base,
    files: rows.length,
    identical: rows.filter((one) => one.is === "identical").length,
    sameNameAndSize: rows.filter((one) => one.is === "same-name-and-size").length,
    onlyThere: only.length,
    onlyThereBytes: only.reduce((sum, one) => sum + (one.bytes ?? 0), 0),
    list: largest.slice(0, mostListed).map(({ path, bytes }) => ({ path, bytes })),
  };
}

/** Where a listed path lies as an address: `s3://bucket/run` or `drive:Training`, and the path below it. */
export function addressOf(base: string, path: string): string {
  return base.endsWith("/") || base.endsWith(":") ? base + path : `${base}/${path}`;
}

/** A line for each data set that is not here: a pointer to its one copy elsewhere, or missing, with the reason. */
export function proposeData(datasets: Datasets, rows: readonly ListedRow[], base: string): Plan["data"] {
  const byName = new Map<string, ListedRow[]>();
  for (const row of rows) byName.set(nameOf(row.path), [...(byName.get(nameOf(row.path)) ?? []), row]);
  return datasets
    .filter((one) => one.state === "missing" || one.state === "remote")
    .map((one) => {
      const found = byName.get(one.name) ?? [];
      const because: string[] = [];
      let to = one.pointer;
      if (to !== undefined) because.push("its address stands in the repository");
      else if (found.length === 1) {
        to = addressOf(base, found[0]?.path ?? "");
        because.push("the one file of its name in the listing");
      } else if (found.length > 1)
        because.push(`several in the listing: ${found.map((row) => row.path).join(", ")}`);
      else because.push(rows.length === 0 ? "not in the repository" : "not in the repository or the listing");
      const proposed = { action: "pointer" as const, ...(to === undefined ? {} : { to }) };
      return {
        id: dataId(one.name),
        name: one.name,
        ...proposed,
        proposed,
        because,
        mentions: one.mentions.length,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A person's decisions on data, carried from an earlier plan. */
export function carryData(fresh: Plan["data"], earlier: Plan["data"]): Plan["data"] {
  const before = new Map(earlier.map((one) => [one.id, one]));
  return fresh.map((one) => {
    const old = before.get(one.id);
    if (old === undefined || (old.action === old.proposed.action && old.to === old.proposed.to)) return one;
    const { to: _, ...rest } = one;
    return { ...rest, action: old.action, ...(old.to === undefined ? {} : { to: old.to }) };
  });
}

/** Refuses data lines that a plan does not hold by itself. Throws `E_PLAN`. */
export function checkData(data: Plan["data"]): void {
  const seen = new Set<string>();
  for (const one of data) {
    if (seen.has(one.id))
      throw new TrainingReadyError("E_PLAN", `data ${one.id} stands twice`, { exitCode: 1 });
    seen.add(one.id);
    if (one.id !== dataId(one.name))
      throw new TrainingReadyError("E_PLAN", `data ${one.id}: the id does not belong to ${one.name}`, {
        exitCode: 1,
      });
  }
}

/** The data sets of the home as a plan decides them: what has a pointer is remote, what is left is as it was found. */
export function decidedDatasets(datasets: Datasets, data: Plan["data"]): Datasets {
  const lines = new Map(data.map((one) => [one.name, one]));
  return datasets.map((one) => {
    const line = lines.get(one.name);
    if (line === undefined || line.action === "leave" || line.to === undefined) return one;
    return { ...one, state: "remote", pointer: line.to };
  });
}
