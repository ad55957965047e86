import type { Mention } from "../schema.ts";
import { roleOf } from "../extract/path-shape.ts";
import type { TreeLookup } from "./lookup.ts";

const usual =
  /^(?:README|LICENSE|setup|requirements|Makefile|Dockerfile|pyproject|main|train|index|__init__)\b/i;

/**
 * The prefixes above the repository's root under which its paths are named (`/workspace/app`, `ai`): those whose rest
 * exists for at least 5 mentions in at least 3 files, the most used first.
 */
export function inferMounts(
  missing: Iterable<{ path: string; mention: Mention }>,
  lookup: TreeLookup,
): { prefix: string; mentions: number; files: number }[] {
  const prefixes = new Map<string, { mentions: number; files: Set<string>; rests: Set<string> }>();
  for (const { path: from, mention } of missing) {
    const path = mention.path.replace(/\/+$/, "");
    if (/[*?{}$<>]|\.\.\/|^\.|:\/\//.test(path) || mention.kind === "tree") continue;
    const segments = path.split("/");
    for (let cut = segments[0] === "" ? 2 : 1; cut < segments.length && cut <= 6; cut++) {
      const rest = segments.slice(cut).join("/");
      if (!lookup.index.has(rest)) continue;
      // A bare name in the root is evidence only if it is a telling one.
      if (!rest.includes("/") && (roleOf(rest) === undefined || usual.test(rest))) continue;
      const prefix = segments.slice(0, cut).join("/");
      if (lookup.index.has(prefix)) continue;
      const entry = prefixes.get(prefix) ?? { mentions: 0, files: new Set(), rests: new Set() };
      entry.mentions++;
      entry.files.add(from);
      entry.rests.add(rest);
      prefixes.set(prefix, entry);
      break;
    }
  }
  return [...prefixes]
    .filter(([, { mentions, files, rests }]) => mentions >= 5 && files.size >= 3 && rests.size >= 2)
    .map(([prefix, { mentions, files }]) => ({ prefix, mentions, files: files.size }))
    .sort((a, b) => b.mentions - a.mentions || (a.prefix < b.prefix ? -1 : 1));
}
