import { folderOf, isBelow, nameOf } from "../../shared/index.ts";
import type { Inventory, InventoryCopy } from "../inventory.ts";

/** A reason that a command can check again: `kind` names the check, the rest its subject. */
export type Reason = { weight: 8 | 4 | 2 | 1; text: string };

/** What is decided about one file that overlaps another. */
export type Verdict =
  | { kind: "delete"; keptAt: string; because: string[] }
  | { kind: "archive"; instead: string; because: string[] }
  | { kind: "both"; other: string; because: string[] };

type Scored = { path: string; score: number; reasons: Reason[] };

function entriesOf(inventory: Inventory, path: string): { loads: number; fails: number } {
  let loads = 0;
  let fails = 0;
  for (const entry of inventory.entries) {
    if (entry.path !== path) continue;
    if (entry.loads) loads++;
    else fails++;
  }
  return { loads, fails };
}

function referencedFromOutside(inventory: Inventory, path: string, packageFolder: string): number {
  let count = 0;
  for (const reference of inventory.references) {
    if (
      reference.class === "resolves" &&
      reference.target === path &&
      !isBelow(reference.path, packageFolder)
    )
      count++;
  }
  return count;
}

function works(one: { loads: number; fails: number }): boolean {
  return one.loads > 0 && one.fails === 0;
}

/**
 * How strongly each of two versions claims to be the canonical one. Weights are powers of two, so that an earlier
 * reason wins over all later ones together: its entries load (8), the other is its older version (4), it holds all
 * that the other holds (2), it is referenced more from outside (1).
 */
export function scorePair(inventory: Inventory, copy: InventoryCopy): { a: Scored; b: Scored } {
  const a: Scored = { path: copy.a, score: 0, reasons: [] };
  const b: Scored = { path: copy.b, score: 0, reasons: [] };
  const give = (to: Scored, weight: Reason["weight"], text: string): void => {
    to.score += weight;
    to.reasons.push({ weight, text });
  };
  const [entriesA, entriesB] = [entriesOf(inventory, copy.a), entriesOf(inventory, copy.b)];
  if (works(entriesA) && entriesB.fails > 0) give(a, 8, `entries load: ${copy.a}; those of ${copy.b} do not`);
  if (works(entriesB) && entriesA.fails > 0) give(b, 8, `entries load: ${copy.b}; those of ${copy.a} do not`);
  if (copy.relation === "older") {
    const proof = copy.evidence.find((one) => one.commit !== undefined);
    const at = proof?.commit === undefined ? "" : ` at commit ${proof.commit.slice(0, 12)}`;
    give(
      b,
      4,
      `older version: ${copy.a} is ${copy.b}${at}${copy.behind === undefined ? "" : `, ${copy.behind} versions behind`}`,
    );
  }
  if (copy.relation !== "older" && copy.containment >= 0.98) {
    give(b, 2, `superset: ${copy.b} holds ${Math.round(copy.containment * 100)} % of ${copy.a}`);
  }
  const outsideA = referencedFromOutside(inventory, copy.a, folderOf(copy.a));
  const outsideB = referencedFromOutside(inventory, copy.b, folderOf(copy.b));
  if (outsideA > outsideB)
    give(a, 1, `referenced from outside ${outsideA} times: ${copy.a}; ${copy.b} ${outsideB}`);
  if (outsideB > outsideA)
    give(b, 1, `referenced from outside ${outsideB} times: ${copy.b}; ${copy.a} ${outsideA}`);
  return { a, b };
}

/** The copy of a group of equal files that stays: in the home, else of the package with most files, else first by path. */
function keeperOf(paths: readonly string[], home: string, weightOf: (path: string) => number): string {
  return paths.toSorted(
    (a, b) =>
      Number(isBelow(b, home)) - Number(isBelow(a, home)) || weightOf(b) - weightOf(a) || (a < b ? -1 : 1),
  )[0] as string;
}

/** Verdicts on the overlaps among the chosen files; a file without one simply moves. */
export function judgeOverlaps(
  inventory: Inventory,
  home: string,
  places: ReadonlyMap<string, string>,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const packageOf = new Map(inventory.files.map((file) => [file.path, file.package]));
  const size = new Map<string, number>();
  for (const file of inventory.files) size.set(file.package, (size.get(file.package) ?? 0) + 1);
  const weightOf = (path: string): number => size.get(packageOf.get(path) ?? "") ?? 0;

  for (const group of inventory.groups) {
    // Equal files of one name in different packages are duplicates; others may be equal by chance or design.
    const chosen = group.paths.filter((path) => places.has(path));
    const byName = groupByName(chosen);
    for (const same of byName.values()) {
      const packages = new Set(same.map((path) => packageOf.get(path)));
      if (same.length < 2 || packages.size < 2) continue;
      const kept = keeperOf(same, home, weightOf);
      for (const path of same) {
        if (path === kept) continue;
        if (packageOf.get(path) === packageOf.get(kept)) continue;
        verdicts.set(path, { kind: "delete", keptAt: kept, because: [`same bytes: ${path} and ${kept}`] });
      }
    }
  }
  for (const copy of inventory.copies) {
    if (!places.has(copy.a) || !places.has(copy.b) || verdicts.has(copy.a) || verdicts.has(copy.b)) continue;
    if (nameOf(copy.a) !== nameOf(copy.b) || packageOf.get(copy.a) === packageOf.get(copy.b)) continue;
    const { a, b } = scorePair(inventory, copy);
    const because = [...a.reasons, ...b.reasons].sort((x, y) => y.weight - x.weight).map((one) => one.text);
    if (copy.relation === "format-only" && a.score === b.score) {
      verdicts.set(copy.a, {
        kind: "archive",
        instead: copy.b,
        because: [`same but for format: ${copy.a} and ${copy.b}`],
      });
    } else if (a.score === b.score) {
      const why =
        because.length === 0
          ? `no reason decides between ${copy.a} and ${copy.b}: both stay`
          : because.join("; ");
      verdicts.set(copy.a, { kind: "both", other: copy.b, because: [why] });
    } else {
      const [winner, loser] = a.score > b.score ? [a, b] : [b, a];
      verdicts.set(loser.path, { kind: "archive", instead: winner.path, because });
    }
  }
  return verdicts;
}

function groupByName(paths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) groups.set(nameOf(path), [...(groups.get(nameOf(path)) ?? []), path]);
  return groups;
}
