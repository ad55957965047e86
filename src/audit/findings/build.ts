import type { Finding } from "../report.ts";
import { anchorsMissing } from "./anchors.ts";
import { machinePaths, missingData } from "./absent-data.ts";
import { brokenEntries, brokenImports, shadowedModules } from "./broken-imports.ts";
import { divergedConfigs } from "./configs.ts";
import { unequalCopies } from "./copies.ts";
import { exactDuplicates, identicalFolders } from "./duplicates.ts";
import { mismatchedManifests } from "./manifests.ts";
import { ignoredFiles, leakedSecrets, leftoverFiles, unparsedFiles } from "./odd-files.ts";
import type { FindingContext, FindingRows } from "./schema.ts";
import { settleDrafts } from "./settle.ts";
import { staleReferences } from "./stale-references.ts";

function by<T>(...keys: ((one: T) => string | number)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}

function ordered(rows: FindingRows): FindingRows {
  return {
    groups: rows.groups.toSorted(by((one) => one.paths[0] ?? "")),
    folders: rows.folders.toSorted(
      by(
        (one) => one.a,
        (one) => one.b,
      ),
    ),
    copies: rows.copies.toSorted(
      by(
        (one) => one.a,
        (one) => one.b,
        (one) => one.relation,
      ),
    ),
    families: (rows.families ?? []).toSorted(by((one) => one.centre)),
    configs: rows.configs.toSorted(
      by(
        (one) => one.a,
        (one) => one.b,
      ),
    ),
    references: rows.references.toSorted(
      by(
        (one) => one.path,
        (one) => one.start,
        (one) => one.end,
        (one) => one.target ?? "",
      ),
    ),
    imports: rows.imports.toSorted(
      by(
        (one) => one.path,
        (one) => one.line,
        (one) => one.module,
      ),
    ),
    entries: rows.entries.toSorted(
      by(
        (one) => one.path,
        (one) => one.id,
      ),
    ),
  };
}

/**
 * What is wrong, one finding a cause, from the rows of a report. Pure; the order and the ids depend on the rows alone,
 * not on the order in which they come.
 */
export function buildFindings(given: FindingRows, context: FindingContext): Finding[] {
  const rows = ordered(given);
  const folders = identicalFolders(rows.folders);
  const imports = [
    ...brokenImports(rows.imports, rows.entries, context),
    ...shadowedModules(context.collisions ?? [], rows.entries),
  ];
  const stale = staleReferences(rows.references, context);
  const gone = new Set(stale.flatMap((draft) => draft.places.flatMap((place) => place.target ?? [])));
  return settleDrafts([
    ...folders,
    ...exactDuplicates(rows.groups, folders),
    ...unequalCopies(rows.copies, rows.families ?? []),
    ...divergedConfigs(rows.configs),
    ...stale,
    ...missingData(rows.references, (path) => context.has(path)),
    ...mismatchedManifests(context.mismatches ?? []),
    ...anchorsMissing(context.missingAnchors ?? []),
    ...machinePaths(rows.references),
    ...imports,
    ...brokenEntries(rows.entries, rows.imports, gone),
    ...leftoverFiles(context),
    ...ignoredFiles(context),
    ...unparsedFiles(context),
    ...leakedSecrets(context),
  ]);
}
