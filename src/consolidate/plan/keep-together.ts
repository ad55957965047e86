import type { Inventory } from "../inventory.ts";
import type { Treatment } from "./layout.ts";
import type { Proposal } from "./settle-places.ts";

// A package of which more than this share cannot be proven at its files' own places is not taken apart.
const mostUnproven = 0.15;
// Moved as it is, a package may leave this share behind; beyond it, it stays: half a package helps nobody.
const mostLeftBehind = 0.5;

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
      const action = proposed.get(file.path)?.action;
      return file.package === one.name && action !== undefined && action !== "keep" && action !== "leave";
    });
    const failed = moving.filter((file) => unproven.has(file.path));
    const share = failed.length / Math.max(1, moving.length);
    const isWhole = treatment.together.has(one.name) || one.path === "";
    if (!isWhole && moving.length > 1 && share > mostUnproven) {
      together.add(one.name);
      changed.add(one.name);
    } else if (isWhole && share > mostLeftBehind) {
      const first = unproven.get(failed[0]?.path ?? "")?.because[0] ?? "";
      stay.set(one.name, `stays with its package: ${failed.length} of ${moving.length} files were ${first}`);
      changed.add(one.name);
    }
  }
  return { treatment: { together, stay }, changed };
}
