import { isFailing, isPlain, Judge, Loader, type Loaded } from "./evaluate.ts";
import type { Instance, JudgeContext, Verdict } from "./judge.ts";
import { folderOf, foldersAbove, joinPath, normalPath } from "./module-tree.ts";
import { SearchPath } from "./search-path.ts";
import { writtenModule } from "./verdicts.ts";

/** How a file is started: the search path that Python gives it, and under which name it runs. */
export type Start = {
  instance: Instance;
  /** Packages that load before it (`python -m a.b` runs `a/__init__.py` first). */
  parents?: readonly Instance[];
  early: readonly string[];
  late: readonly string[];
  /** PYTHONPATH has folders that are not known here. */
  open?: boolean;
};

export type Evaluation = {
  closure: readonly Loaded[];
  /** Under the search path that the start ends up with. */
  loader: Loader;
  /** Modules (or `module.name`) without which it does not start, sorted. */
  missing: string[];
};

/** Evaluates starts; loaders are shared by all that have one search path. */
export class Evaluator {
  readonly context: JudgeContext;
  readonly #judge: Judge;
  readonly #loaders = new Map<string, Loader>();

  constructor(context: JudgeContext, isLocalName: (name: string) => boolean) {
    this.context = context;
    this.#judge = new Judge(context, isLocalName);
  }

  instance(path: string, depth: number): Instance {
    return this.context.instances.of(path, depth);
  }

  loader(
    early: readonly string[],
    late: readonly string[],
    certainty: SearchPath["certainty"] = "known",
    assumed: readonly string[] = [],
  ): Loader {
    const search = new SearchPath(this.context.tree, early, late, certainty, assumed);
    const known = this.#loaders.get(search.key);
    if (known !== undefined) return known;
    const loader = new Loader(this.#judge, search);
    this.#loaders.set(search.key, loader);
    return loader;
  }

  /** Follows all imports; edits of `sys.path` in what is loaded change the path, so it goes round until none is new. */
  evaluate(start: Start, cwd: string): Evaluation {
    let edits: Edits = { first: [], last: [], open: start.open === true };
    for (let round = 0; ; round++) {
      // An edit that could not be evaluated most likely names a folder above.
      const assumed = edits.open ? foldersAbove(start.instance.path) : [];
      const early = [...edits.first, ...start.early, ...edits.last];
      const loader = this.loader(early, start.late, edits.open ? "open" : "known", assumed);
      const closure = loader.closure(start.instance, start.parents ?? []);
      const next = round < 4 ? this.#edits(closure, cwd, start.open === true) : edits;
      const same = JSON.stringify(next) === JSON.stringify(edits);
      if (same) {
        const tooEarly = edits.open ? undefined : this.#beforeEdits(closure[0] as Loaded, start);
        const seen = tooEarly === undefined ? closure : [tooEarly, ...closure.slice(1)];
        const fails = seen.some((loaded) => loaded.hasFailure);
        const eager = fails ? loader.closure(start.instance, start.parents ?? [], true) : [];
        return {
          closure: seen,
          loader,
          missing: missingOf(tooEarly === undefined || !fails ? eager : [tooEarly, ...eager.slice(1)]),
        };
      }
      edits = next;
    }
  }

  /**
   * The started file with what it imports too early: a module of this repository that only an edit of `sys.path`
   * further down in the same file makes reachable. Undefined if there is none.
   */
  #beforeEdits(first: Loaded, start: Start): Loaded | undefined {
    if (!first.editsPath) return undefined;
    const edits = this.context.names.extractionOf(first.instance.path)?.searchPaths ?? [];
    const line = Math.min(...edits.map((edit) => edit.line));
    const loads = (other: Loaded): boolean => other !== first && other.editsPath;
    const isAlone = !first.eager.some((instance) =>
      loads(this.loader(start.early, start.late).load(instance)),
    );
    if (edits.some(({ lazy }) => lazy === true) || !isAlone) return undefined;
    const before = this.loader(start.early, start.late);
    let changed: Verdict[] | undefined;
    for (const [position, one] of first.imports.entries()) {
      const verdict = first.verdicts[position] as Verdict;
      if (one.line >= line || !isPlain(one) || one.level > 0 || verdict.class !== "resolves") continue;
      if (before.judgeOne(first.instance, one).class === "resolves") continue;
      changed ??= [...first.verdicts];
      changed[position] = {
        class: "internal-missing",
        loads: [],
        local: true,
        ...(verdict.target === undefined ? {} : { target: verdict.target }),
      };
    }
    return changed === undefined ? undefined : { ...first, verdicts: changed, hasFailure: true };
  }

  /** What the loaded modules do to `sys.path`, in the order in which they load. */
  #edits(closure: readonly Loaded[], cwd: string, open: boolean): Edits {
    const edits: Edits = { first: [], last: [], open };
    for (const { instance, editsPath } of closure) {
      if (!editsPath) continue;
      for (const edit of this.context.names.extractionOf(instance.path)?.searchPaths ?? []) {
        const base = edit.base === "cwd" ? cwd : folderOf(instance.path);
        const folder = edit.path === null ? undefined : normalPath(joinPath(base, edit.path));
        if (folder === undefined) edits.open = true;
        else if (!edits.first.includes(folder) && !edits.last.includes(folder)) {
          if (edit.position === "first") edits.first.unshift(folder);
          else edits.last.push(folder);
        }
      }
    }
    return edits;
  }
}

type Edits = { first: string[]; last: string[]; open: boolean };

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
