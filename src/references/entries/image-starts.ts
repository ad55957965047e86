import type { Declarations } from "../distributions/declarations.ts";
import type { ImageEnvironment } from "../environments/index.ts";
import { isFailing } from "../imports/evaluate.ts";
import { Evaluator, type Evaluation } from "../imports/evaluation.ts";
import { Instances, parentsOf, type LocalKnowledge, type Verdict } from "../imports/judge.ts";
import { folderOf, joinPath, ModuleTree, normalPath } from "../imports/module-tree.ts";
import { ModuleNames } from "../imports/module-names.ts";
import { SearchPath } from "../imports/search-path.ts";
import type { Judged } from "../imports/verdicts.ts";
import { hole, type EntryPoint, type Extraction } from "../schema.ts";
import { TreeIndex } from "../../repository/index.ts";
import { unwrapLaunch } from "./launch.ts";

/** What the start command of an image loads, told in paths of the repository. */
export type ImageStart = { entry: EntryPoint; files: { path: string; judged: Judged; isStarted: boolean }[] };

export type ImageSources = {
  extractions: ReadonlyMap<string, Extraction>;
  /** The repository's own tree and knowledge. */
  tree: ModuleTree;
  knowledge: LocalKnowledge;
  projects: Declarations["projects"];
};

const inside = (path: string): string => path.replace(/^\/+/, "");

/** The image as a tree of modules, and where each of its files comes from. */
function imageModules(image: ImageEnvironment, sources: ImageSources) {
  const origins = new Map<string, string>();
  const extractions = new Map<string, Extraction>();
  for (const [place, repository] of image.tree.files()) {
    origins.set(inside(place), repository);
    const extraction = sources.extractions.get(sources.tree.real(repository) ?? repository);
    if (extraction !== undefined) extractions.set(inside(place), extraction);
  }
  const entries = [...origins.keys()].map(
    (path) => ({ path, blob: "", size: 0, mode: "file", state: "tracked" }) as const,
  );
  const tree = new ModuleTree(new TreeIndex(entries), new Map());
  return { tree, names: new ModuleNames(tree, extractions), origins };
}

/**
 * What is known of a module that the image lacks: it is ours if the file beside the importing one's origin exists, or if
 * the repository's own knowledge says so, and nothing else can have put it there.
 */
function imageKnowledge(
  image: ImageEnvironment,
  sources: ImageSources,
  origins: ReadonlyMap<string, string>,
): LocalKnowledge {
  const isProject = (name: string): boolean =>
    sources.projects.some(({ sources: folders }) =>
      folders.some((folder) => sources.tree.find(folder, name) !== undefined && folder !== image.context),
    );
  return {
    isGenerated: (expected) => image.tree.hasUnknown || image.tree.isMade(`/${expected}`),
    isKnownExternal: (name) => sources.knowledge.isKnownExternal(name),
    wasLocal: () => false,
    localTarget(module, names, file) {
      const parts = module.split(".");
      if (image.tree.hasUnknown || isProject(parts[0] as string)) return undefined;
      const origin = origins.get(file);
      if (origin === undefined) return undefined;
      const search = new SearchPath(sources.tree, [folderOf(origin)]);
      const found = search.resolve(module);
      if (
        found.state === "found" &&
        found.at.kind !== "namespace" &&
        !image.tree.isMade(`/${folderOf(file)}/${parts[0]}`)
      )
        return found.at.path;
      return sources.knowledge.isKnownExternal(parts[0] as string)
        ? undefined
        : sources.knowledge.localTarget(module, names, origin, search);
    },
  };
}

function startIn(image: ImageEnvironment, tree: ModuleTree) {
  const words = [...(image.entrypoint ?? []), ...(image.command ?? [])];
  const launch = unwrapLaunch(words, image.environment);
  if (launch === undefined || launch.target.includes(hole) || /[$*]/.test(launch.target)) return undefined;
  const workdir = inside(image.workdir);
  const cwd =
    launch.folder === undefined
      ? workdir
      : inside(launch.folder.startsWith("/") ? launch.folder : joinPath(workdir, launch.folder));
  const pythonPath = image.pythonPath.map(inside);
  if (launch.mode === "script") {
    const path = launch.target.startsWith("/")
      ? inside(launch.target)
      : normalPath(joinPath(cwd, launch.target));
    if (path === undefined || !tree.isFile(path)) return undefined;
    return { launch, words, cwd, path, depth: 0, early: [folderOf(path), ...pythonPath] };
  }
  const [module = ""] = launch.target.split(":");
  const early = [cwd, ...pythonPath];
  const found = new SearchPath(tree, early).resolve(module);
  if (found.state !== "found" || found.at.kind === "namespace" || found.at.kind === "built") return undefined;
  const { at, chain } = found;
  if (at.kind === "module") return { launch, words, cwd, path: at.path, depth: chain.length - 1, early };
  const main = `${folderOf(at.path)}/__main__.py`;
  const path = launch.mode === "module" && tree.isFile(main) ? main : at.path;
  return { launch, words, cwd, path, depth: chain.length, early };
}

/** Judges what an image starts, by what its COPY lines put where; undefined if that is no Python of this repository. */
export function imageStart(image: ImageEnvironment, sources: ImageSources): ImageStart | undefined {
  if (image.entrypoint === undefined && image.command === undefined) return undefined;
  if (unwrapLaunch([...(image.entrypoint ?? []), ...(image.command ?? [])]) === undefined) return undefined;
  const { tree, names, origins } = imageModules(image, sources);
  const start = startIn(image, tree);
  if (start === undefined) return undefined;
  const knowledge = imageKnowledge(image, sources, origins);
  const evaluator = new Evaluator({ tree, names, knowledge, instances: new Instances() }, () => true);
  const late = sources.projects.flatMap((project) =>
    project.sources.flatMap((folder) =>
      image.tree.toImage(folder === "" ? image.context : folder).map(inside),
    ),
  );
  const instance = evaluator.instance(start.path, start.depth);
  const evaluation: Evaluation = evaluator.evaluate(
    { instance, parents: parentsOf(evaluator.context, instance), early: start.early, late },
    start.cwd,
  );
  const toRepository = (path: string): string | undefined =>
    origins.get(path) ??
    origins.get(`${path}/__init__.py`)?.replace(/\/__init__\.py$/, "") ??
    image.tree.expected(`/${path}`);
  const entry: EntryPoint = {
    id: `${image.id}:${origins.get(start.path) ?? start.path}`,
    path: origins.get(start.path) ?? start.path,
    command: start.words.join(" "),
    cwd: image.workdir,
    mode: start.launch.mode,
    environment: start.launch.environment,
    loads: evaluation.missing.length === 0,
    missing: evaluation.missing,
  };
  const files = evaluation.closure.flatMap(({ instance: loaded, imports, verdicts }, order) => {
    const path = origins.get(loaded.path);
    if (path === undefined) return [];
    const told = verdicts.map((verdict): Verdict => {
      // A target of a failed import found through the repository is one of its paths already.
      const target =
        verdict.target === undefined || (isFailing(verdict) && sources.tree.isFile(verdict.target))
          ? verdict.target
          : toRepository(verdict.target);
      const { target: _, ...rest } = verdict;
      return target === undefined ? rest : { ...rest, target };
    });
    return [{ path, judged: { imports, verdicts: told }, isStarted: order === 0 }];
  });
  return { entry, files };
}
