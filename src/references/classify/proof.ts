import { folderOf } from "../resolve/paths.ts";
import type { Evidence, Mention } from "../schema.ts";
import { ev } from "./early.ts";
import type { Past } from "./past.ts";
import type { Governing } from "./words.ts";

/** Kinds whose text says from where it is meant: nothing but the file's absence can be wrong there. */
const placed: ReadonlySet<string> = new Set([
  "link",
  "image",
  "anchor",
  "include",
  "copy",
  "context",
  "symlink",
  "source",
  "url",
  "module",
  "mount",
]);
/** Kinds that state a path of the repository, as against words of a text or a value that code hands on. */
const stating: ReadonlySet<string> = new Set([
  ...placed,
  "list",
  "tree",
  "inline-code",
  "value",
  "key",
  "pattern",
]);

const isBare = (path: string): boolean =>
  !path
    .replace(/^(?:\.\/)+/, "")
    .replace(/\/+$/, "")
    .includes("/");

/** True for a path that code computes from its own place: the folder is known, not guessed. */
const isComputed = ({ encoding, bases }: Mention): boolean =>
  encoding === "python" && bases.length === 1 && bases[0]?.kind === "file";

/** Why another spelling's existence proves nothing; undefined if it does. */
export function doubtOfCase(mention: Mention, from: string, twin: string): Evidence | undefined {
  if (placed.has(mention.kind) || mention.path.includes("/") || isComputed(mention)) return undefined;
  if (mention.kind === "command" && mention.strength === "hard") return undefined;
  if (stating.has(mention.kind) && folderOf(twin) === folderOf(from)) return undefined;
  return ev("case", "a bare name, and nothing says that it means the file of almost that name");
}

/**
 * Why what history says of a path does not prove that it is meant and should be here; undefined if it does. A path with
 * a folder that once was a file is proof enough; a bare name only from its own folder, a folder's past only for a path
 * that states a place.
 */
export function doubtOfPast(
  mention: Mention,
  from: string,
  past: Past,
  words: Governing,
): Evidence | undefined {
  const { kind, path, strength } = mention;
  if (placed.has(kind)) return undefined;
  if (mention.key === "rm") return ev("history", "removed here: need not exist");
  if (past.what === "parent" && !stating.has(kind))
    return ev("history", "only its folder was ever here, and this may make it");
  if (
    !isBare(path) ||
    /^\.\/./.test(mention.raw) ||
    !isBare(mention.raw) ||
    strength === "hard" ||
    isComputed(mention)
  )
    return undefined;
  if (kind === "command") return undefined;
  if (folderOf(past.target) !== folderOf(from))
    return ev("history", `a bare name: a ${past.what} of that name was once here, in another folder`);
  if (past.what !== "file") return undefined;
  if (kind === "string") return ev("history", "a bare name, joined to a folder that only the run knows");
  if (kind === "text" && words.isGenerated !== undefined) return ev("output", words.isGenerated);
  return undefined;
}
