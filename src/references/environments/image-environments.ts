import type { Extraction, ImageStage } from "../schema.ts";
import { type BuildSources, type ContextUse, contextsInUse } from "./builds.ts";
import { containerIgnore, type IgnoreRule } from "./container-ignore.ts";
import { ImageTree } from "./image-tree.ts";
import { imagePath } from "./paths.ts";

/** An image that this repository builds: its last stage in one context. */
export type ImageEnvironment = ContextUse & {
  /** `image:<dockerfile>`, with `@<context>` where the Dockerfile is built in several contexts. */
  id: string;
  tree: ImageTree;
  workdir: string;
  environment: Record<string, string>;
  /** Folders of `PYTHONPATH`, absolute in the image. */
  pythonPath: string[];
  entrypoint?: string[];
  command?: string[];
};

function ignoreRules(context: string, dockerfile: string, sources: BuildSources): IgnoreRule[] {
  const own = sources.extractions.get(`${dockerfile}.dockerignore`);
  const extraction =
    own ?? sources.extractions.get(context === "" ? ".dockerignore" : `${context}/.dockerignore`);
  return (extraction?.mentions ?? [])
    .filter(({ kind }) => kind === "pattern")
    .map(({ path, key }) => ({ pattern: path, isException: key === "!" }));
}

function buildTree(extraction: Extraction, use: ContextUse, sources: BuildSources): ImageTree {
  const isIgnored = containerIgnore(ignoreRules(use.context, use.dockerfile, sources));
  const stages: { stage: ImageStage; tree: ImageTree }[] = [];
  for (const stage of extraction.stages ?? []) {
    const tree = new ImageTree(sources.index, use.context, isIgnored);
    const parent = stages.find(({ stage: { name } }) => name !== undefined && name === stage.from);
    if (parent !== undefined) tree.inherit(parent.tree);
    for (const copy of stage.copies) {
      const named =
        copy.stage === undefined
          ? undefined
          : (stages.find(({ stage: { name } }) => name === copy.stage) ?? stages[Number(copy.stage)]);
      tree.copy(copy, copy.stage === undefined ? undefined : (named?.tree ?? null));
    }
    for (const path of stage.made) tree.made.add(imagePath("/", path));
    stages.push({ stage, tree });
  }
  return stages.at(-1)?.tree ?? new ImageTree(sources.index, use.context, isIgnored);
}

/** Every image that a Dockerfile of the repository builds, in each context in use. */
export function imageEnvironments(sources: BuildSources): ImageEnvironment[] {
  const uses = contextsInUse(sources);
  const environments: ImageEnvironment[] = [];
  for (const use of uses) {
    const extraction = sources.extractions.get(use.dockerfile);
    const last = extraction?.stages?.at(-1);
    if (extraction === undefined || last === undefined) continue;
    const isSplit = uses.filter(({ dockerfile }) => dockerfile === use.dockerfile).length > 1;
    const environment: ImageEnvironment = {
      ...use,
      id: `image:${use.dockerfile}${isSplit ? `@${use.context === "" ? "." : use.context}` : ""}`,
      tree: buildTree(extraction, use, sources),
      workdir: last.workdir,
      environment: last.environment,
      pythonPath: (last.environment["PYTHONPATH"] ?? "")
        .split(":")
        .filter((folder) => folder !== "" && !folder.includes("{…}") && !folder.startsWith("$"))
        .map((folder) => imagePath(last.workdir, folder)),
    };
    if (last.entrypoint !== undefined) environment.entrypoint = last.entrypoint;
    if (last.command !== undefined) environment.command = last.command;
    environments.push(environment);
  }
  return environments;
}
