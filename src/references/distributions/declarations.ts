import type { TreeIndex } from "../../repository/index.ts";
import { imagePackages } from "./base-images.data.ts";
import { isManifest, readManifest, type ProjectScript } from "./declared-manifests.ts";
import { distributionsOf } from "./distribution-names.data.ts";
import { installedBy, normalName } from "./requirement-lines.ts";

/** A project of the repository that can be installed: `root` and the folders in which its modules lie. */
export type LocalProject = {
  root: string;
  name: string | undefined;
  sources: readonly string[];
  scripts: readonly ProjectScript[];
  manifest: string;
};

export type Declarations = {
  projects: readonly LocalProject[];
  /** `declared`, `undeclared` where a manifest governs the file, else `free`. */
  stateOf(importName: string, dotted: string, file: string): "declared" | "undeclared" | "free";
  /** A manifest that governs the file names a distribution with this import name. */
  isDeclaredFor(importName: string, file: string): boolean;
  /** A project of this repository has that name. */
  isOwnProject(importName: string): boolean;
  /** Somebody else's: declared anywhere here, or one of the common ones. */
  isKnown(importName: string): boolean;
  /** Text of the files that build modules, by folder. */
  buildTexts: ReadonlyMap<string, string>;
  /** Dockerfiles, READMEs and install scripts, by the folder that they set up. */
  setupTexts: ReadonlyMap<string, readonly { path: string; text: string }[]>;
};

const dockerfile = /(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|[\w.-]+\.(?:dockerfile|def))$/i;
const installer =
  /(?:^|\/)(?:README[\w.-]*\.(?:md|rst)|INSTALL[\w.-]*|(?:install|setup|env|environment|bootstrap|prepare)[\w.-]*\.sh)$/i;
const parts = new Set(
  "requirements requirement configs config docker dockerfiles env envs environment environments build conda deps dependencies install ci .github container containers".split(
    " ",
  ),
);

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The folder for which a manifest speaks: its own, or the one above if it lies in a folder of settings. */
function governedFolder(path: string): string {
  let folder = folderOf(path);
  while (parts.has(folder.slice(folder.lastIndexOf("/") + 1).toLowerCase())) folder = folderOf(folder);
  return folder;
}

/** Reads every manifest of the tree: what is declared where, and which projects can be installed. */
export async function readDeclarations(
  index: TreeIndex,
  readText: (path: string) => Promise<string>,
): Promise<Declarations> {
  const byFolder = new Map<string, { declared: Set<string>; governs: boolean }>();
  const everywhere = new Set<string>();
  const projects = new Map<string, LocalProject>();
  const buildTexts = new Map<string, string>();
  const setupTexts = new Map<string, { path: string; text: string }[]>();
  const setUp = (path: string, text: string): string => {
    const folder = governedFolder(path);
    if (text.includes("PYTHONPATH"))
      setupTexts.set(folder, [...(setupTexts.get(folder) ?? []), { path, text }]);
    return folder;
  };
  const at = (folder: string): { declared: Set<string>; governs: boolean } => {
    let known = byFolder.get(folder);
    if (known === undefined) {
      known = { declared: new Set(), governs: false };
      byFolder.set(folder, known);
    }
    return known;
  };
  const declare = (folder: string, names: readonly string[]): void => {
    const place = at(folder);
    for (const name of names) {
      place.declared.add(name);
      everywhere.add(name);
    }
  };
  for (const entry of index.files.values()) {
    const { path } = entry;
    if (entry.mode === "submodule" || entry.mode === "symlink" || entry.size > 1_000_000) continue;
    if (isManifest(path)) {
      const text = await readText(path);
      const manifest = readManifest(path, text);
      if (/(?:setup\.(?:py|cfg)|pyproject\.toml)$/.test(path)) {
        const folder = folderOf(path);
        buildTexts.set(folder, `${buildTexts.get(folder) ?? ""}\n${text}`);
      }
      if (manifest?.dependencies !== undefined) {
        const folder = governedFolder(path);
        declare(folder, manifest.dependencies);
        at(folder).governs = true;
      }
      if (manifest?.project !== undefined) addProject(projects, index, path, manifest.project);
    } else if (dockerfile.test(path)) {
      const text = await readText(path);
      const folder = setUp(path, text);
      declare(folder, installedBy(text));
      for (const [image] of text.matchAll(/^\s*(?:FROM|From:)\s+\S.*$/gim)) {
        for (const [pattern, names] of imagePackages) if (pattern.test(image)) declare(folder, names);
      }
    } else if (installer.test(path)) {
      const text = await readText(path);
      declare(setUp(path, text), installedBy(text));
    }
  }
  const ownNames = new Set([...projects.values()].flatMap(({ name }) => (name === undefined ? [] : [name])));
  return {
    projects: [...projects.values()].sort((a, b) => (a.root < b.root ? -1 : 1)),
    buildTexts,
    setupTexts,
    isKnown: (name) => distributionsOf.has(name) || isAmong(name, name, everywhere),
    isOwnProject: (name) => ownNames.has(normalName(name)),
    isDeclaredFor(name, file) {
      for (let folder = folderOf(file); ; folder = folderOf(folder)) {
        const place = byFolder.get(folder);
        if (place !== undefined && isAmong(name, name, place.declared)) return true;
        if (folder === "") return false;
      }
    },
    stateOf(name, dotted, file) {
      let governs = false;
      for (let folder = folderOf(file); ; folder = folderOf(folder)) {
        const place = byFolder.get(folder);
        if (place !== undefined) {
          if (isAmong(name, dotted, place.declared)) return "declared";
          governs ||= place.governs;
        }
        if (folder === "") break;
      }
      return governs && !alwaysThere.has(name) ? "undeclared" : governs ? "declared" : "free";
    },
  };
}

const alwaysThere = new Set(["setuptools", "pkg_resources", "pip", "wheel", "_distutils_hack"]);

/** Do the declared distributions provide the import name? Namespace packages (`google.cloud.storage`) by their prefix. */
function isAmong(name: string, dotted: string, declared: ReadonlySet<string>): boolean {
  const own = normalName(name);
  const known = distributionsOf.get(name);
  const candidates = [own, ...(known ?? []), `python-${own}`, `${own}-python`, `py${own}`, `${own}py`];
  if (candidates.some((one) => declared.has(one))) return true;
  const path = normalName(dotted);
  const bare = own.replaceAll("-", "");
  for (const one of declared) {
    if (path.startsWith(`${one}-`) || one.replaceAll("-", "") === bare) return true;
    if (sharedNamespaces.has(own) && one.startsWith(`${own}-`)) return true;
  }
  return false;
}

// Import names that many distributions share.
const sharedNamespaces = new Set(
  "google azure nvidia opentelemetry ruamel backports jaraco sphinxcontrib zope llama-index langchain".split(
    " ",
  ),
);

function addProject(
  projects: Map<string, LocalProject>,
  index: TreeIndex,
  path: string,
  found: { name: string | undefined; sources: readonly string[]; scripts: readonly ProjectScript[] },
): void {
  const root = folderOf(path);
  const join = (folder: string): string =>
    [root, folder.replace(/^\.\/?|\/+$/g, "")].filter((one) => one !== "").join("/");
  const known = projects.get(root);
  const sources = [
    ...(known?.sources ?? []),
    ...found.sources.map(join),
    ...(index.isFolder(join("src")) ? [join("src")] : []),
    root,
  ];
  projects.set(root, {
    root,
    name: known?.name ?? found.name,
    sources: [...new Set(sources)],
    scripts: [...(known?.scripts ?? []), ...found.scripts],
    manifest: known?.manifest ?? path,
  });
}
