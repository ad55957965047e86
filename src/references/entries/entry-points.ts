import type { Evaluation, Evaluator } from "../imports/evaluation.ts";
import { parentsOf } from "../imports/judge.ts";
import type { Exports } from "../imports/search-hints.ts";
import type { EntryPoint } from "../schema.ts";
import type { PlannedStart } from "./command-starts.ts";

const idOf = (start: PlannedStart): string => {
  const environment = start.environment["PYTHONPATH"];
  const cwd = start.mode === "script" || start.mode === "console" ? "" : `@${start.cwd}`;
  return `${start.mode}:${start.path}${cwd}${environment === undefined ? "" : `#PYTHONPATH=${environment}`}`;
};

/**
 * Evaluates what a command starts. If it does not load as it stands, the PYTHONPATH that documents around it export is
 * allowed for: people set it before.
 */
export function entryOfStart(
  evaluator: Evaluator,
  start: PlannedStart,
  late: readonly string[],
  exports: Exports,
): { entry: EntryPoint; evaluation: Evaluation | undefined } {
  const entry: EntryPoint = {
    id: idOf(start),
    path: start.path,
    command: start.command,
    cwd: start.cwd,
    mode: start.mode,
    environment: start.environment,
    loads: false,
    missing: start.missing === undefined ? [] : [start.missing],
  };
  if (start.missing !== undefined) return { entry, evaluation: undefined };
  const instance = evaluator.instance(start.path, start.depth);
  const parents = parentsOf(evaluator.context, instance);
  const { early } = start;
  let evaluation = evaluator.evaluate({ instance, parents, early, late, open: start.open }, start.cwd);
  const more = exports.folders.filter((folder) => !early.includes(folder));
  if (evaluation.missing.length > 0 && (more.length > 0 || exports.open)) {
    const wide = { instance, parents, early: [...early, ...more], late, open: start.open || exports.open };
    const wider = evaluator.evaluate(wide, start.cwd);
    if (wider.missing.length < evaluation.missing.length) evaluation = wider;
  }
  const missing = [...evaluation.missing, ...missingNames(evaluator, start, evaluation)];
  return { entry: { ...entry, loads: missing.length === 0, missing }, evaluation };
}

function missingNames(evaluator: Evaluator, start: PlannedStart, evaluation: Evaluation): string[] {
  const { search } = evaluation.loader;
  const at = {
    kind: start.path.endsWith("/__init__.py") ? ("package" as const) : ("module" as const),
    path: start.path,
  };
  return start.names
    .filter((name) => evaluator.context.names.has(at, name, search) === "no")
    .map((name) => `:${name}`);
}
