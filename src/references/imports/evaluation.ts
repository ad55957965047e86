import { isFailing, isPlain, Loader, type Loaded } from "./evaluate.ts";
import type { Instance, JudgeContext } from "./judge.ts";
import { folderOf, joinPath, normalPath } from "./module-tree.ts";
import { SearchPath } from "./search-path.ts";
import { writtenModule } from "./verdicts.ts";

/** How a file is started: the search path that Python gives it, and under which name it runs. */
export type Start = {
  instance: Instance;
  early: readonly string[];
  late: readonly string[];
};

export type Evaluation = { closure: readonly Loaded[]; missing: string[]; early: readonly string[] };

/** Evaluates starts; loaders are shared by all that have one search path. */
export class Evaluator {
  readonly context: JudgeContext;
  readonly #loaders = new Map<string, Loader>();

  constructor(context: JudgeContext) {
    this.context = context;
  }

  loader(early: readonly string[], late: readonly string[]): Loader {
    const search = new SearchPath(this.context.tree, early, late);
    const known = this.#loaders.get(search.key);
    if (known !== undefined) return known;
    const loader = new Loader(this.context, search);
    this.#loaders.set(search.key, loader);
    return loader;
  }

  /** Follows all imports; edits of `sys.path` in what is loaded widen the path, so it goes round until none is new. */
  evaluate(start: Start, cwd: string): Evaluation {
    let { early } = start;
    for (let round = 0; ; round++) {
      const loader = this.loader(early, start.late);
      const closure = loader.closure(start.instance);
      const added = round < 4 ? this.#edits(closure, cwd, early) : [];
      if (added.length > 0) early = [...early, ...added];
      else return { closure, early, missing: missingOf(loader.closure(start.instance, true)) };
    }
  }

  #edits(closure: readonly Loaded[], cwd: string, early: readonly string[]): string[] {
    const added: string[] = [];
    for (const { instance } of closure) {
      for (const edit of this.context.names.extractionOf(instance.path)?.searchPaths ?? []) {
        if (edit.path === null) continue;
        const base = edit.base === "cwd" ? cwd : folderOf(instance.path);
        const folder = normalPath(joinPath(base, edit.path));
        if (folder !== undefined && !early.includes(folder) && !added.includes(folder)) added.push(folder);
      }
    }
    return added;
  }
}

function missingOf(closure: readonly Loaded[]): string[] {
  const missing = new Set<string>();
  for (const [order, { imports, verdicts }] of closure.entries()) {
    for (const [position, one] of imports.entries()) {
      const verdict = verdicts[position];
      if (verdict === undefined || !isFailing(verdict) || !isPlain(one)) continue;
      if (one.main === true && order > 0) continue;
      missing.add(
        verdict.class === "name-missing" ? `${writtenModule(one)}.${verdict.name}` : writtenModule(one),
      );
    }
  }
  return [...missing].sort();
}
