import { TrainingReadyError } from "../shared/index.ts";
import type { TreeWarning } from "./schema.ts";

/** Hashes as lower-case hex, by algorithm. */
export type Hashes = Partial<Record<HashName, string>>;
export type HashName = "sha256" | "sha1" | "md5";

/** A file that a saved listing names. `size`: null where the listing does not say. */
export type ListedFile = {
  path: string;
  size: number | null;
  hashes: Hashes;
  modified?: string;
  id?: string;
};

/** A listing's files in its own order, and what of it is not as it seems. */
export type Listed = { files: ListedFile[]; warnings: TreeWarning[] };

/** Strongest first. */
const strength: readonly HashName[] = ["sha256", "sha1", "md5"];
const hexLength: Record<HashName, number> = { sha256: 64, sha1: 40, md5: 32 };

function hashOf(name: HashName, text: unknown): Hashes {
  return typeof text === "string" && text.length === hexLength[name] && /^[0-9a-f]+$/i.test(text)
    ? { [name]: text.toLowerCase() }
    : {};
}

function sizeOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

type RcloneItem = {
  Path?: unknown;
  Size?: unknown;
  MimeType?: unknown;
  ModTime?: unknown;
  IsDir?: unknown;
  Hashes?: Record<string, unknown>;
  ID?: unknown;
};

/** `rclone lsjson --hash`: https://rclone.org/commands/rclone_lsjson/ */
function fromRclone(items: readonly RcloneItem[]): Listed {
  const listed: Listed = { files: [], warnings: [] };
  for (const item of items) {
    const path = text(item.Path);
    if (path === undefined || item.IsDir === true) continue;
    const kind = text(item.MimeType) ?? "";
    if (kind === "application/vnd.google-apps.shortcut") {
      listed.warnings.push({
        code: "listing-shortcut",
        message: "a shortcut: what it points to is not listed",
        path,
      });
      continue;
    }
    if (kind.startsWith("application/vnd.google-apps.")) {
      listed.warnings.push({
        code: "listing-no-bytes",
        message: "an online document: it has no bytes to compare",
        path,
      });
    }
    const { sha256, sha1, md5 } = item.Hashes ?? {};
    const [modified, id] = [text(item.ModTime), text(item.ID)];
    listed.files.push({
      path,
      size: sizeOf(item.Size),
      hashes: { ...hashOf("sha256", sha256), ...hashOf("sha1", sha1), ...hashOf("md5", md5) },
      ...(modified === undefined ? {} : { modified }),
      ...(id === undefined ? {} : { id }),
    });
  }
  return listed;
}

type S3Item = {
  Key?: unknown;
  Size?: unknown;
  ETag?: unknown;
  LastModified?: unknown;
  ChecksumSHA256?: unknown;
};

/**
 * `list-objects-v2` of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html. An ETag is the MD5
 * of the bytes only for an upload in one part; one of several parts ends in `-` and their number.
 */
function fromS3(items: readonly S3Item[], isTruncated: boolean): Listed {
  const listed: Listed = { files: [], warnings: [] };
  for (const item of items) {
    const path = text(item.Key);
    if (path === undefined || path.endsWith("/")) continue; // a folder's placeholder
    const tag = text(item.ETag)?.replaceAll('"', "");
    const modified = text(item.LastModified);
    listed.files.push({
      path,
      size: sizeOf(item.Size),
      hashes: hashOf("md5", tag),
      ...(modified === undefined ? {} : { modified }),
    });
  }
  if (isTruncated) {
    listed.warnings.push({ code: "listing-cut", message: "the listing says that it is not the whole one" });
  }
  return listed;
}

/** Lines of md5sum, sha1sum or sha256sum, in either of their styles; undefined if a line is neither. */
function fromChecksums(lines: readonly string[]): Listed | undefined {
  const listed: Listed = { files: [], warnings: [] };
  for (const line of lines) {
    const plain = /^(\\?)([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}) [ *](.+)$/.exec(line);
    const tagged = plain === null ? /^(\\?)(MD5|SHA1|SHA256) \((.+)\) = ([0-9a-fA-F]+)$/.exec(line) : null;
    const [mark, path, hash] =
      plain === null ? [tagged?.[1], tagged?.[3], tagged?.[4]] : [plain[1], plain[3], plain[2]];
    const name = strength.find((one) => hexLength[one] === hash?.length);
    if (path === undefined || hash === undefined || name === undefined) return undefined;
    const unescaped =
      mark === ""
        ? path
        : path.replaceAll(/\\([\\nr])/g, (_, one: string) => ({ n: "\n", r: "\r" })[one] ?? "\\");
    listed.files.push({ path: unescaped, size: null, hashes: hashOf(name, hash) });
  }
  return listed;
}

/** A path inside the listing's root; undefined for one that leaves it. */
function insidePath(path: string): string | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 || parts.includes("..") ? undefined : parts.join("/");
}

function parsed(content: string): Listed | undefined {
  const first = content.trimStart()[0];
  if (first === "[" || first === "{") {
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch (cause) {
      throw new TrainingReadyError("E_LISTING", `the listing is no valid JSON: ${(cause as Error).message}`, {
        cause,
      });
    }
    if (Array.isArray(value)) {
      const items = value as RcloneItem[];
      if (items.every((item) => typeof item?.Path === "string")) return fromRclone(items);
      return undefined;
    }
    const { Contents, IsTruncated, KeyCount } = value as Record<string, unknown>;
    if (Array.isArray(Contents)) return fromS3(Contents as S3Item[], IsTruncated === true);
    return KeyCount === 0 ? { files: [], warnings: [] } : undefined;
  }
  const lines = content.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  return lines.length === 0 ? undefined : fromChecksums(lines);
}

/** Reads a saved listing: `rclone lsjson --hash`, an S3 object list as JSON, or a checksum file. Throws `E_LISTING`. */
export function parseListing(content: string): Listed {
  const listed = parsed(content.replace(/^\ufeff/, ""));
  if (listed === undefined) {
    throw new TrainingReadyError(
      "E_LISTING",
      "neither the output of `rclone lsjson`, an S3 object list nor a checksum file",
    );
  }
  const files: ListedFile[] = [];
  for (const file of listed.files) {
    const path = insidePath(file.path);
    if (path === undefined) {
      listed.warnings.push({
        code: "listing-path",
        message: "a path that leaves the listing: left out",
        path: file.path,
      });
    } else files.push({ ...file, path });
  }
  return { files, warnings: listed.warnings };
}

/** The strongest hash that a file has, as `algorithm:hex`; undefined without one. */
export function strongestHash(hashes: Hashes): string | undefined {
  const name = strength.find((one) => hashes[one] !== undefined);
  return name === undefined ? undefined : `${name}:${hashes[name]}`;
}

/**
 * How two files compare that no one can read: by the strongest hash that both have; without one, equal name and size
 * is all that can be said. `unknown`: nothing in common to compare.
 */
export function compareListed(
  a: Pick<ListedFile, "path" | "size" | "hashes">,
  b: Pick<ListedFile, "path" | "size" | "hashes">,
): "identical" | "different" | "same-name-and-size" | "unknown" {
  if (a.size !== null && b.size !== null && a.size !== b.size) return "different";
  for (const name of strength) {
    const [first, second] = [a.hashes[name], b.hashes[name]];
    if (first !== undefined && second !== undefined) return first === second ? "identical" : "different";
  }
  const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  return a.size !== null && a.size === b.size && nameOf(a.path) === nameOf(b.path)
    ? "same-name-and-size"
    : "unknown";
}
