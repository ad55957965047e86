import { existsElsewhere } from "../resolve/elsewhere.ts";
import { hasHole, isAbsolute } from "../resolve/locate.ts";
import { roleOf } from "../extract/path-shape.ts";
import { folderOf, isAbove } from "../resolve/paths.ts";
import type { Mention } from "../schema.ts";
import type { Verdict } from "./classify.ts";
import type { Surroundings } from "./surroundings.ts";

type Row = { path: string; mention: Mention; verdict?: Verdict };

const stating: ReadonlySet<string> = new Set([
  "inline-code",
  "list",
  "value",
  "key",
  "text",
  "fence",
  "tree",
  "link",
  "image",
  "string",
]);

/** The dead folder of a path that lies in a living one. */
function deadFolder(target: string, around: Surroundings): string | undefined {
  const { index } = around.ground.lookup;
  if (isAbsolute(target) || isAbove(target) || hasHole(target) || /[*?[]/.test(target)) return undefined;
  let dead: string | undefined;
  for (let folder = folderOf(target); folder !== ""; folder = folderOf(folder)) {
    // `.tool/…`: what a tool puts into a folder of its own.
    if (index.isFolder(folder))
      return dead !== undefined && /(?:^|\/)[.<][^/]*$/.test(dead) ? undefined : dead;
    dead = folder;
  }
  return undefined;
}

const ownReasons: ReadonlySet<string> = new Set(["foreign", "provenance", "outside", "clone", "container"]);

/** True for an unknown mention that its neighbours may speak for. */
function isOpen({ verdict, mention }: Row, isTold: boolean, around: Surroundings): boolean {
  if (verdict?.class !== "unknown" || verdict.target === undefined) return false;
  if (existsElsewhere(mention.path, around.ground.lookup)) return false;
  if (!isTold) return !verdict.evidence.some(({ kind }) => ownReasons.has(kind));
  // Where all of history is known, a command on what never was speaks of another place.
  if (mention.strength === "weak" || mention.glob === true || mention.encoding === "shell") return false;
  // Two words with a slash may be the id of a model.
  if (roleOf(mention.path) === undefined && mention.path.split("/").length < 3) return false;
  return stating.has(mention.kind) && verdict.evidence.some(({ kind }) => kind === "unknown");
}

/** Three statements or more, in two files or more, that share a dead folder below a living one are stale together. */
export function judgeSharedPrefixes(rows: readonly Row[], around: Surroundings): void {
  const isTold = around.history?.complete === true && around.history.reaches !== null;
  const shared = new Map<string, { rows: Row[]; open: Row[] }>();
  const whole: Row[] = [];
  for (const row of rows) {
    const target = row.verdict?.target;
    if (target === undefined) continue;
    const open = isOpen(row, isTold, around);
    // Without history also what is stale by itself shows that its folder is gone.
    if (!open && (isTold || row.verdict?.class !== "stale")) continue;
    if (open && !isTold) whole.push(row);
    const prefix = deadFolder(target, around);
    if (prefix === undefined) continue;
    const entry = shared.get(prefix) ?? { rows: [], open: [] };
    entry.rows.push(row);
    if (open) entry.open.push(row);
    shared.set(prefix, entry);
  }
  for (const [prefix, { rows: same, open }] of shared) {
    const files = new Set(same.map(({ path }) => path));
    const targets = new Set(same.map(({ verdict }) => verdict?.target));
    if (same.length < 3 || files.size < 2 || targets.size < 2) continue;
    const alike = whole.filter(
      ({ verdict }) => verdict?.class === "unknown" && verdict.target?.replace(/^\//, "") === prefix,
    );
    for (const { verdict } of [...open, ...alike]) {
      if (verdict === undefined) continue;
      verdict.class = "stale";
      verdict.confidence = "possible";
      verdict.evidence.push({
        kind: "shared-prefix",
        text: `${same.length} mentions in ${files.size} files share ${prefix}, which is not here`,
        path: prefix,
      });
    }
  }
}
