import { posix } from "node:path";
import type { AuditReport } from "../../src/audit/report.ts";
import type { AnswerKey, ReferenceAnswer } from "../../src/sample/index.ts";
import type { Tally } from "./tally.ts";

const withTarget = new Set(["resolves", "stale", "missing-data", "generated", "declared-missing"]);
/** Classes that become findings: one that the key lacks is a false alarm wherever it stands. */
const alarming = new Set(["stale", "missing-data", "machine"]);

type Found = AuditReport["references"][number];

function leadsTo(found: Found, text: string, mount: string): Set<string> {
  const clean = decodeURI(text)
    .replace(/[#?].*$/, "")
    .replace(/\/$/, "");
  const places = new Set([
    posix.normalize(clean),
    posix.normalize(posix.join(posix.dirname(found.path), clean)),
  ]);
  // `$ROOT/…` starts at the repository in every script of the sample that gets a fix.
  places.add(posix.normalize(clean.replace(/^\$[\w{(]+[})]?\//, "")));
  if (mount !== "" && clean.startsWith(`${mount}/`)) places.add(clean.slice(mount.length + 1));
  // A path in the style of the folder that the text started from.
  for (let folder = posix.dirname(found.path); folder !== "."; folder = posix.dirname(folder))
    places.add(posix.normalize(posix.join(folder, clean)));
  return places;
}

/** A pattern stands for the folder before it. */
function withoutPattern(target: string): string {
  const pattern = target.search(/[*?[]/);
  const folder = pattern < 0 ? target : target.slice(0, target.lastIndexOf("/", pattern));
  return folder.replace(/\/$/, "");
}

/** True if a target is there; a pattern is there if the folder before it is. */
function holds(target: string, has: (path: string) => boolean): boolean {
  const pattern = target.search(/[*?[{]/);
  return has(pattern < 0 ? target : target.slice(0, target.lastIndexOf("/", pattern) + 1));
}

function compareFix(answer: ReferenceAnswer | undefined, found: Found, mount: string, tally: Tally): void {
  const where = `${found.path}:${found.line} ${found.raw}`;
  if (found.fix === undefined) {
    if (answer?.fix !== undefined) tally.miss("fixes", where, `no fix, should lead to ${answer.fix.to}`);
  } else if (answer?.fix === undefined) {
    if (found.fix.certainty === "certain")
      tally.surplus("fixes", where, `"${found.fix.text}" is called certain`);
  } else if (leadsTo(found, found.fix.text, mount).has(answer.fix.to)) tally.hit("fixes");
  else tally.wrong("fixes", "fixes", where, `"${found.fix.text}" does not lead to ${answer.fix.to}`);
}

const place = (one: { path: string; start: number; end: number }): string =>
  `${one.path} ${one.start}-${one.end}`;

/** What is wrong with a verdict, if anything. */
function problemOf(answer: ReferenceAnswer, found: Found): string | undefined {
  if (found.class !== answer.class)
    return answer.accept?.includes(found.class)
      ? undefined
      : `${found.class} instead of ${answer.class} (${answer.format})`;
  const isCompared = withTarget.has(answer.class) && answer.target !== undefined;
  return isCompared && withoutPattern(found.target ?? "") !== answer.target
    ? `target ${found.target ?? "none"}, not ${answer.target}`
    : undefined;
}

type Pairs = { matched: Map<ReferenceAnswer, Found>; unplanted: Found[] };

/** Which found reference stands for which planted one: by place, `loose` ones by the overlapping one that fits best. */
function pair(key: AnswerKey, report: AuditReport): Pairs {
  const exact = new Map(key.references.filter((one) => !one.loose).map((one) => [place(one), one]));
  const loose = key.references.filter((one) => one.loose);
  const pairs: Pairs = { matched: new Map(), unplanted: [] };
  for (const found of report.references) {
    const answer =
      exact.get(place(found)) ??
      loose.find((one) => one.path === found.path && found.start < one.end && one.start < found.end);
    if (answer === undefined) pairs.unplanted.push(found);
    else {
      const known = pairs.matched.get(answer);
      if (known === undefined || problemOf(answer, known) !== undefined) pairs.matched.set(answer, found);
    }
  }
  return pairs;
}

export function compareReferences(
  key: AnswerKey,
  report: AuditReport,
  has: (path: string) => boolean,
  tally: Tally,
): void {
  const mount = key.flags.root === "at" ? "ai" : "";
  const { matched, unplanted } = pair(key, report);
  for (const found of unplanted) {
    const isFalse = found.class === "resolves" ? !holds(found.target ?? "", has) : alarming.has(found.class);
    const reason = `not planted; target ${found.target ?? "none"}`;
    if (isFalse)
      tally.surplus(`reference ${found.class}`, `${found.path}:${found.line} ${found.raw}`, reason);
    else tally.extra(`reference ${found.class}`);
    compareFix(undefined, found, mount, tally);
  }
  for (const answer of key.references) {
    const wanted = `reference ${answer.class}`;
    const where = `${answer.path}:${answer.line} ${answer.raw}`;
    const found = matched.get(answer);
    if (found === undefined) {
      if (answer.accept?.includes("unknown")) continue;
      const near = report.references.find(
        (one) => one.path === answer.path && one.start < answer.end && answer.start < one.end,
      );
      const why = near === undefined ? "not extracted" : `span is "${near.raw}" ${near.start}-${near.end}`;
      tally.miss(wanted, where, `${why} (${answer.format})`);
      tally.silentMiss(`in ${answer.format}`);
      continue;
    }
    const problem = problemOf(answer, found);
    if (problem === undefined) tally.hit(wanted);
    else tally.wrong(wanted, `reference ${found.class}`, where, problem);
    if (problem === undefined) tally.hit(`in ${answer.format}`);
    else tally.silentMiss(`in ${answer.format}`);
    compareFix(answer, found, mount, tally);
  }
}
