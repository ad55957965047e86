import { isBelow } from "../../shared/index.ts";
import type { TreeAnalysis } from "../../references/index.ts";
import type { Tree, TreeIndex } from "../../repository/index.ts";
import { compose, placeKey, type Composed, type Ground } from "../plan/compose.ts";
import { join } from "../plan/layout.ts";
import type { PlanLine, Repair } from "../plan/schema.ts";
import type { Placement } from "../rewrite/placement.ts";
import { shiftOffset, type Edit } from "../rewrite/splice.ts";
import type { NewFile, TreeChange } from "../transaction/change.ts";
import { compare, isProven, type Comparison } from "./compare.ts";
import { followByEdits } from "./follow.ts";
import { simulate, type SimulatedTree } from "./simulated-tree.ts";

/** Reads a tree and judges it; `packages` are its package roots. */
export type Analyse = (
  tree: Tree & { readonly index: TreeIndex },
  packages: readonly string[],
) => Promise<TreeAnalysis>;

export type State = {
  tree: Tree & { readonly index: TreeIndex };
  analysis: TreeAnalysis;
  packages: readonly string[];
  /** Edits that made this tree of another, by path. */
  repairs?: ReadonlyMap<string, readonly Edit[]>;
};

export type Proof = {
  /** The whole change, repairs included, as one. */
  change: TreeChange;
  after: SimulatedTree;
  analysis: TreeAnalysis;
  comparison: Comparison;
  proven: boolean;
  composed: Composed;
  /** The tree on which the moves were composed: the base with its repairs. */
  repaired: State;
};

function groundOf(state: State, home: string): Ground {
  const roots = state.packages.toSorted((a, b) => b.length - a.length);
  return {
    tree: state.tree,
    extractions: state.analysis.extractions,
    references: state.analysis.references,
    imports: state.analysis.imports,
    entries: state.analysis.entries,
    packageRootOf: (path) => roots.find((root) => root !== path && isBelow(path, root)),
    home,
  };
}

/** The tree with repairs made, before anything moves; the state itself if there are none to make. */
export async function withRepairs(
  base: State,
  repairs: readonly Repair[],
  home: string,
  analyse: Analyse,
): Promise<State> {
  if (!repairs.some((one) => one.apply)) return base;
  const composed = await compose(groundOf(base, home), { lines: [], repairs, winners: new Map() });
  if (composed.change.writes.length === 0) return base;
  const tree = simulate(base.tree, composed.change);
  return {
    tree,
    analysis: await analyse(tree, base.packages),
    packages: base.packages,
    repairs: composed.edits,
  };
}

/** Package roots after the moves: the home, those that still hold files, and those that moved as they were. */
export function packagesAfter(
  index: TreeIndex,
  placement: Placement,
  packages: readonly string[],
  home: string,
): string[] {
  const placed = packages.map((path) => (index.has(path) ? path : placement.folderTo(path)));
  return [...new Set([home, ...placed.filter((path) => index.has(path))])].sort();
}

/** The change with stand-ins for what a home gets by being one: a name beside the code may lead to them. */
function withHomeFiles(change: TreeChange, home: string, after: SimulatedTree): TreeChange {
  const added = [join(home, "README.md"), join(home, "home.json")].filter((path) => !after.index.has(path));
  return {
    ...change,
    writes: [
      ...change.writes,
      ...added.map((path): NewFile => ({ path, bytes: Buffer.from("\n"), mode: "file" })),
    ],
  };
}

/** Problems of composing that the proof bears out: what could not be written may be right as it stands. */
function realProblems(composed: Composed, comparison: Comparison): Composed["problems"] {
  const { references, imports } = comparison;
  const failing = new Set([
    ...[...references.broken, ...references.rebound].map(({ before }) => `${before.path}:${before.line}`),
    ...[...imports.broken, ...imports.rebound].map(({ before }) => `${before.path}:${before.line}`),
  ]);
  return composed.problems.filter((one) => failing.has(`${one.path}:${one.line}`));
}

/** Files that repairs changed and the moves do not rewrite again, as writes at their new places. */
async function carriedWrites(
  base: State,
  repaired: State,
  composed: Composed,
): Promise<TreeChange["writes"]> {
  const again = new Set(composed.change.writes.map((write) => write.path));
  const carried: NewFile[] = [];
  for (const [path, entry] of repaired.tree.index.files) {
    const before = base.tree.index.files.get(path);
    const to = composed.placement.bytesTo(path);
    if (before === undefined || before.blob === entry.blob || to === undefined || again.has(to)) continue;
    carried.push({
      path: to,
      bytes: await repaired.tree.read(entry),
      mode: entry.mode === "exec" ? "exec" : "file",
    });
  }
  return carried;
}

/**
 * Proves lines and repairs on a simulated tree: what they break, bind to another file, or mend. Nothing on disk is
 * touched. Throws `E_PLAN_COLLISION`, `E_PLAN_UNPROVEN` for rewrites that meet.
 */
export async function prove(
  base: State,
  repaired: State,
  input: {
    lines: readonly PlanLine[];
    winners: ReadonlyMap<string, string>;
    home: string;
    anchor?: string | undefined;
    /** Places of the base whose text stays. */
    untouched: readonly { path: string; start: number }[];
  },
  analyse: Analyse,
): Promise<Proof> {
  const composed = await compose(groundOf(repaired, input.anchor ?? input.home), {
    lines: input.lines,
    repairs: [],
    winners: input.winners,
    untouched: new Set(
      input.untouched.map(({ path, start }) =>
        placeKey(path, shiftOffset(repaired.repairs?.get(path) ?? [], start)),
      ),
    ),
  });
  const writes = [...composed.change.writes, ...(await carriedWrites(base, repaired, composed))];
  writes.sort((a, b) => (a.path < b.path ? -1 : 1));
  const change = { ...composed.change, writes };
  const after = simulate(base.tree, change);
  const judged =
    change.moves.length === 0 ? after : simulate(base.tree, withHomeFiles(change, input.home, after));
  const analysis = await analyse(
    judged,
    packagesAfter(after.index, composed.placement, repaired.packages, input.home),
  );
  // Against the tree as it is, not as repaired: a repair must not break anything either.
  const repairs = repaired.repairs ?? new Map<string, readonly Edit[]>();
  const touched = new Set([...repairs.keys(), ...composed.edits.keys()]);
  const comparison = compare({
    before: base.analysis,
    after: analysis,
    placement: composed.placement,
    follow: followByEdits(
      analysis.references,
      new Map([...touched].map((path) => [path, [repairs.get(path) ?? [], composed.edits.get(path) ?? []]])),
    ),
    frozen: composed.frozen,
    index: base.tree.index,
  });
  return {
    change,
    after,
    analysis,
    comparison,
    proven: isProven(comparison),
    composed: { ...composed, problems: realProblems(composed, comparison) },
    repaired,
  };
}
