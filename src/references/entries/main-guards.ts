import { isFailing } from "../imports/evaluate.ts";
import type { Evaluation, Evaluator } from "../imports/evaluation.ts";
import { parentsOf, type Verdict } from "../imports/judge.ts";
import { folderOf } from "../imports/module-tree.ts";
import type { EntryPoint } from "../schema.ts";

const identifier = /^[^\d\W]\w*$/;

type Way = { mode: "script" | "module"; cwd: string; name: string; early: string[]; assumed?: string };

/**
 * The ways in which a file with a main guard may be meant to be started, the likeliest first: as a script, by `-m` from
 * a folder above, as a script with such a folder on the search path.
 */
function* waysToStart(
  path: string,
  folder: string,
  hints: readonly string[],
  fromCwd: boolean,
): Generator<Way, void> {
  yield { mode: "script", cwd: "", name: path, early: [folder] };
  if (hints.length > 0)
    yield { mode: "script", cwd: "", name: path, early: [folder, ...hints], assumed: hints.join(":") };
  const parts = path.replace(/\.py$/, "").split("/");
  const above: string[] = [];
  for (let from = parts.length - 2; from >= 0; from--) {
    const cwd = parts.slice(0, from).join("/");
    above.push(cwd);
    const module = parts.slice(from);
    if (module.every((part) => identifier.test(part)))
      yield { mode: "module", cwd, name: module.join("."), early: [cwd] };
  }
  // `sys.path.insert(0, ".")`: it depends on where it is started.
  if (fromCwd)
    for (const cwd of [folder, ...above]) yield { mode: "script", cwd, name: path, early: [folder] };
  for (const cwd of above)
    yield { mode: "script", cwd: "", name: path, early: [folder, cwd], assumed: cwd === "" ? "." : cwd };
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
  const edits = evaluator.context.names.extractionOf(path)?.searchPaths ?? [];
  const fromCwd = edits.some((edit) => edit.base === "cwd");
  const tried: { way: Way; evaluation: Evaluation }[] = [];
  for (const way of waysToStart(path, folderOf(evaluator.context.tree.real(path) ?? path), hints, fromCwd)) {
    const depth = way.mode === "script" ? 0 : way.name.split(".").length - 1;
    const instance = evaluator.instance(path, depth);
    const start = { instance, parents: parentsOf(evaluator.context, instance), early: way.early, late };
    const evaluation = evaluator.evaluate(start, way.cwd);
    tried.push({ way, evaluation });
    if (evaluation.missing.length === 0 && !evaluation.closure[0]?.hasFailure) break;
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

/** The way with the fewest faults: own imports of ours that it does not find, then what fails deeper down. */
function likeliest<T extends { evaluation: Evaluation }>(tried: readonly T[]): T {
  const own = tried.map(({ evaluation }) => evaluation.closure[0]?.verdicts ?? []);
  const isFound = (verdict: Verdict | undefined): boolean => verdict?.class === "resolves";
  // An import that some way finds, or finds wanting, is one of ours: a way that leaves it to others is no better.
  const isOurs = (at: number): boolean =>
    own.some((verdicts) => verdicts[at] !== undefined && (isFound(verdicts[at]) || isFailing(verdicts[at])));
  const faults = own.map(
    (verdicts) => verdicts.filter((verdict, at) => !isFound(verdict) && isOurs(at)).length,
  );
  let best = 0;
  for (let at = 1; at < tried.length; at++) {
    const fewer = (faults[at] as number) - (faults[best] as number);
    const missing = (one: number): number => (tried[one] as T).evaluation.missing.length;
    if (fewer < 0 || (fewer === 0 && missing(at) < missing(best))) best = at;
  }
  return tried[best] as T;
}
