import type { History, TreeIndex } from "../repository/index.ts";
import { classify, type Verdict } from "./classify/classify.ts";
import { quietAlternatives } from "./classify/alternatives.ts";
import { collectDatasets, type DatasetMention } from "./classify/datasets.ts";
import { filesByBlob, findSuccessor } from "./classify/fixes.ts";
import { pointToRemoteData, type RemoteData } from "./classify/remote-data.ts";
import { rewriteSpan } from "./classify/rewrite-span.ts";
import { quietUnrelated } from "./classify/unrelated.ts";
import { judgeSharedPrefixes } from "./classify/shared-prefix.ts";
import { type GroupFacts, surroundingsOf } from "./classify/surroundings.ts";
import { type ImageEnvironment, imageEnvironments } from "./environments/index.ts";
import { type Ground, type Located, packageOf } from "./resolve/ground.ts";
import { locate } from "./resolve/locate.ts";
import { TreeLookup } from "./resolve/lookup.ts";
import { inferMounts } from "./resolve/mounts.ts";
import { type Repository, repositoryOf } from "./resolve/own-address.ts";
import { joinPath } from "./resolve/paths.ts";
import { findSites } from "./resolve/sites.ts";
import { isLabel, locateTree } from "./resolve/trees.ts";
import type { Extraction, Mention, Reference } from "./schema.ts";

export type ResolveInput = {
  index: TreeIndex;
  extractions: Iterable<{ path: string; extraction: Extraction }>;
  history: History | undefined;
  /** Root folders of packages. */
  packages: readonly string[];
  config: { mount?: string; repositoryUrls: readonly string[]; branch?: string | null };
  /** Data sets that lie elsewhere, as home manifests say. */
  remote?: readonly RemoteData[];
};

export type ResolvedReferences = {
  /** In order of path, then start. */
  references: Reference[];
  datasets: DatasetMention[];
  /** The prefix above the root under which paths name the repository, from config or inferred. */
  mount: string | null;
  notes: { code: string; message: string; path?: string }[];
};

type Row = { path: string; mention: Mention; located: Located; group?: GroupFacts; verdict?: Verdict };

const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** Says of every mention what it names and whether it is there, and for the stale ones where their targets went. */
export function resolveReferences(input: ResolveInput): ResolvedReferences {
  const { index, history, config } = input;
  const extractions = [...input.extractions].sort(byPath);
  const links = new Map<string, string>();
  for (const { path, extraction } of extractions) {
    const link = extraction.mentions.find(({ kind }) => kind === "symlink");
    if (link !== undefined && index.files.get(path)?.mode === "symlink") links.set(path, link.path);
  }
  const lookup = new TreeLookup(index, links);
  const configured = config.mount === undefined ? [] : [config.mount.replace(/\/+$/, "")];
  const ground: Ground = {
    lookup,
    packages: input.packages,
    sites: findSites(index),
    repositories: ownRepositories(config.repositoryUrls, extractions, lookup),
    branches: new Set(["main", "master", "HEAD", ...(config.branch == null ? [] : [config.branch])]),
    mounts: configured,
    images: imagesOf(index, extractions),
  };
  const rows = extractions.flatMap(({ path, extraction }) => locateAll(path, extraction.mentions, ground));
  const inferred = inferMounts(
    rows.filter(
      ({ located, mention }) =>
        !located.found &&
        mention.kind !== "link" &&
        mention.kind !== "image" &&
        (located.nature === "path" || located.nature === "absolute"),
    ),
    lookup,
  );
  const mounts = [...configured, ...inferred.map(({ prefix }) => prefix)];
  if (inferred.length > 0) {
    const again: Ground = { ...ground, mounts };
    for (const row of rows) {
      if (row.located.found || row.mention.kind === "tree") continue;
      const isBelow = inferred.some(({ prefix }) => row.mention.path.startsWith(`${prefix}/`));
      if (isBelow) row.located = locate(row.mention, row.path, again);
    }
  }
  groupFacts(rows);
  const around = surroundingsOf(extractions, { ...ground, mounts }, history);
  for (const row of rows) row.verdict = classify(row.mention, row.path, row.located, row.group, around);
  quietAlternatives(rows);
  judgeSharedPrefixes(rows, around);
  const remote = input.remote ?? [];
  pointToRemoteData(rows, remote);
  const unrelated = quietUnrelated(rows);
  const byBlob = filesByBlob(index);
  const references = rows.map((row) => toReference(row, index, byBlob, history, input.packages));
  references.sort((a, b) => byPath(a, b) || a.start - b.start || a.end - b.end);
  const notes: ResolvedReferences["notes"] = inferred.map(({ prefix, mentions, files }) => ({
    code: "mount-inferred",
    message: `paths below ${prefix} name this repository: ${mentions} mentions in ${files} files`,
  }));
  notes.push(...unrelated);
  return { references, datasets: collectDatasets(references, remote), mount: mounts[0] ?? null, notes };
}

function imagesOf(
  index: TreeIndex,
  extractions: readonly { path: string; extraction: Extraction }[],
): Ground["images"] {
  const images = new Map<string, ImageEnvironment[]>();
  const byFile = new Map(extractions.map(({ path, extraction }) => [path, extraction]));
  for (const image of imageEnvironments({ index, extractions: byFile })) {
    const same = images.get(image.dockerfile);
    if (same === undefined) images.set(image.dockerfile, [image]);
    else same.push(image);
  }
  return images;
}

/** The repository's names: those of config and remotes, and those under which documents clone it and then name its files. */
function ownRepositories(
  urls: readonly string[],
  extractions: readonly { extraction: Extraction }[],
  lookup: TreeLookup,
): Repository[] {
  const own = urls.flatMap((url) => repositoryOf(url) ?? []);
  const clones = new Map<string, { repository: Repository; paths: Set<string>; found: Set<string> }>();
  for (const { extraction } of extractions) {
    for (const { bases, path } of extraction.mentions) {
      for (const base of bases) {
        if (base.kind !== "clone" || !path.includes("/") || path.startsWith(".")) continue;
        const repository = repositoryOf(base.url);
        if (repository === undefined || own.some(({ name }) => name === repository.name)) continue;
        const entry = clones.get(repository.name) ?? { repository, paths: new Set(), found: new Set() };
        const target = joinPath(base.path, path);
        entry.paths.add(target);
        if (target.includes("/") && lookup.find(target) !== undefined) entry.found.add(target);
        clones.set(repository.name, entry);
      }
    }
  }
  for (const { repository, paths, found } of clones.values()) {
    if (found.size >= 2 && found.size >= paths.size * 0.5) own.push(repository);
  }
  return own;
}

function locateAll(path: string, mentions: readonly Mention[], ground: Ground): Row[] {
  const trees = new Map<number, Mention[]>();
  const rows: Row[] = [];
  for (const mention of mentions) {
    if (mention.kind === "tree" && mention.group !== undefined) {
      const tree = trees.get(mention.group);
      if (tree === undefined) trees.set(mention.group, [mention]);
      else tree.push(mention);
    } else rows.push({ path, mention, located: locate(mention, path, ground) });
  }
  for (const tree of trees.values()) {
    const { located } = locateTree(tree, path, ground);
    tree.forEach((mention, at) => rows.push({ path, mention, located: located[at] as Located }));
  }
  return rows;
}

const grouped: ReadonlySet<string> = new Set(["tree", "list", "value", "key", "include"]);

/** Counts per tree or list how many of its paths exist. */
function groupFacts(rows: readonly Row[]): void {
  const groups = new Map<string, GroupFacts>();
  for (const row of rows) {
    const { group, kind } = row.mention;
    // All that an image copies belongs together, however far apart, and all bare names that a script runs.
    const together =
      kind === "copy"
        ? "copy"
        : (kind === "command" || kind === "source") && !row.mention.path.replace(/^\.\//, "").includes("/")
          ? "command"
          : grouped.has(kind)
            ? group
            : undefined;
    if (together === undefined || isLabel(row.mention)) continue;
    const key = `${row.path}\0${together}`;
    let facts = groups.get(key);
    if (facts === undefined) groups.set(key, (facts = { total: 0, resolved: 0 }));
    facts.total++;
    if (row.located.found) facts.resolved++;
    row.group = facts;
  }
}

function toReference(
  row: Row,
  index: TreeIndex,
  byBlob: ReadonlyMap<string, string[]>,
  history: History | undefined,
  packages: readonly string[],
): Reference {
  const { path, mention } = row;
  const verdict = row.verdict as Verdict;
  const { start, end, line, raw, kind } = mention;
  const reference: Reference = {
    path,
    line,
    start,
    end,
    kind,
    raw,
    class: verdict.class,
    confidence: verdict.confidence,
    evidence: verdict.evidence,
  };
  if (verdict.class === "stale" || verdict.class === "missing-data") {
    reference.tried = row.located.tried.map(({ base, target }) => ({ base, target }));
  }
  if (verdict.target !== undefined) reference.target = verdict.target;
  if (verdict.base !== undefined && verdict.class === "resolves") reference.base = verdict.base;
  if (verdict.class !== "stale" || verdict.target === undefined) return reference;
  const twin = verdict.evidence.find((one) => one.kind === "case");
  const { successor, evidence } =
    twin?.path === undefined
      ? findSuccessor(verdict.target, verdict.past, index, byBlob, history)
      : { successor: { target: twin.path, certainty: "certain" as const, evidence: [] }, evidence: [] };
  reference.evidence = [...verdict.evidence, ...evidence, ...(successor?.evidence ?? [])];
  if (successor !== undefined) {
    const place = { base: verdict.base, target: verdict.target, packageFolder: packageOf(path, packages) };
    const fix = rewriteSpan(mention, path, place, successor);
    if (fix !== undefined) reference.fix = fix;
  }
  return reference;
}
