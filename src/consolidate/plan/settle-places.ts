import { isBelow, nameOf } from "../../shared/index.ts";
import type { Inventory } from "../inventory.ts";
import { judgeOverlaps, type Verdict } from "./canonical.ts";
import { join, proposePlaces, shortName, speaksForRepository, type Treatment } from "./layout.ts";
import type { Action, PlanLine } from "./schema.ts";

/** What is proposed for one file, before proof. */
export type Proposal = { action: Action; to?: string; keptAt?: string; because: string[]; other?: string };

const fold = (path: string): string => path.normalize("NFC").toLowerCase();
const suffixOf = (name: string): string => /\.[A-Za-z0-9]+$/.exec(name)?.[0] ?? "";

/** A second file for a taken place: named after its package, then numbered. */
function freePlace(place: string, packageName: string, isTaken: (path: string) => boolean): string {
  const name = nameOf(place);
  const folder = place.slice(0, place.length - name.length - 1);
  const suffix = suffixOf(name);
  const stem = name.slice(0, name.length - suffix.length);
  const tag = shortName(packageName).replaceAll(/[^A-Za-z0-9]+/g, "_");
  const first = join(folder, `${stem}_${tag}${suffix}`);
  if (!isTaken(first)) return first;
  for (let number = 2; ; number++) {
    const next = join(folder, `${stem}_${tag}_${number}${suffix}`);
    if (!isTaken(next)) return next;
  }
}

/**
 * Proposals for every file of the chosen packages: places by layout, overlaps by their verdicts, and no two files at
 * one place (letter case and Unicode form aside).
 */
export function settlePlaces(
  inventory: Inventory,
  home: string,
  chosen: ReadonlySet<string>,
  treatment: Treatment,
): Map<string, Proposal> {
  const places = proposePlaces(inventory, home, chosen, treatment);
  const packageOf = new Map(inventory.files.map((file) => [file.path, file.package]));
  // What moves as it is stays whole: its copies of other packages' files are its own.
  const judged = new Map([...places].filter(([path]) => !treatment.together.has(packageOf.get(path) ?? "")));
  const verdicts = judgeOverlaps(inventory, home, judged);
  const packageRoot = new Map(inventory.packages.map((one) => [one.name, one.path]));
  const proposals = new Map<string, Proposal>();
  const taken = new Map<string, string>();
  const leaving = new Set([...places].filter(([from, to]) => from !== to).map(([from]) => from));
  for (const path of inventory.index.files.keys()) if (!leaving.has(path)) taken.set(fold(path), path);
  const isTaken = (path: string): boolean => taken.has(fold(path)) || inventory.index.isFolder(path);

  // The winner of a pair takes the place; of equals, the package with the better claim comes first by path.
  const order = [...places.keys()].sort(
    (a, b) => rank(verdicts.get(a)) - rank(verdicts.get(b)) || (a < b ? -1 : 1),
  );
  for (const path of order) {
    const place = places.get(path) as string;
    const verdict = verdicts.get(path);
    const packageName = packageOf.get(path) ?? "";
    if (verdict?.kind === "delete") {
      proposals.set(path, { action: "delete", keptAt: verdict.keptAt, because: verdict.because });
      continue;
    }
    if (verdict?.kind === "archive") {
      const root = packageRoot.get(packageName) ?? "";
      const archive = join(home, "docs/archive");
      // A guide beside the packages is a package of one file: it needs no folder of its own.
      const alone = join(archive, nameOf(path));
      const rest = path === root ? nameOf(path) : path.slice(root === "" ? 0 : root.length + 1);
      const to =
        path === root && !isTaken(alone) ? alone : join(archive, shortName(nameOf(root) || "root"), rest);
      proposals.set(path, { action: "archive", to, because: verdict.because, other: verdict.instead });
      taken.set(fold(to), path);
      continue;
    }
    if (place === path) {
      proposals.set(path, {
        action: "keep",
        because: [
          isBelow(path, home)
            ? "in the home already"
            : speaksForRepository(path)
              ? "it speaks for the whole repository"
              : "its place",
        ],
      });
      continue;
    }
    const because: string[] = verdict?.kind === "both" ? [...verdict.because] : [];
    let to = place;
    if (isTaken(to)) {
      because.push(`${place} is taken by ${taken.get(fold(place)) ?? "a folder"}`);
      to = freePlace(place, packageName, isTaken);
    }
    taken.set(fold(to), path);
    proposals.set(path, {
      action: "move",
      to,
      because,
      ...(verdict?.kind === "both" ? { other: verdict.other } : {}),
    });
  }
  return proposals;
}

function rank(verdict: Verdict | undefined): number {
  return verdict === undefined ? 0 : verdict.kind === "both" ? 1 : 2;
}

/** How much a person should look at a line: decisions and what others depend on come first. */
export function riskOf(proposal: Proposal, touches: PlanLine["touches"]): PlanLine["risk"] {
  if (proposal.action === "archive" || proposal.other !== undefined) return "high";
  if (proposal.action === "delete" || touches.references >= 10) return "medium";
  return "low";
}
