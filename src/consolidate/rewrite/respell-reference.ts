import { followFrom, relativePath } from "../../shared/index.ts";
import { utf8Of, type ImageEnvironment, type Mention, type Reference } from "../../references/index.ts";
import type { TreeIndex } from "../../repository/index.ts";
import { baseFolders } from "./base-folders.ts";
import { imagePlaces } from "./image-places.ts";
import { dress, styleOf } from "./path-spelling.ts";
import { placeOfTarget, type Placement } from "./placement.ts";
import { respellDotted, respellLabel } from "./respell-names.ts";

/** What to do with a reference: leave its text, write another, or nothing that would be right. */
export type Respelling =
  | { kind: "same" }
  | { kind: "edit"; text: string }
  | { kind: "impossible"; why: string };

/** What spelling a reference anew needs to know. */
export type RespellGround = {
  index: TreeIndex;
  placement: Placement;
  packageOf: (path: string) => string | undefined;
  /** The image that a base (`image:Dockerfile`) stands for. */
  imageOf?: (base: string) => ImageEnvironment | undefined;
};

const trim = (path: string): string => path.replace(/\/+$/, "");

/** True if a folder holds anything after the moves. */
function holdsAfter({ index, placement }: RespellGround, folder: string): boolean {
  if (folder === "") return true;
  for (const path of index.files.keys()) if (placement.bytesTo(path)?.startsWith(`${folder}/`)) return true;
  return false;
}

function decode(raw: string): string {
  const slashes = raw.replaceAll("\\", "/");
  if (!/%[0-9a-f]{2}/i.test(slashes)) return slashes;
  try {
    return decodeURIComponent(slashes);
  } catch {
    return slashes;
  }
}

/** What stays of the written text and the folder that the rest starts at: as the extractor says, else by comparison. */
function headsOf(
  reference: Reference,
  mention: Mention | undefined,
  written: string,
  meant: string,
): { rawHead: string; pathHead: string; end: string } {
  if (mention?.keep === undefined && mention?.prefix === undefined) return commonEnd(written, meant);
  const rawHead = utf8Of(
    Buffer.from(reference.raw, "utf8")
      .toString("latin1")
      .slice(0, mention.keep ?? 0),
  );
  return { rawHead, pathHead: mention.prefix ?? "", end: written.slice(rawHead.length) };
}

function atSeparator(text: string, start: number): boolean {
  return start === 0 || text[start - 1] === "/";
}

/** Splits raw text and meant path at their common end, at a separator: `$DIR/x.py` and `../x.py` share `x.py`. */
export function commonEnd(raw: string, path: string): { rawHead: string; pathHead: string; end: string } {
  let length = 0;
  while (
    length < raw.length &&
    length < path.length &&
    raw[raw.length - 1 - length] === path[path.length - 1 - length]
  )
    length++;
  while (length > 0) {
    const rawStart = raw.length - length;
    const pathStart = path.length - length;
    if (atSeparator(raw, rawStart) && atSeparator(path, pathStart)) break;
    length--;
  }
  return {
    rawHead: raw.slice(0, raw.length - length),
    pathHead: path.slice(0, path.length - length),
    end: raw.slice(raw.length - length),
  };
}

/**
 * The folder from which the written end of a path starts after the moves. Code computes it from its own place
 * (`Path(__file__).parent.parent`); elsewhere it is a folder that was named (`cd`, a variable) and is named anew.
 */
function headFolder(
  reference: Reference,
  bases: { before: string; after: string },
  pathHead: string,
  placement: Placement,
): string | undefined {
  if (pathHead === "" || /\.(?:py|ipynb)$/.test(reference.path)) return followFrom(bases.after, pathHead);
  const named = followFrom(bases.before, pathHead);
  return named === undefined ? undefined : placement.folderTo(named);
}

/**
 * The new text of a reference that resolves, computed from the new places of both ends; spans outside it are never
 * touched. `mention` is what the extractor found at the same span (its `path` has variables put in).
 */
export function respell(
  reference: Reference,
  mention: Mention | undefined,
  ground: RespellGround,
): Respelling {
  const { index, placement } = ground;
  if (reference.target === undefined) return { kind: "same" };
  const target = trim(reference.target);
  const newTarget = placeOfTarget(placement, index, target);
  if (reference.base?.startsWith("image") !== true)
    return respellBetween(
      reference,
      mention,
      { target, newTarget },
      baseFolders(reference, mention, ground),
      ground,
    );
  const image = ground.imageOf?.(reference.base);
  if (image === undefined || mention === undefined) return { kind: "same" };
  const places = imagePlaces(image, mention, { target, newTarget }, placement);
  if (places === undefined || places.before === places.after) return { kind: "same" };
  const { folder, before, after } = places;
  if (trim(reference.raw) === `/${before}`)
    return { kind: "edit", text: reference.raw.replace(before, () => after) };
  const ends = { target: before, newTarget: after };
  return respellBetween(reference, mention, ends, { before: folder, after: folder }, ground);
}

/** The new text between two folders that a path starts from and two places that it leads to. */
function respellBetween(
  reference: Reference,
  mention: Mention | undefined,
  { target, newTarget }: { target: string; newTarget: string },
  bases: { before: string; after: string } | undefined,
  ground: RespellGround,
): Respelling {
  const { placement } = ground;
  if (bases === undefined) {
    return newTarget === target
      ? { kind: "same" }
      : { kind: "impossible", why: `the base ${reference.base ?? "(none)"} cannot be followed` };
  }
  const raw = trim(reference.raw);
  const written = decode(raw);
  const full = trim(decode(mention?.path ?? raw));
  // A format that adds a suffix by itself: what is written is what is meant, `missing` below is the rest.
  const meant =
    full !== written && /^[./]/.test(full.slice(written.length)) && full.startsWith(written) ? written : full;

  // A whole address of this repository, or a path under a mount: the target stands in it as it is.
  if (reference.base === "mount" || /^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    if (newTarget === target) return { kind: "same" };
    // As it stands, or percent-encoded.
    const [old, fresh] = raw.includes(target)
      ? [target, newTarget]
      : [encodeURI(target), encodeURI(newTarget)];
    const at = raw.lastIndexOf(old);
    if (at < 0) return { kind: "impossible", why: "the path in the address is written in another way" };
    return {
      kind: "edit",
      text: reference.raw.replace(raw, () => raw.slice(0, at) + fresh + raw.slice(at + old.length)),
    };
  }
  const label = respellLabel(reference, mention, bases, target, newTarget);
  if (label !== undefined) return label;
  const asModule = respellDotted(reference, bases.before, bases.after, target, newTarget);
  if (asModule !== undefined) return asModule;

  const followed = followFrom(bases.before, meant);
  const missing =
    followed === undefined || followed === target
      ? ""
      : target.startsWith(followed)
        ? target.slice(followed.length)
        : undefined;
  if (missing === undefined) {
    return newTarget === target && bases.before === bases.after
      ? { kind: "same" }
      : { kind: "impossible", why: "its spelling is not followed" };
  }
  // `missing`: a suffix that the format adds by itself (`.yaml`, `/index.md`).
  const wanted =
    missing === ""
      ? newTarget
      : newTarget.endsWith(missing)
        ? newTarget.slice(0, newTarget.length - missing.length)
        : undefined;
  if (wanted === undefined) return { kind: "impossible", why: `${newTarget} does not end in ${missing}` };
  const { rawHead, pathHead, end } = headsOf(reference, mention, written, meant);
  const fromRoot = rawHead === "" && end.startsWith("/") && bases.after === "" ? "/" : "";
  if (end === "") {
    if (newTarget === target && bases.before === bases.after) return { kind: "same" };
    return { kind: "impossible", why: "the path is put together from parts" };
  }
  const start = headFolder(reference, bases, pathHead, placement);
  // What is written must lead to the target as things are, or nobody knows what another spelling would mean.
  const startBefore = followFrom(bases.before, pathHead);
  if (newTarget === target && start === startBefore) return { kind: "same" };
  if (startBefore === undefined || followFrom(startBefore, end) !== followed) {
    return { kind: "impossible", why: "its spelling is not followed" };
  }
  if (start !== undefined && followFrom(start, end) === wanted) return { kind: "same" };
  if (start === undefined) return { kind: "impossible", why: "its start leaves the repository" };
  const plain = relativePath(start, wanted);
  // `config/../x` is nothing to the file system where there is no `config`.
  if (pathHead !== "" && plain.startsWith("..") && !holdsAfter(ground, start)) {
    return { kind: "impossible", why: `the folder ${start} that it goes through is no more` };
  }
  if (plain === "." && rawHead === "" && end !== ".") {
    return { kind: "impossible", why: "it would have to name the folder that it stands in" };
  }
  const head = rawHead === "./" && plain.startsWith(".") ? "" : rawHead;
  const style = { ...styleOf(reference.raw), dotSlash: false };
  const isLink = reference.kind === "link" || reference.kind === "image";
  return { kind: "edit", text: fromRoot + head + dress(plain, style, { forLink: isLink }) };
}
