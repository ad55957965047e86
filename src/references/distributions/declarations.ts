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
  /** A manifest that governs the file asks for this very distribution. */
  requires(distribution: string, file: string): boolean;
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
  // `requirements/pytorch/test.txt`: however they are ordered below, they speak for what holds them.
  let folder = folderOf(path).replace(/(?:^|\/)requirements\/.*$/i, "");
  while (parts.has(folder.slice(folder.lastIndexOf("/") + 1).toLowerCase())) folder = folderOf(folder);
  return folder;
}

/** Reads every manifest of the tree: what is declared where, and which projects can be installed. */
export async function readDeclarations(
  index: TreeIndex,
  readText: (path: string) => Promise<string>,
): Promise<Declarations> {
  const byFolder = new Map<string, Declared>();
  const everywhere = new Declared();
  const projects = new Map<string, LocalProject>();
  const buildTexts = new Map<string, string>();
  const setupTexts = new Map<string, { path: string; text: string }[]>();
  const setUp = (path: string, text: string): string => {
    const folder = governedFolder(path);
    if (text.includes("PYTHONPATH"))
      setupTexts.set(folder, [...(setupTexts.get(folder) ?? []), { path, text }]);
    return folder;
  };
  const at = (folder: string): Declared => {
    let known = byFolder.get(folder);
    if (known === undefined) {
      known = new Declared();
      byFolder.set(folder, known);
    }
    return known;
  };
  const declare = (folder: string, names: readonly string[]): void => {
    const place = at(folder);
    for (const name of names) {
      place.add(name);
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
    } else if (/(?:^|\/)(?:meson\.build|CMakeLists\.txt)$/.test(path)) {
      const folder = folderOf(path);
      buildTexts.set(folder, `${buildTexts.get(folder) ?? ""}\n${await readText(path)}`);
    } else if (dockerfile.test(path)) {
      const text = await readText(path);
      const folder = setUp(path, text);
      declare(folder, installedBy(text));
      for (const image of baseImages(text))
        for (const [pattern, names] of imagePackages) if (pattern.test(image)) declare(folder, names);
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
    isKnown: (name) => distributionsOf.has(name) || everywhere.provides(name, name),
    isOwnProject: (name) => ownNames.has(normalName(name)),
    isDeclaredFor(name, file) {
      for (let folder = folderOf(file); ; folder = folderOf(folder)) {
        const place = byFolder.get(folder);
        if (place !== undefined && place.provides(name, name)) return true;
        if (folder === "") return false;
      }
    },
    requires(distribution, file) {
      for (let folder = folderOf(file); ; folder = folderOf(folder)) {
        if (byFolder.get(folder)?.names(distribution) === true) return true;
        if (folder === "") return false;
      }
    },
    stateOf(name, dotted, file) {
      let governs = false;
      let isDocumentation = false;
      for (let folder = folderOf(file); ; folder = folderOf(folder)) {
        const place = byFolder.get(folder);
        isDocumentation ||= documentation.test(folder);
        if (place !== undefined) {
          if (place.provides(name, dotted)) return "declared";
          // What a documentation's pages and notebooks run is no dependency of the project around them.
          governs ||= place.governs && !isDocumentation;
        }
        if (folder === "") break;
      }
      return governs && !alwaysThere.has(name) ? "undeclared" : governs ? "declared" : "free";
    },
  };
}

/** The lines that name base images, with the defaults of their arguments put in. */
function baseImages(text: string): string[] {
  const defaults = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^\s*ARG\s+(\w+)=["']?([^\s"']+)/gim))
    defaults.set(name as string, value as string);
  return [...text.matchAll(/^\s*(?:FROM|From:)\s+\S.*$/gim)].map(([line]) =>
    line.replaceAll(/\$\{?(\w+)[^}\s]*\}?/g, (whole, name: string) => defaults.get(name) ?? whole),
  );
}

const documentation = /(?:^|\/)(?:docs?|documentation)$/i;

const alwaysThere = new Set(["setuptools", "pkg_resources", "pip", "wheel", "_distutils_hack"]);

/** Distributions that are asked for in one place. */
export class Declared {
  governs = false;
  readonly #names = new Set<string>();
  /** Without hyphens, and the first word of each: `google` of `google-cloud-storage`. */
  readonly #bare = new Set<string>();
  readonly #firstWords = new Set<string>();
  readonly #repositories: (readonly [owner: string, name: string])[] = [];
  readonly #answers = new Map<string, boolean>();

  add(name: string): void {
    const slash = name.indexOf("/");
    if (slash >= 0) {
      // What is installed from a repository may have another name than it.
      this.#repositories.push([name.slice(0, slash), name.slice(slash + 1)]);
      this.add(name.slice(slash + 1));
      return;
    }
    this.#names.add(name);
    this.#bare.add(name.replaceAll("-", ""));
    if (!name.endsWith("-stubs")) this.#firstWords.add(name.split("-")[0] as string);
    this.#answers.clear();
  }

  names(distribution: string): boolean {
    return this.#names.has(normalName(distribution));
  }

  /** True if one of them provides the import name; namespace packages (`google.cloud.storage`) by their prefix. */
  provides(name: string, dotted: string): boolean {
    const known = this.#answers.get(dotted);
    if (known !== undefined) return known;
    const answer = this.#looksUp(name, dotted);
    this.#answers.set(dotted, answer);
    return answer;
  }

  #looksUp(name: string, dotted: string): boolean {
    const own = normalName(name);
    const candidates = [
      own,
      ...(distributionsOf.get(name) ?? []),
      `python-${own}`,
      `${own}-python`,
      `py${own}`,
      `${own}py`,
    ];
    if (candidates.some((one) => this.#names.has(one)) || this.#bare.has(own.replaceAll("-", "")))
      return true;
    if (this.#repositories.some((words) => fitsRepository(own, words))) return true;
    if (sharedNamespaces.has(own) && this.#firstWords.has(own)) return true;
    // `chronos` of `chronos-forecasting`: a name that no other distribution is known for.
    if (own.length >= 5 && !distributionsOf.has(name) && this.#firstWords.has(own)) return true;
    const parts = dotted.split(".");
    return parts.some((_, at) => at > 0 && this.#names.has(normalName(parts.slice(0, at + 1).join("."))));
  }
}

/** `mlperf_logging` of `mlcommons/logging`: the import's last word is the repository's name. */
const fitsRepository = (own: string, [owner, name]: readonly [string, string]): boolean =>
  own === name || own === `${owner}-${name}` || (name.length >= 5 && own.endsWith(`-${name}`));

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
