import type { Located, Start } from "./ground.ts";
import type { TreeLookup } from "./lookup.ts";
import { joinPath } from "./paths.ts";

/** A dotted name (`package.module.Class`) as the file that holds it, from the folders of a search path. */
export function locateModule(
  dotted: string,
  starts: readonly Start[],
  lookup: Pick<TreeLookup, "find">,
): Located {
  const parts = dotted.split(/[.:]/);
  const tried: Located["tried"] = [];
  const evidence: Located["evidence"] = [];
  for (const { folder, name } of starts) {
    for (let length = parts.length; length > 0; length--) {
      const stem = joinPath(folder, parts.slice(0, length).join("/"));
      for (const target of [`${stem}.py`, `${stem}/__init__.py`]) {
        if (lookup.find(target) === undefined) continue;
        // A package without the module that is asked for next says nothing, its class may be in it.
        return { found: true, target, base: name, isGuess: false, evidence, tried, nature: "module" };
      }
    }
    if (parts.length > 1)
      tried.push({ base: name, target: `${joinPath(folder, parts.slice(0, -1).join("/"))}.py` });
  }
  const [first] = tried;
  return {
    found: false,
    isGuess: true,
    evidence,
    tried,
    nature: "module",
    ...(first === undefined ? {} : { target: first.target, base: first.base }),
  };
}
