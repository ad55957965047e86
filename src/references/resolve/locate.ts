import { pathShape } from "../extract/path-shape.ts";
import { type Base, type Evidence, hole, type Mention } from "../schema.ts";
import { type Ground, type Located, packageOf, type Start, startsOf, type Tried } from "./ground.ts";
import { locateInImage, locateModuleInImage } from "./image-base.ts";
import { locateModule } from "./modules.ts";
import { readOwnAddress } from "./own-address.ts";
import { folderOf, foldersAbove, isAbove, joinPath } from "./paths.ts";
import { findPage, findServed, siteOf } from "./sites.ts";

const unknownPart = /\$\{[^}]*\}|\$\(|\$[A-Za-z_@*#?0-9]|\{\{|\}\}|\{%|<%|%\(|%[sd]|\{[^{},]*\}|`/;

/** True if a part of the path is only known when it runs. */
export function hasHole(path: string): boolean {
  return path.includes(hole) || unknownPart.test(path);
}

/** True for a path that starts at a machine's root, a home folder or a drive. */
export function isAbsolute(path: string): boolean {
  return /^(?:\/|~|[A-Za-z]:\/|%[A-Z]+%)/.test(path);
}

/** Kinds whose paths start at a package rather than at the file that holds them. */
const configuring: ReadonlySet<string> = new Set(["value", "key", "string", "argument", "redirect"]);

const nothing = { isGuess: false, evidence: [], tried: [] };

/** Looks a mention's path up from each of its bases, then from those that people mean without saying. */
export function locate(mention: Mention, from: string, ground: Ground): Located {
  const { lookup } = ground;
  const path = mention.path.replace(/^file:(?=[\w./])/, "");
  if (
    mention.kind === "url" ||
    /^(?:hf|ollama|docker|npm|oci):[\w.-]+\//.test(path) ||
    /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(path)
  )
    return locateAddress(path, ground);
  if (mention.kind === "module" && mention.encoding === "dotted" && !path.includes("/")) {
    const image = mention.bases.find((base) => base.kind === "image");
    if (image !== undefined) return locateModuleInImage(path, image, from, ground.images);
    const starts = mention.bases.flatMap((base) => searchStarts(base, mention, from, ground));
    return locateModule(path, [...starts, ...sourceFolders(from, ground)], lookup);
  }
  if (hasHole(path))
    return { found: false, nature: "hole", target: holeTarget(mention, from, ground), ...nothing };
  const image = mention.bases.find((base) => base.kind === "image");
  if (image !== undefined) return locateInImage(mention, image, from, ground.images);
  const isLink = mention.kind === "link" || mention.kind === "image" || mention.kind === "include";
  if (isAbsolute(path)) return locateAbsolute(mention, path, from, ground, isLink);
  return locateRelative(mention, path, from, ground, isLink);
}

/** Where a dotted name is looked for from a base: folders that its place names, then the base itself. */
function searchStarts(base: Base, mention: Mention, from: string, ground: Ground): Start[] {
  return startsOf(base, from, ground).flatMap((start) => [
    ...(mention.folders ?? []).map((below) => {
      const folder = joinPath(start.folder, below);
      return { folder, name: folder === "" ? "root" : `cwd:${folder}` };
    }),
    start,
  ]);
}

/** The `src` folders of the projects around a file: what is installed from there is imported without that name. */
function sourceFolders(from: string, ground: Ground): Start[] {
  return [...foldersAbove(from), ""]
    .map((folder) => joinPath(folder, "src"))
    .filter((folder) => ground.lookup.index.isFolder(folder))
    .map((folder) => ({ folder, name: `search:${folder}` }));
}

function locateAddress(path: string, ground: Ground): Located {
  const address = readOwnAddress(path, ground.repositories);
  if (address === undefined || address.isPinned || !ground.branches.has(address.branch))
    return { found: false, nature: "address", ...nothing };
  const target = joinPath("", address.path);
  const found = ground.lookup.find(target);
  if (found === undefined && hasHole(address.path))
    return { found: false, nature: "hole", target, ...nothing };
  const own = { nature: "own-address" as const, address, isGuess: false, evidence: [], base: "root" };
  if (found !== undefined) return { ...own, found: true, target: found, tried: [] };
  return { ...own, found: false, target, tried: [{ base: "root", target }] };
}

function holeTarget(mention: Mention, from: string, ground: Ground): string {
  if (isAbsolute(mention.path)) return mention.path;
  const [first] = mention.bases;
  const start = first === undefined ? undefined : startsOf(first, from, ground)[0];
  return joinPath(start?.folder ?? "", mention.path);
}

function locateAbsolute(
  mention: Mention,
  path: string,
  from: string,
  ground: Ground,
  isLink: boolean,
): Located {
  const { lookup, mounts } = ground;
  if (isLink && path.startsWith("/")) {
    const target = joinPath("", path);
    const site = siteOf(from, ground.sites);
    const found = [path, ...(mention.otherPaths ?? [])]
      .map((one) => lookup.find(joinPath("", one)))
      .find((one) => one !== undefined);
    if (found !== undefined && found !== "")
      return { ...nothing, found: true, target: found, base: "root", nature: "path" };
    const served = findServed(path, from, lookup);
    if (served !== undefined) return { ...nothing, found: true, ...served, nature: "route", isGuess: true };
    const page = site === undefined ? undefined : findPage(path, from, site, lookup);
    if (page !== undefined)
      return {
        ...nothing,
        found: true,
        target: page,
        base: `cwd:${site ?? ""}`,
        nature: "route",
        isGuess: true,
      };
    const nature = ground.sites.length > 0 && pathShape(path) !== "file" ? "route" : "path";
    return { ...nothing, found: false, target, base: "root", nature, tried: [{ base: "root", target }] };
  }
  for (const mount of mounts) {
    if (!isAbsolute(mount) || !(path === mount || path.startsWith(`${mount}/`))) continue;
    const target = joinPath("", path.slice(mount.length));
    const found = mention.glob === true && lookup.matches(target) ? target : lookup.find(target);
    const evidence = [{ kind: "mount", text: `paths below ${mount} name this repository` }];
    const common = { base: "mount", nature: "path" as const, isGuess: true, evidence };
    if (found !== undefined) return { ...common, found: true, target: found, tried: [] };
    return { ...common, found: false, target, tried: [{ base: "mount", target }] };
  }
  if (from.startsWith(".github/") && mention.strength !== "weak" && /^\/[\w.-]/.test(path)) {
    // Settings of the host name folders from the repository's root.
    const target = joinPath("", path);
    const found = lookup.find(target);
    const common = { base: "root", isGuess: false, evidence: [] };
    if (found !== undefined) return { ...common, found: true, target: found, nature: "path", tried: [] };
    return { ...common, found: false, target, nature: "path", tried: [{ base: "root", target }] };
  }
  return { found: false, target: path, nature: "absolute", isGuess: false, evidence: [], tried: [] };
}

/** Tries one path after the other from one folder after the other. */
class Attempts {
  readonly tried: Tried[] = [];
  readonly #seen = new Map<string, Tried | undefined>();
  readonly #mention: Mention;
  readonly #ground: Ground;

  constructor(mention: Mention, ground: Ground) {
    this.#mention = mention;
    this.#ground = ground;
  }

  find(start: Start, paths: readonly string[], isOther = false): Located | undefined {
    for (const path of paths) {
      const target = joinPath(start.folder, path);
      if (this.#seen.has(target)) {
        // Another reading led there before: the place counts for this one too.
        const before = this.#seen.get(target);
        if (!isOther && before !== undefined) delete before.isOther;
        continue;
      }
      this.#seen.set(target, undefined);
      const { lookup } = this.#ground;
      const found = this.#mention.glob === true && lookup.matches(target) ? target : lookup.find(target);
      if (found !== undefined) return this.found(found, start.name, start.isGuess === true);
      const lead = joinPath(start.folder, /^(?:\.{1,2}\/)*/.exec(path)?.[0] ?? "");
      const depth = lead === "" ? 0 : lead.split("/").length;
      const one: Tried = { base: start.name, target, depth, ...(isOther ? { isOther } : {}) };
      this.#seen.set(target, one);
      this.tried.push(one);
    }
    return undefined;
  }

  found(target: string, base: string, isGuess: boolean, evidence: Evidence[] = []): Located {
    return { found: true, target, base, isGuess, evidence, tried: this.tried, nature: "path" };
  }
}

/** The folder of the web application whose template a page is: its addresses start there, not beside the template. */
function applicationOf(from: string): string | undefined {
  const template = /^(?:(.*)\/)?templates\/.*\.(?:x?html?|jinja2?|j2)$/.exec(from);
  return template === null ? undefined : (template[1] ?? "");
}

/** The project that a key names: `workspaces.packages/tool.entry` of a monorepository's settings. */
function workspaceOf({ key, encoding }: Mention, from: string, lookup: Ground["lookup"]): string | undefined {
  if (encoding !== "json" || key === undefined || !key.includes("/")) return undefined;
  for (const [segment] of key.matchAll(/[@\w-][@\w.-]*(?:\/[@\w-]+)+/g)) {
    // Keys are joined by dots, and folders have dots too.
    for (const name of [segment, segment.replace(/^[^/]*\./, "")]) {
      const folder = joinPath(folderOf(from), name);
      if (lookup.index.isFolder(folder)) return folder;
    }
  }
  return undefined;
}

function locateRelative(
  mention: Mention,
  path: string,
  from: string,
  ground: Ground,
  isLink: boolean,
): Located {
  const { lookup } = ground;
  const attempts = new Attempts(mention, ground);
  const paths = mention.otherPaths === undefined ? [path] : [path, ...mention.otherPaths];
  const prefersPackage = configuring.has(mention.kind) && path.includes("/");
  const starts: Start[] = [];
  for (const base of mention.bases) {
    starts.push(...startsOf(base, from, ground));
    if (starts.at(-1)?.isFact === true) break;
  }
  const workspace = workspaceOf(mention, from, lookup);
  if (workspace !== undefined)
    starts.splice(0, starts.length, { folder: workspace, name: `cwd:${workspace}`, isFact: true });
  const application = isLink ? applicationOf(from) : undefined;
  if (application !== undefined) starts.push({ folder: application, name: `cwd:${application}` });
  const isFact = starts.at(-1)?.isFact === true;
  for (const one of paths) {
    for (const start of starts) {
      const located = attempts.find(start, [one], one !== path);
      if (located !== undefined) return located;
    }
  }
  const { tried } = attempts;
  if (mention.bases.length > 0 && tried.length === 0) {
    const kind = mention.bases[0]?.kind;
    if (kind === "clone" || kind === "image") return { ...nothing, found: false, nature: kind, target: path };
  }
  const site = siteOf(from, ground.sites);
  if (site !== undefined && /\.(?:md|mdx|rst|html?|ipynb)$/i.test(from)) {
    const page = findPage(path, from, site, lookup);
    if (page !== undefined) {
      return {
        ...attempts.found(page, `cwd:${site}`, true, [
          { kind: "site", text: `served by the site in ${site}` },
        ]),
        nature: "route",
      };
    }
    if (isLink && mention.kind !== "include" && pathShape(path) !== "file") {
      const evidence = [{ kind: "site", text: `a page of the site in ${site}` }];
      return {
        found: false,
        isGuess: false,
        evidence,
        tried,
        nature: "route",
        ...targetOf(tried, ground, prefersPackage),
      };
    }
  }
  if (!isFact && !isLink) {
    const guessed = guess(mention, paths, from, ground, attempts);
    if (guessed !== undefined) return guessed;
  }
  for (const { target } of tried) {
    const gitlink = lookup.submoduleOf(target);
    if (gitlink === undefined) continue;
    const evidence = [
      { kind: "submodule", text: `inside the submodule ${gitlink}, not checked out`, path: gitlink },
    ];
    return { found: false, target, isGuess: false, tried, nature: "submodule", evidence };
  }
  return {
    found: false,
    isGuess: false,
    evidence: [],
    tried,
    nature: "path",
    ...targetOf(tried, ground, prefersPackage),
  };
}

const documents = /\.(?:md|markdown|mdx|rst|qmd|rmd|ipynb)$|(?:^|\/)README$/i;

/** The folders above the file, and the repository under its mount's name. */
function guess(
  mention: Mention,
  paths: readonly string[],
  from: string,
  ground: Ground,
  attempts: Attempts,
): Located | undefined {
  const isDocumented = mention.encoding === "shell" && documents.test(from);
  if (mention.strength !== "hard" || isDocumented) {
    for (const folder of foldersAbove(folderOf(from) === "" ? "" : from)) {
      const name = folder === packageOf(from, ground.packages) ? "package" : `cwd:${folder}`;
      let located: Located | undefined;
      for (const one of paths) located ??= attempts.find({ folder, name }, [one], one !== mention.path);
      if (located !== undefined) return { ...located, isGuess: true };
    }
  }
  for (const mount of ground.mounts) {
    if (isAbsolute(mount)) continue;
    for (const path of paths) {
      if (!path.startsWith(`${mount}/`)) continue;
      const located = attempts.find({ folder: "", name: "mount" }, [path.slice(mount.length + 1)]);
      const evidence = [{ kind: "mount", text: `${mount}/ is this repository` }];
      if (located !== undefined) return { ...located, isGuess: true, evidence };
      const last = attempts.tried.pop();
      if (last !== undefined) attempts.tried.unshift(last);
    }
  }
  return undefined;
}

/**
 * The place that is meant if nothing exists: the one where most of the path's own folders do. Of equals, a config's
 * path with a folder starts at its package, every other at the first base.
 */
function targetOf(
  tried: readonly Tried[],
  ground: Ground,
  prefersPackage: boolean,
): { target?: string; base?: string } {
  let best: Tried | undefined;
  let most = -1;
  for (const one of tried) {
    if (isAbove(one.target)) continue;
    let depth = 0;
    let folder = folderOf(one.target);
    while (folder !== "" && !ground.lookup.index.isFolder(folder)) folder = folderOf(folder);
    const own = one.depth ?? 0;
    if (folder !== "") depth = folder.split("/").length - own;
    let score = Math.max(0, depth);
    if (prefersPackage && one.base === "package") score += 0.5;
    if (score > most) {
      best = one;
      most = score;
    }
  }
  best ??= tried[0];
  return best === undefined ? {} : { target: best.target, base: best.base };
}
