import type { ImportMention } from "../schema.ts";
import { judge, type Instance, type JudgeContext, type Verdict } from "./judge.ts";
import type { SearchPath } from "./search-path.ts";

/** A loaded file under one search path: the verdict of each of its imports, in order, and what it loads in turn. */
export type Loaded = {
  readonly instance: Instance;
  readonly imports: readonly ImportMention[];
  readonly verdicts: readonly Verdict[];
};

const failing = new Set(["internal-missing", "name-missing", "relative-without-parent"]);

export const isFailing = (verdict: Verdict): boolean => failing.has(verdict.class);

/** True if the import runs as soon as the file does, with nothing that catches its failure. */
export const isPlain = (one: ImportMention): boolean => !one.guarded && !one.lazy && !one.typeChecking;

const keyOf = (instance: Instance): string => `${instance.depth} ${instance.path}`;

/**
 * A failed import that is caught, or only read by type checkers, is `optional` if another branch of its `try` works, or
 * if nothing says that the module is or was one of ours.
 */
export function softenCaught(imports: readonly ImportMention[], verdicts: Verdict[]): void {
  for (const [position, one] of imports.entries()) {
    const verdict = verdicts[position] as Verdict;
    if (!isFailing(verdict) || !(one.guarded || one.typeChecking)) continue;
    const hasAlternative = imports.some(
      (other, at) =>
        other.attempt !== undefined &&
        other.attempt === one.attempt &&
        other.branch !== one.branch &&
        !isFailing(verdicts[at] as Verdict),
    );
    if (hasAlternative || verdict.class !== "internal-missing" || verdict.local !== true)
      verdicts[position] = { ...verdict, class: "optional" };
  }
}

/** Loads files under one search path, each once. */
export class Loader {
  readonly search: SearchPath;
  readonly #context: JudgeContext;
  readonly #loaded = new Map<string, Loaded>();

  constructor(context: JudgeContext, search: SearchPath) {
    this.#context = context;
    this.search = search;
  }

  judgeOne(instance: Instance, one: ImportMention): Verdict {
    return judge(this.#context, instance, one, this.search);
  }

  load(instance: Instance): Loaded {
    const key = keyOf(instance);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const imports = this.#context.names.extractionOf(instance.path)?.imports ?? [];
    const verdicts = imports.map((one) => judge(this.#context, instance, one, this.search));
    softenCaught(imports, verdicts);
    const loaded = { instance, imports, verdicts };
    this.#loaded.set(key, loaded);
    return loaded;
  }

  /** What starting a file loads, itself first; `eager`: only what must load at once, else also what functions import. */
  closure(start: Instance, eager = false): readonly Loaded[] {
    const seen = new Set([keyOf(start)]);
    const order: Loaded[] = [this.load(start)];
    for (let at = 0; at < order.length; at++) {
      const { imports, verdicts } = order[at] as Loaded;
      for (const [position, one] of imports.entries()) {
        if (one.typeChecking || (one.main === true && at > 0) || (eager && !isPlain(one))) continue;
        for (const next of (verdicts[position] as Verdict).loads) {
          const key = keyOf(next);
          if (seen.has(key)) continue;
          seen.add(key);
          order.push(this.load(next));
        }
      }
    }
    return order;
  }
}
