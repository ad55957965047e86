import type { HomeManifest } from "../home/index.ts";
import { TrainingReadyError } from "../shared/index.ts";
import { homeFiles, manifestAfter, readmeWith } from "./home-files.ts";
import type { Inventory } from "./inventory.ts";
import { checkPlan } from "./plan/check-plan.ts";
import { decidedDatasets } from "./plan/elsewhere.ts";
import { join } from "./plan/layout.ts";
import { winnersOf } from "./plan/make-plan.ts";
import { decidedLines } from "./plan/plan-file.ts";
import { proposeRepairs, repairsOutside } from "./plan/repairs.ts";
import type { Plan, PlanLine, Repair } from "./plan/schema.ts";
import { prove, withRepairs, type Analyse, type Proof, type State } from "./proof/prove.ts";
import { makeRecord, recordPath } from "./record.ts";
import type { TreeChange } from "./transaction/change.ts";
import { changedAttributes } from "./transaction/place-rules.ts";

export type Prepared = { change: TreeChange; proof: Proof; lines: PlanLine[] };

/** A plan's repairs found again in the tree as it is; those that are gone are left out, and said by count. */
function sameRepairs(plan: Plan, state: State): Repair[] {
  const fresh = proposeRepairs(state.analysis.references);
  return plan.repairs.flatMap((one) => {
    const now = fresh.find(
      (other) => other.at === one.at && other.from === one.from && other.start === one.start,
    );
    return now === undefined ? [] : [{ ...now, to: one.to, apply: one.apply }];
  });
}

function refuseUnproven(proof: Proof): void {
  if (proof.proven && proof.composed.problems.length === 0) return;
  const { references, imports, entries } = proof.comparison;
  const said = [
    ...proof.composed.problems.map((one) => `${one.path}:${one.line}: ${one.subject}: ${one.why}`),
    ...[...references.broken, ...references.rebound].map(
      (one) => `${one.before.path}:${one.before.line}: ${one.before.raw}`,
    ),
    ...[...imports.broken, ...imports.rebound].map(
      (one) => `${one.before.path}:${one.before.line}: import ${one.before.module}`,
    ),
    ...entries.broken.map((one) => one.before.command),
  ];
  throw new TrainingReadyError(
    "E_PLAN_UNPROVEN",
    `the plan would break ${said.length}: ${said.slice(0, 5).join("; ")}`,
    { exitCode: 1 },
  );
}

/**
 * Checks and proves a plan on the tree as it is now, and makes the whole change of it, home files included. Throws
 * `E_PLAN`, `E_PLAN_PATH`, `E_PLAN_COLLISION`, `E_PLAN_STALE`, `E_PLAN_UNPROVEN`.
 */
export async function prepare(input: {
  plan: Plan;
  inventory: Inventory;
  state: State;
  analyse: Analyse;
  datasets: HomeManifest["datasets"];
}): Promise<Prepared> {
  const { plan, inventory, state, analyse } = input;
  const lines = decidedLines(plan);
  checkPlan(plan, lines, state.tree.index);
  const repaired = await withRepairs(
    state,
    repairsOutside(lines, sameRepairs(plan, state)),
    plan.home,
    analyse,
  );
  const proof = await prove(
    state,
    repaired,
    { lines, winners: winnersOf(lines), home: plan.home, anchor: plan.anchor, untouched: plan.untouched },
    analyse,
  );
  refuseUnproven(proof);
  const changed = await changedAttributes(
    inventory.root,
    inventory.commit,
    proof.change.moves,
    state.tree.index,
  );
  if (changed.length > 0) {
    const { from, to, why } = changed[0] as (typeof changed)[number];
    throw new TrainingReadyError(
      "E_PLAN_ATTRIBUTES",
      `${changed.length} moves would change what git writes, the first: ${from} to ${to}: ${why}`,
      { exitCode: 1 },
    );
  }
  if (lines.every((line) => line.action === "keep" || line.action === "leave")) {
    return { change: proof.change, proof, lines };
  }
  const readmePath = join(plan.home, "README.md");
  const readmeEntry = proof.after.index.files.get(readmePath);
  const readmeBefore =
    readmeEntry === undefined ? undefined : Buffer.from(await proof.after.read(readmeEntry)).toString("utf8");
  const made = proof.change.writes.map((write) => write.path).filter((path) => !proof.after.origin.has(path));
  const written = [readmePath, join(plan.home, "home.json"), recordPath(plan.home), ...made];
  const files = homeFiles(plan.home, {
    readme: readmeWith(readmeBefore, plan.home, lines),
    manifest: await manifestAfter({
      inventory,
      lines,
      home: plan.home,
      tree: proof.after,
      datasets: decidedDatasets(input.datasets, plan.data),
      written: new Set(written),
    }),
    record: makeRecord({
      plan,
      lines,
      composed: proof.composed,
      repairs: repaired.repairs ?? new Map(),
      written,
      packages: state.packages,
    }),
  });
  const own = new Set(files.map((file) => file.path));
  const writes = [...proof.change.writes.filter((write) => !own.has(write.path)), ...files].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return { change: { ...proof.change, writes }, proof, lines };
}
