import type { Evaluation, Evaluator } from "../imports/evaluation.ts";
import { folderOf } from "../imports/module-tree.ts";
import type { EntryPoint } from "../schema.ts";

const identifier = /^[^\d\W]\w*$/;

type Way = { mode: "script" | "module"; cwd: string; name: string; early: string[]; assumed?: string };

/**
 * The ways in which a file with a main guard may be meant to be started, the likeliest first: as a script, by `-m` from
 * a folder above, as a script with such a folder on the search path.
 */
function* waysToStart(path: string, folder: string, hints: readonly string[]): Generator<Way, void> {
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
  let best: { way: Way; evaluation: Evaluation } | undefined;
  for (const way of waysToStart(path, folderOf(evaluator.context.tree.real(path) ?? path), hints)) {
    const depth = way.mode === "script" ? 0 : way.name.split(".").length - 1;
    const evaluation = evaluator.evaluate({ instance: { path, depth }, early: way.early, late }, way.cwd);
    if (best === undefined || evaluation.missing.length < best.evaluation.missing.length)
      best = { way, evaluation };
    if (evaluation.missing.length === 0) break;
  }
  const { way, evaluation } = best as { way: Way; evaluation: Evaluation };
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
