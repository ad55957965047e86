import { existsElsewhere } from "../resolve/elsewhere.ts";
import { hasHole, isAbsolute } from "../resolve/locate.ts";
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
  if (isAbsolute(target) || isAbove(target) || hasHole(target)) return undefined;
  let dead: string | undefined;
  for (let folder = folderOf(target); folder !== ""; folder = folderOf(folder)) {
    if (index.isFolder(folder)) return dead;
    dead = folder;
  }
  return undefined;
}

/** Three statements or more, in two files or more, that share a dead folder below a living one are stale together. */
export function judgeSharedPrefixes(rows: readonly Row[], around: Surroundings): void {
  const shared = new Map<string, Row[]>();
  for (const row of rows) {
    const { verdict, mention } = row;
    if (verdict?.class !== "unknown" || verdict.target === undefined || mention.strength === "weak") continue;
    if (!stating.has(mention.kind) || mention.encoding === "shell") continue;
    // Only of what nothing is known at all; other reasons to keep quiet stand.
    if (mention.glob === true || !verdict.evidence.some(({ kind }) => kind === "unknown")) continue;
    if (existsElsewhere(mention.path, around.ground.lookup)) continue;
    const prefix = deadFolder(verdict.target, around);
    if (prefix === undefined) continue;
    const same = shared.get(prefix);
    if (same === undefined) shared.set(prefix, [row]);
    else same.push(row);
  }
  for (const [prefix, same] of shared) {
    const files = new Set(same.map(({ path }) => path));
    const targets = new Set(same.map(({ verdict }) => verdict?.target));
    if (same.length < 3 || files.size < 2 || targets.size < 2) continue;
    for (const { verdict } of same) {
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
