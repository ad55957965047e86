import type { ImportMention } from "../schema.ts";
import { isFailing, softenCaught } from "./evaluate.ts";
import type { Evaluator } from "./evaluation.ts";
import type { Verdict } from "./judge.ts";
import { folderOf, joinPath, type ModuleTree } from "./module-tree.ts";
import type { SearchPath } from "./search-path.ts";

// Deep enough that leading dots never leave the top-level package, which is unknown.
const anyDepth = 1000;

/**
 * True if an absolute import finds the subpackage in which the importing file itself lies: inside a package its name is a
 * longer one, so that somebody else's package of that name is meant.
 */
function isNamesake(tree: ModuleTree, search: SearchPath, one: ImportMention, path: string): boolean {
  const top = one.level > 0 ? undefined : search.top(one.module.split(".")[0] as string);
  if (top?.kind !== "package") return false;
  const folder = folderOf(top.path);
  return path.startsWith(`${folder}/`) && tree.isFile(joinPath(folderOf(folder), "__init__.py"));
}

/**
 * Verdicts for a file that no known entry loads: how it is started is unknown, so that an import is good if any
 * plausible folder of the search path makes it so. The nearest folder's verdict stands where none does.
 */
export function judgeFree(
  evaluator: Evaluator,
  path: string,
  folders: readonly string[],
): { imports: readonly ImportMention[]; verdicts: Verdict[] } {
  const instance = evaluator.instance(path, anyDepth);
  const extraction = evaluator.context.names.extractionOf(path);
  const imports = extraction?.imports ?? [];
  // An edit of `sys.path` that could not be evaluated may reach anything.
  const isOpen = extraction?.searchPaths?.some((edit) => edit.path === null) === true;
  // All at once, as a namespace may have portions in several; then each alone, as a near one may hide a farther one.
  const attempts = [folders, ...folders.map((folder) => [folder])].map((late) =>
    evaluator.loader([], late, isOpen ? "open" : "guess"),
  );
  const verdicts = imports.map((one): Verdict => {
    let worst: Verdict | undefined;
    let other: Verdict | undefined;
    for (const loader of attempts) {
      const verdict = loader.judgeOne(instance, one);
      if (isFailing(verdict) && isNamesake(evaluator.context.tree, loader.search, one, path)) continue;
      if (verdict.class === "resolves" || verdict.class === "standard") return verdict;
      if (isFailing(verdict)) worst ??= verdict;
      else other ??= verdict;
      if (one.level > 0) break;
    }
    const topName = one.module.split(".")[0] as string;
    if (worst !== undefined && other !== undefined && evaluator.context.knowledge.isKnownExternal(topName))
      return other;
    return worst ?? other ?? { class: "external", loads: [] };
  });
  softenCaught(imports, verdicts);
  return { imports, verdicts };
}
