import { buildPlaces, type ImageEnvironment, imagePath } from "../environments/index.ts";
import type { Base, Mention } from "../schema.ts";
import type { Located, Tried } from "./ground.ts";
import { locateModule } from "./modules.ts";
import { joinPath } from "./paths.ts";

/** Images by the Dockerfile that builds them. */
export type Images = ReadonlyMap<string, readonly ImageEnvironment[]>;

export type ImageBase = Extract<Base, { kind: "image" }>;

const nothing = { isGuess: false, evidence: [], tried: [] };

/** The images that a place of a file means: those that this Dockerfile builds, or the one of a named build. */
export function imagesOfBase(base: ImageBase, from: string, images: Images): readonly ImageEnvironment[] {
  if (base.build === undefined) return images.get(from) ?? [];
  for (const { dockerfile, context } of buildPlaces(base.build, from)) {
    const built = (images.get(dockerfile) ?? []).filter((one) => one.context === context);
    if (built.length > 0) return built;
  }
  return [];
}

/** The folder of an image that a base stands for. */
export function folderInImage(base: ImageBase, image: ImageEnvironment): string {
  return imagePath(image.workdir, base.path === "" ? "." : base.path);
}

/**
 * Looks up a path inside an image. Found: a copy puts a file of the repository there. Missing: it lies below a copied
 * folder that lacks it. Else the base image or the build itself may hold it.
 */
export function locateInImage(mention: Mention, base: ImageBase, from: string, images: Images): Located {
  const built = imagesOfBase(base, from, images);
  const wholeIn = (image: ImageEnvironment): string => imagePath(folderInImage(base, image), mention.path);
  const tried: Tried[] = [];
  let mayHold = built.length === 0;
  for (const image of built) {
    const { id, tree } = image;
    const whole = wholeIn(image);
    const target = tree.toRepository(whole);
    if (target !== undefined)
      return { found: true, target, base: id, isGuess: false, evidence: [], tried, nature: "path" };
    const expected = tree.expected(whole);
    if (expected === undefined || tree.hasUnknown || tree.isMade(whole)) mayHold = true;
    else tried.push({ base: id, target: expected });
  }
  // What a container starts may lie in a volume that is mounted over the image.
  if (base.build !== undefined) return { found: false, nature: "hole", target: mention.path, ...nothing };
  const [first] = tried;
  if (mayHold || first === undefined || mention.glob === true) {
    const evidence = [
      { kind: "image", text: "a path inside the image, not one of its COPY lines puts there" },
    ];
    const whole = mention.path.startsWith("/") ? mention.path : `${base.path}/${mention.path}`;
    return { ...nothing, found: false, target: joinPath("", whole), evidence, nature: "image" };
  }
  return { found: false, ...first, isGuess: false, evidence: [], tried, nature: "path" };
}

/** A dotted name as the file that an image's search path gives it: its folder, then `PYTHONPATH`. */
export function locateModuleInImage(dotted: string, base: ImageBase, from: string, images: Images): Located {
  for (const image of imagesOfBase(base, from, images)) {
    const starts = [folderInImage(base, image), ...image.pythonPath].map((folder) => ({
      folder,
      name: image.id,
    }));
    const inImage = { find: (path: string) => image.tree.toRepository(`/${path}`) };
    const located = locateModule(dotted, starts, inImage);
    const target = located.found ? image.tree.toRepository(`/${located.target ?? ""}`) : undefined;
    if (target !== undefined) return { ...located, target, tried: [] };
  }
  return { found: false, nature: "module", ...nothing };
}
