import { isBelow } from "../../shared/index.ts";
import { folderInImage, type ImageEnvironment, type Mention } from "../../references/index.ts";
import { join } from "../plan/layout.ts";
import type { Placement } from "./placement.ts";

/** A path inside an image, without its leading slash, before and after; `folder`: where its spelling starts. */
export type ImagePlaces = { folder: string; before: string; after: string };

const inside = (path: string): string => path.replace(/^\/+/, "");

/** The folder and path of an image through which a mention names a file. */
function namedIn(
  image: ImageEnvironment,
  mention: Mention,
  target: string,
): { folder: string; path: string } | undefined {
  const base = mention.bases.find((one) => one.kind === "image");
  if (base === undefined) return undefined;
  const start = folderInImage(base, image);
  const isIt = (path: string): boolean => image.tree.toRepository(path) === target;
  if (mention.kind !== "module") {
    const path = mention.path.startsWith("/") ? mention.path : `${start}/${mention.path}`;
    const normal = join("", inside(path).replace(/\/+$/, ""));
    return isIt(`/${normal}`) ? { folder: inside(start), path: normal } : undefined;
  }
  const parts = mention.path.split(/[.:]/);
  for (const folder of [start, ...image.pythonPath].map(inside)) {
    for (let length = parts.length; length > 0; length--) {
      const stem = join(folder, parts.slice(0, length).join("/"));
      const path = [`${stem}.py`, `${stem}/__init__.py`].find((one) => isIt(`/${one}`));
      if (path !== undefined) return { folder, path };
    }
  }
  return undefined;
}

/**
 * Where a file that a mention names lies in an image, before and after the moves: COPY lines are written for the new
 * places of what they copy and put it where they did. Undefined where that cannot be told.
 */
export function imagePlaces(
  image: ImageEnvironment,
  mention: Mention,
  ends: { target: string; newTarget: string },
  placement: Placement,
): ImagePlaces | undefined {
  const named = namedIn(image, mention, ends.target);
  const copied = named && image.tree.copyAt(`/${named.path}`)?.copied;
  if (named === undefined || copied === undefined) return undefined;
  const { folder, path: before } = named;
  if (!copied.isFolder) return { folder, before, after: before };
  const source = placement.folderTo(copied.repository);
  if (!isBelow(ends.newTarget, source)) return undefined;
  const rest = source === "" ? ends.newTarget : ends.newTarget.slice(source.length + 1);
  return { folder, before, after: join(inside(copied.image), rest) };
}
