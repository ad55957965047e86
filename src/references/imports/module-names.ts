import type { Extraction } from "../schema.ts";
import type { ModuleTree } from "./module-tree.ts";
import { childOf, descend, type Located, type SearchPath } from "./search-path.ts";
import { relativeStart } from "./relative.ts";

/** Answers whether a module has a name, from what extraction saw of it. */
export class ModuleNames {
  readonly #tree: ModuleTree;
  readonly #extractions: ReadonlyMap<string, Extraction>;
  readonly #defined = new Map<string, ReadonlySet<string>>();

  constructor(tree: ModuleTree, extractions: ReadonlyMap<string, Extraction>) {
    this.#tree = tree;
    this.#extractions = extractions;
  }

  extractionOf(path: string): Extraction | undefined {
    const real = this.#tree.real(path);
    return real === undefined ? undefined : this.#extractions.get(real);
  }

  #definedIn(path: string): ReadonlySet<string> | undefined {
    const known = this.#defined.get(path);
    if (known !== undefined) return known;
    const extraction = this.extractionOf(path);
    if (extraction?.defines === undefined) return undefined;
    const names = new Set(extraction.defines);
    this.#defined.set(path, names);
    return names;
  }

  /**
   * `yes`; `no`; `unknown` where a star import from elsewhere, names made at run time, or an unread file leave it
   * open. Submodules count, and so do the names every module has.
   */
  has(
    module: Located,
    name: string,
    search: SearchPath,
    seen: Set<string> = new Set(),
  ): "yes" | "no" | "unknown" {
    if (module.kind === "built") return "unknown";
    if (childOf(this.#tree, module, name) !== undefined) return "yes";
    if (module.kind === "namespace") return "no";
    const defined = this.#definedIn(module.path);
    if (defined === undefined) return "unknown";
    if (defined.has(name) || moduleAttributes.has(name)) return "yes";
    if (defined.has("__getattr__") || defined.has("__path__")) return "unknown";
    if (seen.has(module.path)) return "no";
    seen.add(module.path);
    let open = false;
    for (const one of this.extractionOf(module.path)?.imports ?? []) {
      if (!one.star) {
        if (module.kind === "module" && one.level === 1 && one.module === "" && one.names.includes(name))
          return "yes";
        continue;
      }
      const from = starSource(this.#tree, module, one.module, one.level, search);
      const answer = from === undefined ? "unknown" : this.has(from, name, search, seen);
      if (answer === "yes") return "yes";
      if (answer === "unknown") open = true;
    }
    return open ? "unknown" : "no";
  }
}

function starSource(
  tree: ModuleTree,
  module: Located,
  name: string,
  level: number,
  search: SearchPath,
): Located | undefined {
  if (level === 0) {
    const found = search.resolve(name);
    return found.state === "found" ? found.at : undefined;
  }
  const start = relativeStart(tree, module.path, level);
  if (start === undefined) return undefined;
  const found = descend(tree, start, name === "" ? [] : name.split("."), [start]);
  return found.state === "found" ? found.at : undefined;
}

const moduleAttributes = new Set(
  "__name__ __doc__ __file__ __path__ __package__ __spec__ __loader__ __dict__  __builtins__ __cached__ __annotations__".split(
    " ",
  ),
);
