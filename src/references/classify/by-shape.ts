import { baseName, pathShape, roleOf } from "../extract/path-shape.ts";
import type { Located } from "../resolve/ground.ts";
import { folderOf, foldersAbove } from "../resolve/paths.ts";
import type { Mention } from "../schema.ts";
import { type Early, early, ev, isLinkKind } from "./early.ts";
import { usualName } from "./fixes.ts";
import { cloneOf, foreignOf } from "./foreign.ts";
import { dataReason, isUsuallyGenerated } from "./shapes.ts";
import type { GroupFacts, Surroundings } from "./surroundings.ts";
import type { Governing } from "./words.ts";

/** True for a path that code writes, or that lies in a folder which code makes and the tree lacks. */
function isWrittenHere(target: string, isAlone: boolean, around: Surroundings): boolean {
  const { paths, folders } = around.written;
  if (paths.has(target) || (folders.has(target) && !around.ground.lookup.index.isFolder(target))) return true;
  // The page of a class comes with pages of its members.
  if (paths.has(target.replace(/\.\w+\.rst$/, ".rst"))) return true;
  // Data that is put into a folder made for it may well come from elsewhere, and a link is no step of a run.
  if (isAlone) return false;
  for (const folder of foldersAbove(target)) {
    if (around.ground.lookup.index.isFolder(folder)) return false;
    if (paths.has(folder)) return true;
  }
  return false;
}

/** True for a path that lies directly in a folder that a script of this repository makes and the tree lacks. */
function isInMadeFolder(located: Located, around: Surroundings): boolean {
  return located.tried.some(({ target }) => {
    const folder = folderOf(target);
    return around.written.made.has(folder) && !around.ground.lookup.index.isFolder(folder);
  });
}

const isTest = (from: string): boolean => /(?:^|\/)(?:tests?|testing)\/|(?:^|\/)test_[^/]*$/.test(from);

/** Kinds that a file's own code holds, as against what its prose says. */
const runs: ReadonlySet<string> = new Set(["string", "argument", "command", "value", "fence"]);

const isOutputName = (path: string): boolean =>
  /(?:^|[_-])(?:results?|metrics|predictions?|outputs?|submissions?)(?:[_-][^/]*)?\.\w+$/i.test(
    baseName(path),
  ) && !/sample[_-]?sub/i.test(path);

const dataBearing: ReadonlySet<string> = new Set(["value", "key", "list", "tree", "link"]);

/** Why a missing path is taken for data that lies elsewhere; undefined if too little says so. */
function missingData(
  mention: Mention,
  from: string,
  words: Governing,
  around: Surroundings,
): string | undefined {
  const { path, kind, strength } = mention;
  if (kind === "image" || kind === "module" || /^[^/]*[*?]/.test(path)) return undefined;
  if (foreignOf(from, around.foreign) !== undefined) return undefined;
  if (from.endsWith(".pyi") || /(?:^|\/)\.\w+(?:\.\w+)*$/.test(path)) return undefined;
  // Comments of code give examples; a test makes what it names unless it reads it.
  if (kind === "text" && mention.encoding !== "shell" && /\.(?:py|pyi)$/.test(from)) return undefined;
  if (mention.encoding === "python" && mention.use !== "read" && isTest(from)) return undefined;
  const reason = dataReason(path, words.hasDataKey);
  if (reason === undefined) return undefined;
  const role = roleOf(path);
  if (strength === "weak" && role === undefined && !path.includes(".")) return undefined;
  // Weights that code names are mostly files of a hub's repository.
  if (role === "model" && kind === "string" && mention.use !== "read") return undefined;
  if (path.includes("/")) return reason;
  // A bare name with a word for a suffix is rather an attribute.
  const isAttribute =
    /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){2,}$/.test(path) || /\.(?:model|onnx|data|engine|weights)$/i.test(path);
  if (isAttribute) return undefined;
  if (dataBearing.has(kind)) return reason;
  if (kind === "inline-code") return role === "data" || role === "archive" ? reason : undefined;
  if (kind === "text" || kind === "fence") return undefined;
  if (role === "archive" && mention.encoding === "shell") return undefined;
  return mention.use === "read" || words.hasDataKey ? reason : undefined;
}

/** Classes that a path earns by what it looks like and who writes it. `isKnown`: it once was in the repository. */
export function byShape(
  mention: Mention,
  from: string,
  located: Located,
  words: Governing,
  group: GroupFacts | undefined,
  around: Surroundings,
  isKnown: boolean,
): Early | undefined {
  const { path } = mention;
  const isLink = isLinkKind(mention);
  const isData = dataReason(path, words.hasDataKey) !== undefined;
  // A program that was here once and is run is no output of what only has its name.
  const isLostProgram = isKnown && mention.kind === "command" && roleOf(path) === "code";
  if (!isLostProgram && located.tried.some(({ target }) => isWrittenHere(target, isData || isLink, around))) {
    return early("generated", "likely", ev("written", "code of this repository writes it"));
  }
  const isHubLike = pathShape(path) === "maybe" && path.split("/").length === 2;
  // `checkpoint_name: openai/clip-vit-base-patch32`: a name, not a place.
  if (!isLink && isHubLike && !isKnown && /[._-]name$/i.test(mention.key ?? ""))
    return early("external", "likely", ev("hub", "an id under a key for a name"));
  if (!isLink && words.hasOutputKey && roleOf(path) !== "code") {
    return early("generated", "likely", ev("output", words.isGenerated ?? "an output's key"));
  }
  if (isKnown) return undefined;
  // A link is followed where the page is read, not where something was cloned.
  const clone = isLink ? undefined : cloneOf(located, around);
  if (clone !== undefined) return early("external", "likely", ev("clone", `below a clone of ${clone}`));
  if (words.isPlanned !== undefined && !isLink)
    return early("placeholder", "likely", ev("planned", words.isPlanned));
  const name = baseName(path);
  // Of names that every project has, only the very path counts.
  if (around.written.names.has(name) && !usualName.test(name)) {
    return early("generated", "likely", ev("written", "code of this repository writes a file of that name"));
  }
  if (!isLink && words.isGenerated !== undefined)
    return early("generated", "likely", ev("output", words.isGenerated));
  if (!isLink && isUsuallyGenerated(path))
    return early("generated", "possible", ev("output", "a folder that programs write"));
  if (group !== undefined && mention.kind === "tree" && group.resolved === 0) {
    if (roleOf(path) === undefined && !mention.raw.endsWith("/"))
      return early("unknown", "possible", ev("word", "a word of a list that is no tree of files, perhaps"));
    return early("placeholder", "possible", ev("planned", "nothing of this tree exists here"));
  }
  if (!isLink && words.isElsewhere !== undefined)
    return early("external", "likely", ev("key", words.isElsewhere));
  if (
    /^(?:[\w-]+\.)+(?:com|org|io|net|dev|ai|co|cn|gov|edu|gcr|azurecr|aws|cloud|app|me)(?:\/|$)/.test(path)
  ) {
    return early("external", "likely", ev("address", "an address without its scheme"));
  }
  if (!isLink && words.hasModelKey && isHubLike) {
    return early("external", "likely", ev("hub", "an id under a model or data key"));
  }
  const reason = missingData(mention, from, words, around);
  if (reason !== undefined && from.startsWith(".github/"))
    return early("generated", "possible", ev("written", "made by an earlier step, perhaps"));
  if (reason !== undefined && !isLink && isOutputName(path))
    return early("generated", "possible", ev("output", "named like what a run puts out"));
  if (reason !== undefined && !isLink && isInMadeFolder(located, around))
    return early("generated", "possible", ev("written", "in a folder that a script here makes"));
  if (reason !== undefined && around.fetchers.has(from) && runs.has(mention.kind))
    return early("generated", "possible", ev("fetched", "the same file downloads or unpacks files"));
  return reason === undefined ? undefined : early("missing-data", "likely", ev("data", reason));
}
