import { readdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import picomatch from "picomatch";
import type { SourceConfig } from "../home/index.ts";
import { sha256, TrainingReadyError } from "../shared/index.ts";
import { listRemote, mayBeFolder, type RemoteFiles } from "../storage/index.ts";

/**
 * A source of one file. `family`: the name that the config gives, where one entry names many files; `place`: the URI that
 * the file is found by at once, where that is another one.
 */
export type FileSource = SourceConfig & { family?: string; place?: string };

const readable = /\.(?:csv|tsv|tab|json|jsonl|ndjson|vtt|srt|parquet)(?:\.(?:gz|zst))?$/i;
const longestSlug = 48;

/** Only what is not there may be absent: refused credentials or a broken file are errors all the same. */
export const isDeclaredAbsence = (error: unknown, source: SourceConfig): boolean =>
  source.optional &&
  error instanceof TrainingReadyError &&
  error.code === "E_DATA_SOURCE_MISSING" &&
  / 404$|does not exist$/.test(error.message);

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** The folder and the files in it that a local path means, or undefined for a path of one file. */
async function filesOf(path: string): Promise<{ base: string; files: string[] } | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true)
    return { base: path, files: (await filesBelow(path)).filter((file) => readable.test(file)) };
  if (info !== undefined || !/[*?]/.test(path)) return undefined;
  let base = path;
  while (/[*?]/.test(base)) base = dirname(base);
  const isMatch = picomatch(relative(base, path).split(sep).join("/"));
  const below = await filesBelow(base).catch(() => []);
  return { base, files: below.filter((file) => isMatch(file)) };
}

type Found = Pick<RemoteFiles, "base" | "files" | "named">;

/** The same of `s3://bucket/folder/`, `hf://datasets/owner/name/`, `gdrive://FOLDER_ID` and patterns below them. */
async function remoteFilesOf(uri: string): Promise<Found | undefined> {
  const isPattern = uri.includes("*");
  if (!isPattern && !uri.endsWith("/") && !mayBeFolder(uri)) return undefined;
  const start = isPattern ? uri.slice(0, uri.slice(0, uri.indexOf("*")).lastIndexOf("/") + 1) : uri;
  const found = await listRemote(start);
  if (found === undefined) return undefined;
  const isMatch = isPattern ? picomatch(uri.slice(start.length)) : undefined;
  const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));
  const seen = found.files.filter((file) => !isHidden(file) && isMatch?.(file) !== false);
  found.check?.(new Set(seen));
  return { ...found, files: seen.filter((file) => isPattern || readable.test(file)) };
}

/**
 * Turns an entry that names a folder, or a pattern with `*`, into one source a file, in the order of their paths. Hidden
 * files are left out, in a folder also those of unknown kinds. Throws `E_DATA_SOURCE_MISSING` where no file is meant.
 */
export async function expandSources(sources: readonly SourceConfig[], folder: string): Promise<FileSource[]> {
  const expanded: FileSource[] = [];
  for (const source of sources) {
    const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(source.uri)?.[1]?.toLowerCase();
    const isLocal = scheme === undefined || scheme === "file";
    const path = scheme === "file" ? fileURLToPath(source.uri) : resolve(folder, source.uri);
    const found: Found | undefined = isLocal
      ? await filesOf(path)
      : await remoteFilesOf(source.uri).catch((error: unknown) => {
          if (isDeclaredAbsence(error, source)) return undefined; // it is met, and told, when it is pinned
          throw error;
        });
    if (found === undefined) {
      expanded.push(source);
      continue;
    }
    if (found.files.length === 0) {
      if (source.optional) {
        expanded.push(source);
        continue;
      }
      throw new TrainingReadyError(
        "E_DATA_SOURCE_MISSING",
        `source ${source.name}: ${source.uri} holds no file that can be read`,
        { exitCode: 1 },
      );
    }
    const taken = new Set<string>();
    for (const file of found.files) {
      let slug = file.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
      if (slug.length > longestSlug || taken.has(slug.toLowerCase()))
        slug = `${slug.slice(0, longestSlug - 9)}-${sha256(file).slice(0, 8)}`;
      taken.add(slug.toLowerCase());
      const named = found.named?.(file);
      const place = isLocal ? join(found.base, file) : (named?.uri ?? `${found.base}${file}`);
      const uri =
        !isLocal || isAbsolute(source.uri) || scheme === "file"
          ? place
          : relative(folder, place).split(sep).join("/");
      const more = named === undefined ? {} : { place: named.place };
      expanded.push({ ...source, name: `${source.name}.${slug}`, uri, family: source.name, ...more });
    }
  }
  return expanded;
}
