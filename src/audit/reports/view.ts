import { packageOf } from "../findings/cause-paths.ts";
import { comparePlaces } from "../findings/settle.ts";
import type { AuditReport, Finding, PackageReport, Severity } from "../report.ts";

/** How much two packages have in common. `a` and `b` are places in the list of packages, a < b. */
export type PackageLink = {
  a: number;
  b: number;
  exact: number;
  near: number;
  /** References from files of one to files of the other. */
  references: number;
};

export type PackageView = {
  index: number;
  /** Its name, or its path where another package has the same name. */
  label: string;
  report: PackageReport;
  findings: Record<Severity, number>;
  links: PackageLink[];
};

/** The report arranged for people: what matters first, packages with what they share. */
export type ReportView = {
  name: string;
  commit: string | null;
  packages: PackageView[];
  links: PackageLink[];
  fixFirst: Finding[];
  severities: Record<Severity, number>;
  known: number;
  referenceClasses: [string, number][];
  importClasses: [string, number][];
};

const weights: Record<Severity, number> = { error: 1_000_000, warning: 100_000, note: 0 };

// Within one severity, worth so many files that show the cause: a secret, what cannot start, what misleads.
const urgency: Record<string, number> = {
  secret: 500,
  "import-missing": 12,
  "docker-source": 12,
  "entry-broken": 12,
  syntax: 8,
  "ref-stale": 8,
  "copy-stale": 12,
  "copy-diverged": 8,
  "config-diverged": 6,
  "dup-folder": 12,
  "dup-exact": 4,
};

const aside =
  /(?:^|\/)(?:tests?|testing|fixtures?|examples?|third[_-]party|vendor|(?:archived?|deprecated|retired|legacy|old)[^/]*)\//i;

function weight(finding: Finding): number {
  // A cluster's own paths stand in every job for it: that they are many makes them no more urgent.
  const most = finding.rule === "ref-machine" ? 5 : 200;
  const files = Math.min(new Set(finding.places.map((place) => place.path)).size, most);
  const fixed = finding.places.some((place) => place.fix !== undefined) ? 2 : 0;
  const reach = (urgency[finding.rule] ?? 0) + files + fixed;
  // What only tests, examples and archives show comes after the rest of its severity.
  const far = finding.rule !== "secret" && finding.places.every((place) => aside.test(place.path));
  return weights[finding.severity] + reach - (far ? 1000 : 0);
}

/** The causes that matter most: by severity and reach, at most `perRule` of one rule while others wait. */
export function fixFirst(findings: readonly Finding[], most = 10, perRule = 3): Finding[] {
  const sorted = findings
    .filter((one) => one.known !== true && (one.severity !== "note" || one.rule.startsWith("dup-")))
    .map((finding) => ({ finding, weight: weight(finding) }))
    .sort(
      (a, b) =>
        b.weight - a.weight ||
        comparePlaces(a.finding.at, b.finding.at) ||
        (a.finding.id < b.finding.id ? -1 : 1),
    )
    .map(({ finding }) => finding);
  const used = new Map<string, number>();
  const chosen = new Set<Finding>();
  for (const one of sorted) {
    if (chosen.size === most) break;
    const number = used.get(one.rule) ?? 0;
    if (number >= perRule) continue;
    used.set(one.rule, number + 1);
    chosen.add(one);
  }
  for (const one of sorted) {
    if (chosen.size === most) break;
    chosen.add(one);
  }
  return sorted.filter((one) => chosen.has(one));
}

function countBy(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** Index of the package of each path, remembered: a report asks for the same paths again and again. */
export function packageFinder(packages: readonly PackageReport[]): (path: string) => number {
  const indexes = new Map(packages.map((one, index) => [one, index]));
  const known = new Map<string, number>();
  return (path) => {
    let index = known.get(path);
    if (index === undefined) {
      const found = packageOf(path, packages);
      index = found === undefined ? -1 : (indexes.get(found) ?? -1);
      known.set(path, index);
    }
    return index;
  };
}

function linksOf(report: AuditReport, find: (path: string) => number): PackageLink[] {
  const links = new Map<string, PackageLink>();
  const add = (from: number, to: number, kind: "exact" | "near" | "references"): void => {
    if (from < 0 || to < 0 || from === to) return;
    const [a, b] = from < to ? [from, to] : [to, from];
    const key = `${a},${b}`;
    let link = links.get(key);
    if (link === undefined) links.set(key, (link = { a, b, exact: 0, near: 0, references: 0 }));
    link[kind]++;
  };
  for (const group of report.groups) {
    const owners = [...new Set(group.paths.map(find))].filter((index) => index >= 0).sort((a, b) => a - b);
    for (let i = 0; i < owners.length; i++) {
      for (let j = i + 1; j < owners.length; j++) add(owners[i] as number, owners[j] as number, "exact");
    }
  }
  for (const pair of report.copies) add(find(pair.a), find(pair.b), "near");
  for (const reference of report.references) {
    if (reference.class !== "resolves" || reference.target === undefined) continue;
    add(find(reference.path), find(reference.target), "references");
  }
  return [...links.values()].sort((x, y) => x.a - y.a || x.b - y.b);
}

/** Arranges a report for the formatters. Pure; the report is the sealed one. */
export function viewOf(report: AuditReport): ReportView {
  const find = packageFinder(report.packages);
  const links = linksOf(report, find);
  const named = new Map<string, number>();
  for (const { name } of report.packages) named.set(name, (named.get(name) ?? 0) + 1);
  const packages = report.packages.map((one, index): PackageView => ({
    index,
    label: named.get(one.name) === 1 || one.path === "" ? one.name : one.path,
    report: one,
    findings: { error: 0, warning: 0, note: 0 },
    links: links.filter((link) => link.a === index || link.b === index),
  }));
  const severities = { error: 0, warning: 0, note: 0 };
  let known = 0;
  for (const finding of report.findings) {
    severities[finding.severity]++;
    if (finding.known === true) known++;
    for (const index of new Set(finding.places.map((place) => find(place.path)))) {
      const owner = packages[index];
      if (owner !== undefined) owner.findings[finding.severity]++;
    }
  }
  return {
    name: report.repository.root.split(/[\\/]/).filter(Boolean).at(-1) ?? "repository",
    commit: report.repository.commit,
    packages,
    links,
    fixFirst: fixFirst(report.findings),
    severities,
    known,
    referenceClasses: countBy(report.references.map((one) => one.class)),
    importClasses: countBy(report.imports.map((one) => one.class)),
  };
}
