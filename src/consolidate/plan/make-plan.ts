import type { JobEvent } from "../../shared/index.ts";
import type { Inventory } from "../inventory.ts";
import { changedAttributes } from "../transaction/place-rules.ts";
import { prove, withRepairs, type Analyse, type Proof, type State } from "../proof/prove.ts";
import { checkLines } from "./check-lines.ts";
import { carryData } from "./elsewhere.ts";
import { demote, failuresOf, type Failure } from "./failures.ts";
import { keepTogether, keepUnits, linksOf } from "./keep-together.ts";
import type { Treatment } from "./layout.ts";
import { anchorOf, proposeListed, type ListedMove } from "./listed-moves.ts";
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

/** What a deleted or archived file relies on stays reachable: a keeper that is itself archived passes its role on. */
function settleKeepers(proposals: Map<string, Proposal>): void {
  for (const [path, one] of proposals) {
    if (one.action !== "delete" || one.keptAt === undefined) continue;
    const keeper = proposals.get(one.keptAt);
    if (keeper?.action === "delete" || keeper?.action === "archive")
      proposals.set(path, { action: "keep", because: [`${one.keptAt} does not stay`] });
  }
}

/** Keeps in place what git would treat in another way at its new place. */
async function keepAttributes(
  { root, commit, index }: Inventory,
  proposals: Map<string, Proposal>,
  unproven: Map<string, Proposal>,
): Promise<void> {
  const moves = [...proposals].flatMap(([from, { action, to }]) =>
    (action === "move" || action === "archive") && to !== undefined && to !== from ? [{ from, to }] : [],
  );
  for (const { from, to, why } of await changedAttributes(root, commit, moves, index)) {
    const kept: Proposal = { action: "keep", because: [`not moved to ${to}: ${why}`] };
    proposals.set(from, kept);
    unproven.set(from, kept);
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

function proposalsOf(
  input: { inventory: Inventory; home: string; source: PlanSource },
  treatment: Treatment,
): Map<string, Proposal> {
  const { inventory, home, source } = input;
  if (source.kind === "repairs") return new Map();
  if (source.kind === "moves") return proposeListed(source.moves, inventory.index, source.fileName);
  const proposals = settlePlaces(inventory, home, source.chosen, treatment);
  for (const file of inventory.files) {
    const proposal = proposals.get(file.path);
    if (proposal === undefined) continue;
    const stays = treatment.stay.get(file.package);
    if (source.only !== undefined && file.package !== source.only)
      proposals.set(file.path, { action: "leave", because: [`only ${source.only} moves`] });
    else if (stays !== undefined && proposal.action !== "keep")
      proposals.set(file.path, { action: "keep", because: [stays] });
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
  /** Data sets that are not here, and what a listing of other places holds. */
  data?: Pick<Plan, "data" | "elsewhere">;
}): AsyncGenerator<JobEvent, Planned> {
  const { state, home, analyse, source } = input;
  let treatment: Treatment = { together: new Set(), stay: new Map() };
  const unproven = new Map<string, Proposal>();
  const anchor = source.kind === "moves" ? anchorOf(source.moves, home) : undefined;
  let proposed = proposalsOf(input, treatment);
  let proposals = new Map(proposed);
  const inventory = withFiles(input.inventory, proposals);
  const packageOf = new Map(inventory.files.map((file) => [file.path, file.package]));
  const repairs = proposeRepairs(state.analysis.references);
  const links = linksOf(state.analysis);
  const untouched: Plan["untouched"] = [...(input.earlier?.untouched ?? [])];
  const empty: Plan = {
    version: 1,
    base: inventory.commit,
    home,
    ...(anchor === undefined ? {} : { anchor }),
    decisions: input.earlier?.decisions ?? [],
    lines: [],
    repairs,
    data: carryData(input.data?.data ?? [], input.earlier?.data ?? []),
    ...(input.data?.elsewhere === undefined ? {} : { elsewhere: input.data.elsewhere }),
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
    if (source.kind === "packages") await keepAttributes(inventory, proposals, unproven);
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
      { lines, winners: winnersOf(lines), home, anchor, untouched },
      analyse,
    );
    yield { type: "plan-proved", label: "proving the plan", done: round, total: mostRounds };
    const failures = failuresOf(proof);
    const mended = failures.length > 0 && round < mostRounds;
    const demoted =
      mended && source.kind === "packages" ? demote(proposals, failures, { packageOf, widely: false }) : null;
    if (mended && (demoted?.size ?? 0) === 0 && leaveText(failures, untouched, repairs)) continue;
    if (demoted !== null) {
      const kept = demoted.size > 0 ? demoted : demote(proposals, failures, { packageOf, widely: true });
      for (const path of kept) unproven.set(path, proposals.get(path) as Proposal);
      if (source.kind === "packages") {
        for (const [path, one] of keepUnits(inventory, treatment, proposals, unproven, links)) {
          proposals.set(path, one);
          unproven.set(path, one);
        }
      }
      const judged = keepTogether(inventory, proposed, unproven, treatment);
      const { changed } = judged;
      if (changed.size > 0) {
        treatment = judged.treatment;
        for (const path of unproven.keys()) if (changed.has(packageOf.get(path) ?? "")) unproven.delete(path);
        proposed = proposalsOf(input, treatment);
        proposals = new Map([...proposed, ...unproven]);
      }
      continue;
    }
    yield { type: "plan-settled", label: "proving the plan", done: mostRounds, total: mostRounds };
    return { plan: { ...plan, repairs: live }, proof, misfits, rounds: round };
  }
}
