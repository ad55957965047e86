import type { TreeIndex } from "../../repository/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { checkLines, checkPath } from "./check-lines.ts";
import { checkData } from "./elsewhere.ts";
import type { Plan, PlanLine } from "./schema.ts";

/**
 * Refuses a plan that was edited into nonsense, before anything else looks at it: its home, lines and data. Throws
 * `E_PLAN`, `E_PLAN_PATH`, `E_PLAN_COLLISION`, `E_PLAN_STALE`.
 */
export function checkPlan(plan: Plan, lines: readonly PlanLine[], index: TreeIndex): void {
  for (const [what, folder] of [
    ["home", plan.home],
    ["anchor", plan.anchor],
  ] as const) {
    if (folder === undefined) continue;
    checkPath(folder, what);
    if (index.hasFile(folder))
      throw new TrainingReadyError("E_PLAN_COLLISION", `${what}: ${folder} is a file`, { exitCode: 1 });
  }
  checkLines(lines, index);
  checkData(plan.data);
}
