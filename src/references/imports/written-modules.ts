import type { Extraction } from "../schema.ts";
import { baseName, folderOf, joinPath, type ModuleTree } from "./module-tree.ts";

const sources = [
  "cpp",
  "cc",
  "cu",
  "c",
  "pyx",
  "pyi",
  "rs",
  "proto",
  "thrift",
  "so",
  "pyd",
  "ipynb",
  "i",
  "pyx.in",
  "py.in",
  "py.j2",
  "f90",
];

/**
 * Answers whether a missing module is made by a build or by code: compiled from a source of its name, named in a
 * `setup.py`, a version file, or written by something that this repository runs.
 */
export function writtenModules(
  tree: ModuleTree,
  extractions: ReadonlyMap<string, Extraction>,
  buildTexts: ReadonlyMap<string, string>,
): (path: string) => boolean {
  const written = new Set<string>();
  for (const extraction of extractions.values()) {
    for (const path of extraction.writes ?? []) if (path.endsWith(".py")) written.add(baseName(path));
    for (const one of extraction.mentions)
      if ((one.use === "write" || one.use === "define") && one.path.endsWith(".py"))
        written.add(baseName(one.path));
  }
  return (given) => {
    // Every package has an `__init__.py`: what makes one is told by the package's own name.
    const path = given.replace(/\/__init__\.py$/, ".py");
    const name = baseName(path);
    const stem = name.replace(/\.py$/, "");
    if (/^_?version(?:_info)?$|^__version__$|^_build_info$|^git_version/.test(stem)) return true;
    if (written.has(name)) return true;
    if (/_pb2(?:_grpc)?$/.test(stem)) return true;
    const near = folderOf(path);
    for (const suffix of sources) {
      for (const found of tree.index.named(`${stem}.${suffix}`)) {
        if (near === "" || found.startsWith(`${near}/`) || found.startsWith(`${folderOf(near)}/`))
          return true;
      }
    }
    const word = new RegExp(`["'./]${stem.replaceAll(/[^\w]/g, "\\$&")}(?:\\.py)?["']`);
    for (let folder = near; ; folder = folderOf(folder)) {
      const text = buildTexts.get(folder);
      if (text !== undefined && word.test(text)) return true;
      if (folder === "") break;
    }
    // A folder of that name that holds compiled sources only.
    const inner = joinPath(near, stem);
    return (
      tree.index.isFolder(inner) &&
      tree.index.children(inner).some((child) => /\.(?:cpp|cc|cu|pyx|rs|toml)$/.test(child))
    );
  };
}
