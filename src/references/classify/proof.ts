import type { TreeIndex } from "../../repository/index.ts";
import { folderOf } from "../resolve/paths.ts";
import type { Evidence, Mention } from "../schema.ts";
import { ev } from "./early.ts";
import type { GroupFacts } from "./surroundings.ts";
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

const generic =
  /^(?:src|lib|libs|scripts?|tests?|docs?|examples?|utils?|app|apps|configs?|data|bin|tools?|build|dist|packages?|public|static|assets|core|common|models?|components?)$/i;

/** The folder that is gone, as its whole path. */
const firstFolder = (past: Past, path: string): string => past.evidence[0]?.path ?? path;

const everywhere =
  /^(?:setup\.py|setup\.cfg|README(?:\.\w+)?|__init__\.py|requirements\.txt|index\.\w+|package\.json|Makefile|Dockerfile)$/i;
const documents = /\.(?:md|markdown|mdx|rst|ipynb)$/i;

const manifests = ["package.json", "pyproject.toml", "setup.py", "Cargo.toml", "go.mod"];

/** True if the path was meant from the project that holds the file, or from a folder inside it. */
function isOwnProject(target: string, path: string, from: string, index: TreeIndex): boolean {
  const tail = path.replace(/^(?:\.{1,2}\/)+/, "").replace(/\/+$/, "");
  const base = target.endsWith(tail) ? target.slice(0, -tail.length).replace(/\/$/, "") : "";
  let folder = folderOf(from);
  while (folder !== "" && !manifests.some((name) => index.hasFile(`${folder}/${name}`)))
    folder = folderOf(folder);
  return folder === "" || base === folder || base.startsWith(`${folder}/`);
}

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
  group: GroupFacts | undefined,
  index: TreeIndex,
): Evidence | undefined {
  const { kind, path, strength } = mention;
  if (placed.has(kind)) return undefined;
  if (/(?:^|\/)(?:__)?fixtures?(?:__)?\//.test(from))
    return ev("fixture", "a test's own example of a project");
  const first = path.replace(/^(?:\.\/)+/, "").split("/")[0] as string;
  if (generic.test(first) && strength !== "hard" && !isOwnProject(past.target, path, from, index))
    return ev("project", "a usual path, which was once another project's");
  if (from.endsWith(".pyi")) return ev("stub", "a stub's example, which nothing runs");
  if (kind === "tree" && group !== undefined) {
    const least = past.what === "file" ? 1 : group.total * 0.5;
    if (group.resolved < least) return ev("planned", "too little of this tree exists here");
  }
  // Every project has had a `src`: that it is gone says nothing of a file that never was in it.
  if (past.what === "parent" && generic.test(firstFolder(past, path)))
    return ev("history", "only a folder of a usual name was ever here");
  if (mention.key === "rm") return ev("history", "removed here: need not exist");
  if (past.what === "parent" && !stating.has(kind))
    return ev("history", "only its folder was ever here, and this may make it");
  if (!isBare(path) || /^\.\/./.test(mention.raw) || !isBare(mention.raw) || isComputed(mention))
    return undefined;
  const isDocumented = documents.test(from);
  if (strength === "hard" && !(kind === "command" && isDocumented)) return undefined;
  if (kind === "command" && (mention.prefix !== undefined || !isDocumented)) return undefined;
  if ((kind === "text" || kind === "inline-code") && everywhere.test(path))
    return ev("history", "a name that files have in many projects");
  // A sentence that names a file names it wherever it lies.
  if (kind === "text" && index.named(first).length > 0)
    return ev("namesake", "a bare name in a sentence, and a file of that name is here");
  if (folderOf(past.target) !== folderOf(from))
    return ev("history", `a bare name: a ${past.what} of that name was once here, in another folder`);
  if (past.what !== "file") return undefined;
  if (kind === "string") return ev("history", "a bare name, joined to a folder that only the run knows");
  if (kind === "text" && words.isGenerated !== undefined) return ev("output", words.isGenerated);
  return undefined;
}
