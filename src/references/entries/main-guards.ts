import type { EntryPoint } from "../schema.ts";
import type { Evaluation, Evaluator } from "../imports/evaluation.ts";
import { folderOf } from "../imports/module-tree.ts";

const identifier = /^[^\d\W]\w*$/;

/** The ways in which a file with a main guard may be meant to be started: as a script, or by `-m` from a folder above. */
function* waysToStart(
  path: string,
): Generator<{ mode: "script" | "module"; cwd: string; name: string }, void> {
  yield { mode: "script", cwd: "", name: path };
  const parts = path.replace(/\.py$/, "").split("/");
  for (let from = parts.length - 2; from >= 0; from--) {
    if (!identifier.test(parts[from] as string)) return;
    yield { mode: "module", cwd: parts.slice(0, from).join("/"), name: parts.slice(from).join(".") };
  }
}

/**
 * A file with a main guard that no known command starts. It counts as started in the way under which most loads, a
 * script before a module, so that a module meant for `-m` is not called broken.
 */
export function mainGuardStarts(
  evaluator: Evaluator,
  path: string,
  late: readonly string[],
): { entry: EntryPoint; evaluation: Evaluation } {
  let best: { entry: EntryPoint; evaluation: Evaluation } | undefined;
  const real = evaluator.context.tree.real(path) ?? path;
  for (const { mode, cwd, name } of waysToStart(path)) {
    const early = [mode === "script" ? folderOf(real) : cwd];
    const depth = mode === "script" ? 0 : name.split(".").length - 1;
    const evaluation = evaluator.evaluate({ instance: { path, depth }, early, late }, cwd);
    const { missing } = evaluation;
    if (best !== undefined && missing.length >= best.entry.missing.length) continue;
    best = {
      entry: {
        id: `${mode}:${path}${cwd === "" ? "" : `@${cwd}`}`,
        path,
        command: mode === "script" ? `python ${name}` : `python -m ${name}`,
        cwd,
        mode,
        environment: {},
        loads: missing.length === 0,
        missing,
      },
      evaluation,
    };
    if (missing.length === 0) break;
  }
  return best as { entry: EntryPoint; evaluation: Evaluation };
}
