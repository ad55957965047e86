import type { JobEvent } from "../../shared/index.ts";
import type { Inventory } from "../inventory.ts";
import type { Comparison } from "../proof/compare.ts";
import { prove, withRepairs, type Analyse, type Proof, type State } from "../proof/prove.ts";
import { checkLines } from "./check-lines.ts";
import { isBelow } from "./layout.ts";
import { proposeListed, type ListedMove } from "./listed-moves.ts";
import { carryPins, makeLines } from "./make-lines.ts";
import { decidedLines } from "./plan-file.ts";
import { proposeRepairs, repairsOutside } from "./repairs.ts";
import type { Plan, PlanLine, Repair } from "./schema.ts";
import { settlePlaces, type Proposal } from "./settle-places.ts";

/** What is to be planned: packages into the home, a person's own list of moves, or only repairs. */
export type PlanSource =
  | { kind: "packages"; chosen: ReadonlySet<string>; only?: string }
  | { kind: "moves"; moves: readonly ListedMove[]; fileName: string }
  | { kind: "repairs" };

export type Planned = { plan: Plan; proof: Proof; misfits: string[]; rounds: number };

const mostRounds = 16;

/** Archived path -> the file that is used instead of it. */
export function winnersOf(lines: readonly PlanLine[]): Map<string, string> {
  const winners = new Map<string, string>();
  for (const line of lines)
    if (line.action === "archive" && line.instead !== undefined) winners.set(line.from, line.instead);
  return winners;
}

/** What a change would break; `place`: the reference whose rewriting may be at fault. */
type Failure = { paths: string[]; why: string; place?: { path: string; start: number } };

function failuresOf(proof: Proof): Failure[] {
  const { references, imports, entries }: Comparison = proof.comparison;
  const failures: Failure[] = [];
  for (const one of proof.composed.problems) {
    failures.push({
      paths: [one.target ?? "", one.path],
      why: `${one.path}:${one.line}: ${one.subject}: ${one.why}`,
    });
  }
  for (const [what, list] of [
    ["would no longer resolve", references.broken],
    ["would name another file", references.rebound],
  ] as const) {
    for (const { before, after } of list) {
      const now = after.target === null ? "" : ` (${after.target})`;
      failures.push({
        paths: [before.target ?? "", before.path],
        why: `${before.path}:${before.line}: ${before.raw} ${what}${now}`,
        ...(before.raw === after.raw ? {} : { place: { path: before.path, start: before.start } }),
      });
    }
  }
  for (const [what, list] of [
    ["would fail", imports.broken],
    ["would load another file", imports.rebound],
  ] as const) {
    for (const { before } of list) {
      failures.push({
        paths: [before.path, before.target ?? ""],
        why: `${before.path}:${before.line}: import ${before.module} ${what}`,
      });
    }
  }
  for (const { before, after } of entries.broken) {
    failures.push({
      paths: [before.path],
      why: `${before.command}: would not load${after === null ? "" : ` (${after.missing.join(", ")})`}`,
    });
  }
  return failures;
}

/** Turns the moves behind failures into `keep`, each with its reason; true if any line changed. */
function demote(proposals: Map<string, Proposal>, failures: readonly Failure[]): boolean {
  let changed = false;
  const keep = (path: string, why: string): boolean => {
    const proposal = proposals.get(path);
    if (proposal === undefined || proposal.action === "keep" || proposal.action === "leave") return false;
    proposals.set(path, { action: "keep", because: [`not proven elsewhere: ${why}`] });
    return true;
  };
  for (const { paths, why } of failures) {
    let moved = false;
    for (const path of paths) moved = keep(path, why) || moved;
    // A folder that is named: what lies in it stays.
    if (!moved) {
      for (const path of paths) {
        if (path === "") continue;
        for (const [file] of proposals)
          if (isBelow(file, path) && file !== path) moved = keep(file, why) || moved;
      }
    }
    changed = moved || changed;
  }
  return changed;
}

/** What a deleted or archived file relies on stays reachable: a keeper that is itself archived passes its role on. */
function settleKeepers(proposals: Map<string, Proposal>): void {
  for (const [path, one] of proposals) {
    if (one.action !== "delete" || one.keptAt === undefined) continue;
    const keeper = proposals.get(one.keptAt);
    if (keeper?.action === "delete" || keeper?.action === "archive")
      proposals.set(path, { action: "keep", because: [`${one.keptAt} does not stay`] });
  }
}

/** Gives up rewrites and repairs that are themselves what fails; true if any was. */
function leaveText(failures: readonly Failure[], untouched: Plan["untouched"], repairs: Repair[]): boolean {
  let changed = false;
  for (const { place } of failures) {
    if (place === undefined || untouched.some((one) => one.path === place.path && one.start === place.start))
      continue;
    untouched.push(place);
    changed = true;
    const at = repairs.findIndex((one) => one.at.startsWith(`${place.path}:`) && one.start === place.start);
    const repair = repairs[at];
    if (repair !== undefined) repairs[at] = { ...repair, apply: false };
  }
  untouched.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start));
  return changed;
}

function proposalsOf(input: {
  inventory: Inventory;
  home: string;
  source: PlanSource;
}): Map<string, Proposal> {
  const { inventory, home, source } = input;
  if (source.kind === "repairs") return new Map();
  if (source.kind === "moves") return proposeListed(source.moves, inventory.index, source.fileName);
  const proposals = settlePlaces(inventory, home, source.chosen);
  if (source.only === undefined) return proposals;
  for (const file of inventory.files) {
    if (file.package !== source.only && proposals.has(file.path)) {
      proposals.set(file.path, { action: "leave", because: [`only ${source.only} moves`] });
    }
  }
  return proposals;
}

/** The inventory with a row for every file that is to move: a person's list may name files of no package. */
function withFiles(inventory: Inventory, proposals: ReadonlyMap<string, Proposal>): Inventory {
  const known = new Set(inventory.files.map((file) => file.path));
  const more = [...proposals.keys()]
    .filter((path) => !known.has(path))
    .map((path) => {
      const entry = inventory.index.files.get(path);
      return {
        path,
        package: "",
        role: "unplaced" as const,
        blob: entry?.blob ?? "",
        bytes: entry?.size ?? 0,
      };
    });
  return more.length === 0 ? inventory : { ...inventory, files: [...inventory.files, ...more] };
}

/**
 * Makes a plan for the chosen packages and proves it on a simulated tree; a move that cannot be proven becomes `keep`,
 * with the reason. The same input gives the same plan. Yields progress.
 */
export async function* makePlan(input: {
  inventory: Inventory;
  state: State;
  home: string;
  source: PlanSource;
  earlier?: Plan;
  analyse: Analyse;
}): AsyncGenerator<JobEvent, Planned> {
  const { state, home, analyse, source } = input;
  const proposals = proposalsOf(input);
  const inventory = withFiles(input.inventory, proposals);
  const repairs = proposeRepairs(state.analysis.references);
  const untouched: Plan["untouched"] = [...(input.earlier?.untouched ?? [])];
  const empty: Plan = {
    version: 1,
    base: inventory.commit,
    home,
    decisions: input.earlier?.decisions ?? [],
    lines: [],
    repairs,
    untouched,
  };
  const carry = (lines: PlanLine[]): { plan: Plan; misfits: string[] } =>
    input.earlier === undefined
      ? { plan: { ...empty, lines }, misfits: [] }
      : carryPins({ ...empty, lines }, input.earlier);
  yield { type: "plan-proposed", label: "proving the plan", done: 0, total: mostRounds };
  let repaired = state;
  let made = "";
  for (let round = 1; ; round++) {
    settleKeepers(proposals);
    const { plan, misfits } = carry(makeLines(inventory, proposals));
    const lines = decidedLines(plan);
    checkLines(lines, state.tree.index);
    const live = repairsOutside(lines, plan.repairs);
    const wanted = JSON.stringify(live.filter((one) => one.apply));
    if (wanted !== made) repaired = await withRepairs(state, live, home, analyse);
    made = wanted;
    const proof = await prove(
      state,
      repaired,
      { lines, winners: winnersOf(lines), home, untouched },
      analyse,
    );
    yield { type: "plan-proved", label: "proving the plan", done: round, total: mostRounds };
    const failures = failuresOf(proof);
    const mended = failures.length > 0 && round < mostRounds;
    if (mended && source.kind !== "moves" && demote(proposals, failures)) continue;
    if (mended && leaveText(failures, untouched, repairs)) continue;
    yield { type: "plan-settled", label: "proving the plan", done: mostRounds, total: mostRounds };
    return { plan: { ...plan, repairs: live }, proof, misfits, rounds: round };
  }
}
