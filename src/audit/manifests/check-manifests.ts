import { createHash } from "node:crypto";
import type { BlobCache, FileEntry, WorkTree } from "../../repository/index.ts";
import { isFileManifest, readStatements, type Statement } from "./read-manifest.ts";

/** A file that is not as a manifest states it. */
export type ManifestMismatch = Pick<Statement, "line" | "start" | "end"> & {
  manifest: string;
  target: string;
  what: "absent" | "size" | "digest";
  /** What is stated, and what is on disk; digests are of files that the repository shows anyway. */
  stated: string;
  found?: string;
};

const longestManifest = 4 * 1024 * 1024;
/** Bytes hashed at most in one audit, over all manifests. */
const hashedBytes = 256 * 1024 ** 2;

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function targetOf(statement: Statement, folder: string, tree: WorkTree): string | undefined {
  const path = statement.path.replaceAll("\\", "/").replace(/^\.\//, "");
  if (path.startsWith("/") || /(?:^|\/)\.\.(?:\/|$)|:\/\//.test(path)) return undefined;
  for (const base of folder === "" ? [""] : [folder, ""]) {
    const target = base === "" ? path : `${base}/${path}`;
    if (tree.index.hasFile(target)) return target;
  }
  return folder === "" ? path : `${folder}/${path}`;
}

/**
 * Compares what manifests in the tree state (sizes, digests, names) with the files on disk. A manifest of which no file
 * is here speaks of files elsewhere and is left out. LFS pointers stand for other bytes and are not compared.
 */
export async function checkManifests(
  tree: WorkTree,
  cache: BlobCache,
  isExcluded: (path: string) => boolean,
): Promise<{ mismatches: ManifestMismatch[]; unchecked: number }> {
  const mismatches: ManifestMismatch[] = [];
  let left = hashedBytes;
  let unchecked = 0;
  const digestOf = async (
    entry: FileEntry,
    algorithm: NonNullable<Statement["algorithm"]>,
  ): Promise<string | undefined> => {
    const key = `h:${entry.blob}:${entry.size}:${algorithm}`;
    const known = cache.get(key);
    if (typeof known === "string") return known;
    if (entry.size > left) {
      unchecked++;
      return undefined;
    }
    left -= entry.size;
    const digest = createHash(algorithm)
      .update(await tree.read(entry))
      .digest("hex");
    cache.put(key, digest);
    return digest;
  };
  for (const entry of tree.index.files.values()) {
    if (
      !isFileManifest(entry.path) ||
      entry.size > longestManifest ||
      entry.mode === "symlink" ||
      isExcluded(entry.path)
    )
      continue;
    if (entry.mode === "submodule") continue;
    let text: string;
    try {
      text = Buffer.from(await tree.read(entry)).toString("latin1");
    } catch {
      continue; // the reader of references has said so
    }
    const stated = readStatements(entry.path, text).flatMap((statement) => {
      const target = targetOf(statement, folderOf(entry.path), tree);
      return target === undefined ? [] : [{ statement, target, file: tree.index.files.get(target) }];
    });
    const present = stated.filter(({ file }) => file !== undefined).length;
    if (present === 0) continue;
    for (const { statement, target, file } of stated) {
      const { line, start, end } = statement;
      const row = { manifest: entry.path, target, line, start, end };
      if (file === undefined) {
        // Of a list whose files mostly lie elsewhere a missing one says nothing.
        if (present >= stated.length * 0.5 && !tree.index.absent.has(target))
          mismatches.push({ ...row, what: "absent", stated: "listed" });
        continue;
      }
      if (file.mode === "symlink" || file.mode === "submodule" || (await isPointer(tree, file))) continue;
      if (statement.bytes !== undefined && statement.bytes !== file.size) {
        mismatches.push({ ...row, what: "size", stated: String(statement.bytes), found: String(file.size) });
        continue;
      }
      if (statement.algorithm === undefined || statement.digest === undefined) continue;
      const digest = await digestOf(file, statement.algorithm);
      if (digest !== undefined && digest !== statement.digest)
        mismatches.push({ ...row, what: "digest", stated: statement.digest, found: digest });
    }
  }
  return { mismatches, unchecked };
}

async function isPointer(tree: WorkTree, file: FileEntry): Promise<boolean> {
  if (file.size > 400) return false;
  return Buffer.from(await tree.read(file))
    .toString("latin1", 0, 60)
    .startsWith("version https://git-lfs.github.com/spec/v1");
}
