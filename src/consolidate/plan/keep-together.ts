import type { Inventory } from "../inventory.ts";
import { isBelow } from "../../shared/index.ts";
import type { Analysis } from "../proof/compare.ts";
import { isDocument } from "../rewrite/placement.ts";
import type { Treatment } from "./layout.ts";
import type { Proposal } from "./settle-places.ts";

// A package of which more than this share cannot be proven at its files' own places is not taken apart.
const mostUnproven = 0.15;
// Moved as it is, a package may leave this share behind; beyond it, it stays: half a package helps nobody.
const mostLeftBehind = 0.5;
// A file that stays behind and works with this many that move holds them: they would all reach back to it.
const manyLinks = 3;

const leaves = (proposal: Proposal | undefined): boolean =>
  proposal !== undefined && proposal.action !== "keep" && proposal.action !== "leave";

/** Pairs of files of which one names, runs or loads the other; documents name many files and need none. */
export function linksOf({ references, imports }: Analysis): { from: string; to: string }[] {
  return [...references, ...imports].flatMap(({ path, target, class: verdict }) =>
    verdict === "resolves" && target !== undefined && target !== path && !isDocument(path)
      ? [{ from: path, to: target.replace(/\/+$/, "") }]
      : [],
  );
}

/**
 * A package that moves as it is comes apart only at its seams: a file that stays and works with several that would move
 * keeps its folder with it, or the whole package where it lies beside the folders. Gives what else stays, and why.
 */
export function keepUnits(
  inventory: Inventory,
  treatment: Treatment,
  proposals: ReadonlyMap<string, Proposal>,
  unproven: ReadonlyMap<string, Proposal>,
  links: readonly { from: string; to: string }[],
): Map<string, Proposal> {
  const more = new Map<string, Proposal>();
  const packages = new Map(inventory.packages.map((one) => [one.name, one]));
  const packageOf = new Map(inventory.files.map((file) => [file.path, file.package]));
  for (const [path, { because }] of unproven) {
    const one = packages.get(packageOf.get(path) ?? "");
    if (one === undefined || one.path === "" || !treatment.together.has(one.name) || isDocument(path))
      continue;
    const goes = (file: string): boolean =>
      packageOf.get(file) === one.name && leaves(proposals.get(file)) && !isDocument(file);
    const others = links.flatMap(({ from, to }) => (to === path ? [from] : from === path ? [to] : []));
    if (new Set(others.filter(goes)).size < manyLinks) continue;
    const [first = "", ...rest] = path.slice(one.path.length + 1).split("/");
    const unit = rest.length === 0 ? one.path : `${one.path}/${first}`;
    for (const file of proposals.keys())
      if (isBelow(file, unit) && goes(file))
        more.set(file, { action: "keep", because: [`stays with ${path}: ${because[0] ?? ""}`] });
  }
  return more;
}

/**
 * Looks at how much of each package could not be proven: taking it apart is given up for moving it as it is, and that,
 * or a package that is the repository itself, for leaving it in place. Gives the packages that are treated anew.
 */
export function keepTogether(
  inventory: Inventory,
  proposed: ReadonlyMap<string, Proposal>,
  unproven: ReadonlyMap<string, Proposal>,
  treatment: Treatment,
): { treatment: Treatment; changed: Set<string> } {
  const [together, stay] = [new Set(treatment.together), new Map(treatment.stay)];
  const changed = new Set<string>();
  for (const one of inventory.packages) {
    if (treatment.stay.has(one.name)) continue;
    const moving = inventory.files.filter((file) => {
      return file.package === one.name && leaves(proposed.get(file.path));
    });
    const failed = moving.filter((file) => unproven.has(file.path));
    const share = failed.length / Math.max(1, moving.length);
    const isWhole = treatment.together.has(one.name) || one.path === "";
    if (!isWhole && moving.length > 1 && share > mostUnproven) {
      together.add(one.name);
      changed.add(one.name);
    } else if (isWhole && share > mostLeftBehind) {
      const reasons = failed.map(({ path }) => unproven.get(path)?.because[0] ?? "");
      // What git's rules forbid comes before what only follows from it.
      const first =
        reasons.find((reason) => reason.startsWith("not moved to")) ??
        reasons.find((reason) => !reason.startsWith("stays with")) ??
        "";
      stay.set(one.name, `stays with its package: ${failed.length} of ${moving.length} files were ${first}`);
      changed.add(one.name);
    }
  }
  return { treatment: { together, stay }, changed };
}
