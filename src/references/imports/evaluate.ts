import type { ImportMention } from "../schema.ts";
import { judge, type Instance, type JudgeContext, type Verdict } from "./judge.ts";
import { joinPath } from "./module-tree.ts";
import type { SearchPath } from "./search-path.ts";

/** A loaded file under one search path: the verdict of each of its imports, in order, and what it loads in turn. */
export type Loaded = {
  readonly instance: Instance;
  readonly imports: readonly ImportMention[];
  readonly verdicts: readonly Verdict[];
  /** What it loads: at once and plainly; besides, when functions run or what a `try` guards; only when it is started. */
  readonly eager: readonly Instance[];
  readonly late: readonly Instance[];
  readonly started: readonly Instance[];
  readonly hasFailure: boolean;
  readonly editsPath: boolean;
  /** The walk that saw it last. */
  mark: number;
};

const failing = new Set(["internal-missing", "name-missing", "relative-without-parent"]);

export const isFailing = (verdict: Verdict): boolean => failing.has(verdict.class);

/** True if the import runs as soon as the file does, with nothing that catches its failure. */
export const isPlain = (one: ImportMention): boolean => !one.guarded && !one.lazy && !one.typeChecking;

/** Another branch of the same `try`, or a caught import elsewhere that gives the same names. */
function isAlternative(one: ImportMention, other: ImportMention): boolean {
  if (other.attempt !== undefined && other.attempt === one.attempt) return other.branch !== one.branch;
  return other.guarded && one.names.some((name) => other.names.includes(name));
}

/**
 * A failed import that is caught, or only read by type checkers, is `optional` if another branch of its `try` works, or
 * if nothing says that the module is or was one of ours.
 */
export function softenCaught(imports: readonly ImportMention[], verdicts: Verdict[]): void {
  for (const [position, one] of imports.entries()) {
    const verdict = verdicts[position] as Verdict;
    if (!isFailing(verdict) || !(one.guarded || one.typeChecking)) continue;
    if (one.tested === true) {
      verdicts[position] = { ...verdict, class: "optional" };
      continue;
    }
    const hasAlternative = imports.some(
      (other, at) => at !== position && isAlternative(one, other) && !isFailing(verdicts[at] as Verdict),
    );
    if (hasAlternative || verdict.class !== "internal-missing" || verdict.local !== true)
      verdicts[position] = { ...verdict, class: "optional" };
  }
}

/** Judges files, once for all search paths that find the same things under the names that a file imports. */
export class Judge {
  readonly context: JudgeContext;
  readonly #isLocalName: (name: string) => boolean;
  readonly #localTops = new Map<string, readonly string[]>();
  readonly #judged = new Map<Instance, Map<string, Loaded>>();
  walks = 0;

  /** `isLocalName`: a module or folder of that name lies somewhere in the repository. */
  constructor(context: JudgeContext, isLocalName: (name: string) => boolean) {
    this.context = context;
    this.#isLocalName = isLocalName;
  }

  /** Top-level names that a file imports and that something in the repository has. */
  #topsOf(path: string): readonly string[] {
    const known = this.#localTops.get(path);
    if (known !== undefined) return known;
    const names = new Set<string>();
    for (const one of this.context.names.extractionOf(path)?.imports ?? []) {
      const name = one.level > 0 ? "" : (one.module.split(".")[0] as string);
      if (name !== "" && this.#isLocalName(name)) names.add(name);
    }
    const list = [...names];
    this.#localTops.set(path, list);
    return list;
  }

  load(instance: Instance, search: SearchPath): Loaded {
    let signature: string = search.certainty;
    for (const name of this.#topsOf(instance.path)) {
      const top = search.top(name);
      if (top !== undefined) signature += `${top.path};`;
      else {
        // What is absent may have been in the search path's own folders once, or lie in assumed ones.
        const past = search.early.filter((folder) =>
          this.context.knowledge.wasLocal(joinPath(folder, `${name}.py`)),
        );
        signature += `-${past.join(":")}${search.assumed.join(":")};`;
      }
    }
    let bySignature = this.#judged.get(instance);
    if (bySignature === undefined) {
      bySignature = new Map();
      this.#judged.set(instance, bySignature);
    }
    let loaded = bySignature.get(signature);
    if (loaded === undefined) {
      loaded = this.#judge(instance, search);
      bySignature.set(signature, loaded);
    }
    return loaded;
  }

  #judge(instance: Instance, search: SearchPath): Loaded {
    const extraction = this.context.names.extractionOf(instance.path);
    const imports = extraction?.imports ?? [];
    const verdicts = imports.map((one) => judge(this.context, instance, one, search));
    softenCaught(imports, verdicts);
    const [eager, late, started] = [new Set<Instance>(), new Set<Instance>(), new Set<Instance>()];
    for (const [position, one] of imports.entries()) {
      if (one.typeChecking) continue;
      const into = one.main === true ? started : isPlain(one) ? eager : late;
      for (const next of (verdicts[position] as Verdict).loads) into.add(next);
    }
    return {
      instance,
      imports,
      verdicts,
      eager: [...eager],
      late: [...late],
      started: [...started],
      hasFailure: verdicts.some(isFailing),
      editsPath: (extraction?.searchPaths?.length ?? 0) > 0,
      mark: 0,
    };
  }
}

/** Loads files under one search path, each once. */
export class Loader {
  readonly search: SearchPath;
  readonly #judge: Judge;
  readonly #loaded = new Map<Instance, Loaded>();

  constructor(judge: Judge, search: SearchPath) {
    this.#judge = judge;
    this.search = search;
  }

  judgeOne(instance: Instance, one: ImportMention): Verdict {
    return judge(this.#judge.context, instance, one, this.search);
  }

  load(instance: Instance): Loaded {
    let loaded = this.#loaded.get(instance);
    if (loaded === undefined) {
      loaded = this.#judge.load(instance, this.search);
      this.#loaded.set(instance, loaded);
    }
    return loaded;
  }

  /** What starting a file loads, itself first; `eager`: only what must load at once, else also what functions import. */
  closure(start: Instance, parents: readonly Instance[], eager = false): readonly Loaded[] {
    const walk = ++this.#judge.walks;
    const first = this.load(start);
    first.mark = walk;
    const order: Loaded[] = [first];
    const enter = (instances: readonly Instance[]): void => {
      for (const instance of instances) {
        const next = this.load(instance);
        if (next.mark === walk) continue;
        next.mark = walk;
        order.push(next);
      }
    };
    enter(parents);
    enter(first.started);
    for (let at = 0; at < order.length; at++) {
      const loaded = order[at] as Loaded;
      enter(loaded.eager);
      if (!eager) enter(loaded.late);
    }
    return order;
  }
}
