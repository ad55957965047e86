import { nameOf } from "../findings/cause-paths.ts";
import { code, count, quoted } from "../findings/words.ts";
import type { AuditReport, CopyPair, Evidence, Finding, FolderPair } from "../report.ts";
import { packageFinder } from "./view.ts";

/** One file name that several packages have, with what helps to decide between them. */
export type Overlap = {
  name: string;
  paths: string[];
  relation: "equal" | CopyPair["relation"];
  facts: Evidence[];
};

type Usage = { references: number; from: Map<string, number>; entries: number; loading: number };

/** How often each file is referenced from other packages, and which commands start it. */
function usageOf(
  report: AuditReport,
  paths: ReadonlySet<string>,
  find: (path: string) => number,
): Map<string, Usage> {
  const usage = new Map<string, Usage>();
  const at = (path: string): Usage => {
    let one = usage.get(path);
    if (one === undefined)
      usage.set(path, (one = { references: 0, from: new Map(), entries: 0, loading: 0 }));
    return one;
  };
  for (const { class: verdict, target, path } of report.references) {
    if (verdict !== "resolves" || target === undefined || !paths.has(target) || target === path) continue;
    if (find(path) !== -1 && find(path) === find(target)) continue;
    const one = at(target);
    one.references++;
    one.from.set(path, (one.from.get(path) ?? 0) + 1);
  }
  for (const entry of report.entries) {
    if (!paths.has(entry.path)) continue;
    at(entry.path).entries++;
    if (entry.loads) at(entry.path).loading++;
  }
  return usage;
}

function usageFact(paths: readonly string[], usage: ReadonlyMap<string, Usage>): Evidence {
  const parts = paths.map((path) => {
    const one = usage.get(path);
    const started =
      one === undefined || one.entries === 0
        ? ""
        : `, started by ${count(one.entries, "command")} of which ${one.loading === one.entries ? "all load" : `${one.loading} load`}`;
    return `${code(path)} ${count(one?.references ?? 0, "reference")} from other packages${started}`;
  });
  return { kind: "usage", text: parts.join("; ") };
}

function relationFact(pair: CopyPair): Evidence {
  const commit = pair.commit === undefined ? {} : { commit: pair.commit };
  const share = `${Math.round(pair.containment * 100)} % of it is in the other`;
  switch (pair.relation) {
    case "older":
      return {
        kind: "history",
        text: `${quoted(pair.a)} equals a past version of ${quoted(pair.b)}${pair.behind === undefined ? "" : `, ${pair.behind} versions behind`}`,
        path: pair.a,
        ...commit,
      };
    case "diverged":
      return {
        kind: "history",
        text: `${quoted(pair.a)} and ${quoted(pair.b)} both changed since their fork point`,
        path: pair.a,
        ...commit,
      };
    case "format-only":
      return {
        kind: "content",
        text: `${quoted(pair.a)} and ${quoted(pair.b)} differ in format only`,
        path: pair.a,
      };
    default:
      return {
        kind: "content",
        text: `${quoted(pair.a)} is a near copy of ${quoted(pair.b)} (${share})`,
        path: pair.a,
      };
  }
}

/** Overlaps between packages, by file name: what the audit's "Overlap Analysis" lists. Same order for same input. */
export function overlapsOf(report: AuditReport): Overlap[] {
  const find = packageFinder(report.packages);
  const crosses = (paths: readonly string[]): boolean => new Set(paths.map(find)).size > 1;
  const overlaps: Overlap[] = [];
  for (const group of report.groups) {
    if (!crosses(group.paths)) continue;
    const fact = { kind: "bytes", text: `equal bytes (${group.bytes}), blob ${group.blob.slice(0, 12)}` };
    overlaps.push({
      name: nameOf(group.paths[0] as string),
      paths: [...group.paths],
      relation: "equal",
      facts: [fact],
    });
  }
  for (const pair of report.copies) {
    if (!crosses([pair.a, pair.b])) continue;
    overlaps.push({
      name: nameOf(pair.b),
      paths: [pair.a, pair.b],
      relation: pair.relation,
      facts: [relationFact(pair), ...pair.evidence.slice(0, 4)],
    });
  }
  const usage = usageOf(report, new Set(overlaps.flatMap((one) => one.paths)), find);
  for (const one of overlaps) {
    if (one.paths.length <= 4) one.facts.push(usageFact(one.paths, usage));
  }
  return overlaps.sort(
    (x, y) =>
      (x.name < y.name ? -1 : x.name > y.name ? 1 : 0) ||
      ((x.paths[0] as string) < (y.paths[0] as string) ? -1 : 1),
  );
}

/** The part of the smaller folder that the other one has too, equal or nearly so. */
export function shareOf(pair: FolderPair): number {
  const common = pair.identical + pair.similar;
  return common / Math.max(1, common + Math.min(pair.onlyA.length, pair.onlyB.length));
}

/** Folders that have less in common are no copies of each other. */
export const leastShare = 0.2;

/** A check of the audit with its outcome: only a check that ran can be ticked. */
export type Check = { text: string; passed: boolean };

export function checksOf(report: AuditReport): Check[] {
  const findings = (...rules: string[]): Finding[] =>
    report.findings.filter((one) => rules.includes(one.rule));
  const none = (what: string, ...rules: string[]): Check => {
    const found = findings(...rules);
    return {
      text: found.length === 0 ? what : `${what}: ${count(found.length, "open cause")}`,
      passed: found.length === 0,
    };
  };
  return [
    {
      text: `Inventory of all training packages: ${count(report.packages.length, "package")}, ${count(report.summary["files"] ?? 0, "file")}`,
      passed: true,
    },
    {
      text: `Overlaps compared by content: ${count(report.groups.length, "group")} of equal files, ${count(report.copies.length, "unequal copy", "unequal copies")}`,
      passed: true,
    },
    none("Every reference names something that exists", "ref-stale", "ref-case", "docker-source"),
    none(
      "Every import of an own module resolves",
      "import-missing",
      "import-relative",
      "import-name",
      "import-shadowed",
    ),
    none("Every documented command can start", "entry-broken"),
    none("Every file of code can be parsed", "syntax"),
    none(
      "No copy is an older or diverged version of another",
      "copy-stale",
      "copy-diverged",
      "config-diverged",
    ),
    none("All data that files name is here or recorded", "ref-missing-data"),
    none("No secret is in the files", "secret"),
  ];
}
