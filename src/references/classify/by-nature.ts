import { pathShape } from "../extract/path-shape.ts";
import type { Located } from "../resolve/ground.ts";
import type { Mention } from "../schema.ts";
import { type Early, early, ev } from "./early.ts";
import { imageOf } from "./inside-image.ts";
import { absoluteNature, isPlaceholder } from "./shapes.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Governing } from "./words.ts";

const knownRoot = /^(?:~|[A-Za-z]:|\/(?:home|Users|mnt|kaggle|scratch))/;

/** Classes that a path has by what kind of path it is. */
export function byNature(
  mention: Mention,
  located: Located,
  words: Governing,
  from: string,
  around: Surroundings,
): Early | undefined {
  const { path } = mention;
  if (located.nature === "hole") {
    if (/<[^>]*>/.test(path) || isPlaceholder(path.replace(/\{[^}]*\}|\$\w+/g, "x"))) {
      return early("placeholder", "likely", ev("placeholder", "a part to be filled in"));
    }
    return early("dynamic", "certain", ev("hole", "a part is only known when it runs"));
  }
  if (words.isMissing !== undefined)
    return early("declared-missing", "likely", ev("declared", words.isMissing));
  if (located.nature === "submodule") return early("external", "certain", ev("submodule", "not checked out"));
  if (located.nature === "clone")
    return early("external", "certain", ev("clone", "a file of another repository's clone"));
  if (located.nature === "image") return early("external", "likely", ev("image", "a path inside an image"));
  if (located.nature !== "absolute") return undefined;
  if (/(?:^|\/)[\w.-]*Dockerfile[\w.-]*$|\.dockerfile$/i.test(from) && path.startsWith("~"))
    return early("external", "likely", ev("image", "a path inside an image"));
  const inside = imageOf(mention, located, from, around);
  if (inside !== undefined) return inside;
  if (isPlaceholder(path)) return early("placeholder", "likely", ev("placeholder", "a path to be replaced"));
  const isTelling = words.hasDataKey || words.hasModelKey || words.hasOutputKey;
  const nature = absoluteNature(path, isTelling);
  if (nature === "system")
    return early("external", "likely", ev("absolute", "a path of an image or operating system"));
  // Keys of a description of a service are its routes.
  const isRoute = mention.kind === "key" && path.startsWith("/") && pathShape(path) !== "file";
  if (nature === "route" || (isRoute && !knownRoot.test(path)))
    return early("unknown", "possible", ev("absolute", "a route of a service, perhaps"));
  const isKnownRoot = knownRoot.test(path);
  return early(
    "machine",
    isKnownRoot ? "certain" : "likely",
    ev("absolute", "an absolute path outside this repository"),
  );
}
