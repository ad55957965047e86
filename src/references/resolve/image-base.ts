import type { ImageEnvironment } from "../environments/index.ts";
import type { Mention } from "../schema.ts";
import type { Located, Tried } from "./ground.ts";
import { joinPath } from "./paths.ts";

/** Images by the Dockerfile that builds them. */
export type Images = ReadonlyMap<string, readonly ImageEnvironment[]>;

/**
 * Looks up a path inside the image that the mentioning Dockerfile builds. Found: a copy puts a file of the repository
 * there. Missing: it lies below a copied folder that lacks it. Else the base image or the build itself may hold it.
 */
export function locateInImage(mention: Mention, folder: string, from: string, images: Images): Located {
  const built = images.get(from) ?? [];
  const whole = mention.path.startsWith("/") ? mention.path : `${folder}/${mention.path}`;
  const tried: Tried[] = [];
  let mayHold = built.length === 0;
  for (const { id, tree } of built) {
    const target = tree.toRepository(whole);
    if (target !== undefined)
      return { found: true, target, base: id, isGuess: false, evidence: [], tried, nature: "path" };
    const expected = tree.expected(whole);
    if (expected === undefined || tree.hasUnknown || tree.isMade(whole)) mayHold = true;
    else tried.push({ base: id, target: expected });
  }
  const [first] = tried;
  if (mayHold || first === undefined || mention.glob === true) {
    const evidence = [
      { kind: "image", text: "a path inside the image, not one of its COPY lines puts there" },
    ];
    return {
      found: false,
      target: joinPath("", whole),
      isGuess: false,
      evidence,
      tried: [],
      nature: "image",
    };
  }
  return { found: false, ...first, isGuess: false, evidence: [], tried, nature: "path" };
}
