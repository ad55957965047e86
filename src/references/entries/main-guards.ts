import { isFailing } from "../imports/evaluate.ts";
import type { Evaluation, Evaluator } from "../imports/evaluation.ts";
import { parentsOf, type Verdict } from "../imports/judge.ts";
import { folderOf, foldersAbove, joinPath, type ModuleTree } from "../imports/module-tree.ts";
import type { EntryPoint } from "../schema.ts";

const identifier = /^[^\d\W]\w*$/;

type Way = { mode: "script" | "module"; cwd: string; name: string; early: string[]; assumed?: string };

/**
 * The ways in which a file with a main guard may be meant to be started, the likeliest first: as a script, by `-m` from
 * a folder above, as a script with such a folder on the search path. A member of a package is rather meant for `-m`.
 */
function* waysToStart(
  tree: ModuleTree,
  path: string,
  hints: readonly string[],
  fromCwd: boolean,
): Generator<Way, void> {
  const folder = folderOf(tree.real(path) ?? path);
  const asScript: Way = { mode: "script", cwd: "", name: path, early: [folder] };
  const isPackage = (one: string): boolean => tree.isFile(joinPath(one, "__init__.py"));
  // A folder inside a package is no place to start from; the package's own folder may be.
  const above = foldersAbove(path).filter(
    (one) => one === "" || !isPackage(one) || !isPackage(folderOf(one)),
  );
  const isMember = isPackage(folderOf(path));
  if (!isMember) yield asScript;
  const outside = (cwd: string): number => (isPackage(cwd) ? 1 : 0);
  const places = [...above].sort((a, b) => outside(a) - outside(b));
  const modules = places.flatMap((cwd): Way[] => {
    const name = path.slice(cwd === "" ? 0 : cwd.length + 1).replace(/\.py$/, "");
    const isName =
      name.includes("/") && !isPackage(cwd) && name.split("/").every((part) => identifier.test(part));
    return isName ? [{ mode: "module", cwd, name: name.replaceAll("/", "."), early: [cwd] }] : [];
  });
  if (isMember) yield* modules.slice(0, 1);
  if (isMember) yield asScript;
  if (hints.length > 0) yield { ...asScript, early: [folder, ...hints], assumed: hints.join(":") };
  yield* isMember ? modules.slice(1) : modules;
  // `sys.path.insert(0, ".")`: it depends on where it is started.
  if (fromCwd) for (const cwd of new Set([folder, ...above])) yield { ...asScript, cwd };
  for (const cwd of above) yield { ...asScript, early: [folder, cwd], assumed: cwd === "" ? "." : cwd };
}

/**
 * A file with a main guard that no known command starts. It counts as started in the way under which most loads, so
 * that a module meant for `-m` is not called broken; an assumed search path shows in `environment`.
 */
export function mainGuardStart(
  evaluator: Evaluator,
  path: string,
  late: readonly string[],
  hints: readonly string[],
): { entry: EntryPoint; evaluation: Evaluation } {
  const { context } = evaluator;
  const edits = context.names.extractionOf(path)?.searchPaths ?? [];
  const fromCwd = edits.some((edit) => edit.base === "cwd");
  const tried: { way: Way; evaluation: Evaluation }[] = [];
  for (const way of waysToStart(context.tree, path, hints, fromCwd)) {
    const depth = way.mode === "script" ? 0 : way.name.split(".").length - 1;
    const instance = evaluator.instance(path, depth);
    const start = { instance, parents: parentsOf(context, instance), early: way.early, late };
    const evaluation = evaluator.evaluate(start, way.cwd);
    tried.push({ way, evaluation });
    // One way alone cannot tell what is ours: a package's member is tried as a script as well.
    const isEnough = tried.length > 1 || !context.tree.isFile(joinPath(folderOf(path), "__init__.py"));
    if (isEnough && evaluation.missing.length === 0 && faultsOf(tried).at(-1) === 0) break;
  }
  const { way, evaluation } = likeliest(tried);
  const { mode, cwd, name } = way;
  const entry: EntryPoint = {
    id: `${mode}:${path}${mode === "module" ? `@${cwd}` : ""}`,
    path,
    command: mode === "script" ? `python ${name}` : `python -m ${name}`,
    cwd,
    mode,
    environment: way.assumed === undefined ? {} : { PYTHONPATH: way.assumed },
    loads: evaluation.missing.length === 0,
    missing: evaluation.missing,
  };
  return { entry, evaluation };
}

/** For each way, how many of the file's own imports that are ours it does not find. */
function faultsOf(tried: readonly { evaluation: Evaluation }[]): number[] {
  const own = tried.map(({ evaluation }) => evaluation.closure[0]?.verdicts ?? []);
  const isFound = (verdict: Verdict | undefined): boolean => verdict?.class === "resolves";
  // An import that some way finds, or finds wanting, is one of ours: a way that leaves it to others is no better.
  const isOurs = (at: number): boolean =>
    own.some((verdicts) => verdicts[at] !== undefined && (isFound(verdicts[at]) || isFailing(verdicts[at])));
  return own.map((verdicts) => verdicts.filter((verdict, at) => !isFound(verdict) && isOurs(at)).length);
}

/** The way with the fewest faults, then the one under which least fails deeper down; the first of equals. */
function likeliest<T extends { evaluation: Evaluation }>(tried: readonly T[]): T {
  const faults = faultsOf(tried);
  const missing = tried.map(({ evaluation }) => evaluation.missing.length);
  let best = 0;
  for (let at = 1; at < tried.length; at++) {
    const fewer = (faults[at] as number) - (faults[best] as number);
    if (fewer < 0 || (fewer === 0 && (missing[at] as number) < (missing[best] as number))) best = at;
  }
  return tried[best] as T;
}
