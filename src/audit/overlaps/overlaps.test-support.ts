import { noCache, openHistory, openWorkTree } from "../../repository/index.ts";
import { FingerprintCollector } from "./fingerprint-collector.ts";
import { findOverlaps } from "./overlaps.ts";
import type { Overlaps } from "./schema.ts";

/** The overlaps of the repository at `root`; an `__init__.py` in a folder `bare` counts as bare. */
export async function overlapsOf(
  { root }: { root: string },
  options: { packages?: string[]; isExcluded?: (path: string) => boolean } = {},
): Promise<Overlaps> {
  const tree = await openWorkTree(root);
  const { history } = await openHistory(tree);
  const fingerprints = new FingerprintCollector(noCache());
  await fingerprints.complete(tree);
  return await findOverlaps({
    tree,
    history,
    packages: (options.packages ?? []).map((path) => ({ path })),
    fingerprints,
    isBareInit: (path) => path.endsWith("bare/__init__.py"),
    ...(options.isExcluded === undefined ? {} : { isExcluded: options.isExcluded }),
  });
}

/** A module of functions with telling lines; the names tell one text from another. */
export function functions(names: readonly string[]): string {
  return names
    .map(
      (name) =>
        `def ${name}_step(batch):\n    ${name}_loss = model.${name}(batch)\n    return ${name}_loss.mean()\n\n`,
    )
    .join("\n");
}

/** `count` names that begin with `prefix`. */
export function words(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`);
}
