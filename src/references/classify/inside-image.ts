import type { ImageEnvironment } from "../environments/index.ts";
import { type Located, packageOf } from "../resolve/ground.ts";
import { folderOf } from "../resolve/paths.ts";
import type { Mention } from "../schema.ts";
import { type Early, early, ev, isLinkKind } from "./early.ts";
import type { Surroundings } from "./surroundings.ts";

/** True if the Dockerfile lies in the folder of a file, in one above it, or elsewhere in its package. */
function isNear({ dockerfile }: ImageEnvironment, from: string, around: Surroundings): boolean {
  const folder = folderOf(dockerfile);
  if (folder !== "" && from.startsWith(`${folder}/`)) return true;
  const home = packageOf(from, around.ground.packages);
  return home !== undefined && home !== "" && dockerfile.startsWith(`${home}/`);
}

/**
 * A path that a file which starts containers names as it is inside the image: an image of the same package holds a file
 * of the repository there, seen from its working folder.
 */
export function imageOf(
  mention: Mention,
  located: Located,
  from: string,
  around: Surroundings,
): Early | undefined {
  if (!around.contained.has(from) || isLinkKind(mention)) return undefined;
  const path = located.nature === "absolute" ? mention.path : `./${mention.raw.replace(/^\.\//, "")}`;
  if (/[${}*?<>]/.test(path) || path.startsWith("~") || mention.raw.startsWith("../")) return undefined;
  for (const images of around.ground.images.values()) {
    for (const image of images) {
      if (!isNear(image, from, around)) continue;
      const whole = path.startsWith("/") ? path : `${image.workdir.replace(/\/$/, "")}/${path.slice(2)}`;
      const target = image.tree.toRepository(whole);
      if (target === undefined || !around.ground.lookup.index.hasFile(target)) continue;
      const text = `inside the image of ${image.dockerfile}, where a COPY puts ${target}`;
      return early("external", "likely", { ...ev("image", text), path: target });
    }
  }
  return undefined;
}
