import type { TreeIndex } from "../../repository/index.ts";
import type { Base, BuildMention, Evidence, Extraction } from "../schema.ts";
import { folderOf, joinFolder } from "./paths.ts";

/** A build context in use: `dockerfile` is built with the folder `context`. `isAssumed`: no file says so. */
export type ContextUse = { dockerfile: string; context: string; isAssumed: boolean; evidence: Evidence[] };

export type BuildSources = { index: TreeIndex; extractions: ReadonlyMap<string, Extraction> };

function* startFolders(bases: readonly Base[], path: string): Generator<string> {
  for (const base of bases) {
    if (base.kind === "file") yield folderOf(path);
    else if (base.kind === "root") yield "";
    else if (base.kind === "cwd" || base.kind === "folder" || base.kind === "search") yield base.path;
    else if (base.kind === "above") {
      for (let folder = folderOf(path); folder !== "";) {
        folder = folderOf(folder);
        yield folder;
      }
    }
  }
}

/** Dockerfile and context that a build at a place may mean, the likeliest first. */
export function* buildPlaces(
  build: BuildMention,
  path: string,
): Generator<{ dockerfile: string; context: string }> {
  for (const folder of startFolders(build.bases, path)) {
    const context = joinFolder(folder, build.context);
    const dockerfile =
      build.dockerfile === undefined
        ? context === undefined
          ? undefined
          : joinFolder(context, "Dockerfile")
        : joinFolder(folder, build.dockerfile);
    if (context !== undefined && dockerfile !== undefined) yield { dockerfile, context };
  }
}

function locateBuild(
  build: BuildMention,
  path: string,
  sources: BuildSources,
): { dockerfile: string; context: string } | undefined {
  for (const { dockerfile, context } of buildPlaces(build, path)) {
    const isThere = context === "" || sources.index.isFolder(context);
    if (isThere && sources.extractions.get(dockerfile)?.stages !== undefined) return { dockerfile, context };
  }
  return undefined;
}

/** How many local COPY sources of a Dockerfile exist below a folder. */
function sourcesFound(extraction: Extraction, context: string, index: TreeIndex): number {
  let found = 0;
  for (const { copies } of extraction.stages ?? []) {
    for (const { sources, stage } of copies) {
      if (stage !== undefined) continue;
      for (const source of sources) {
        const path = joinFolder(context, source.replace(/^\/+/, ""));
        if (path !== undefined && path !== context && index.has(path)) found += 1;
      }
    }
  }
  return found;
}

/**
 * Each Dockerfile with every context that some file builds it with. Where none does: its own folder, or the root if
 * only there its COPY sources exist.
 */
export function contextsInUse(sources: BuildSources): ContextUse[] {
  const uses = new Map<string, ContextUse>();
  const built = new Set<string>();
  for (const [path, { builds }] of sources.extractions) {
    for (const build of builds ?? []) {
      const located = locateBuild(build, path, sources);
      if (located === undefined) continue;
      built.add(located.dockerfile);
      // A `.devcontainer` that is not at the root waits to be copied there: its context is no fact.
      const isAssumed = /[^/]\/\.devcontainer\//.test(path);
      const key = `${located.dockerfile}\n${located.context}`;
      const evidence: Evidence = {
        kind: "build",
        text: "builds it with this context",
        path,
        line: build.line,
      };
      const known = uses.get(key);
      if (known === undefined) uses.set(key, { ...located, isAssumed, evidence: [evidence] });
      else if (known.evidence.length < 20) known.evidence.push(evidence);
    }
  }
  for (const [path, extraction] of sources.extractions) {
    if (extraction.stages === undefined || built.has(path)) continue;
    let best = { context: folderOf(path), found: -1 };
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const found = sourcesFound(extraction, folder, sources.index);
      if (found > best.found) best = { context: folder, found };
      if (folder === "") break;
    }
    uses.set(`${path}\n${best.context}`, {
      dockerfile: path,
      context: best.context,
      isAssumed: true,
      evidence: [{ kind: "build", text: "no file here builds it; its COPY sources fit this folder best" }],
    });
  }
  return [...uses.values()].sort((a, b) =>
    a.dockerfile < b.dockerfile || (a.dockerfile === b.dockerfile && a.context < b.context) ? -1 : 1,
  );
}
