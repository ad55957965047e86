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

export function compareReferences(
  key: AnswerKey,
  report: AuditReport,
  has: (path: string) => boolean,
  tally: Tally,
): void {
  const mount = key.flags.root === "at" ? "ai" : "";
  const exact = new Map(key.references.filter((one) => !one.loose).map((one) => [place(one), one]));
  const loose = key.references.filter((one) => one.loose);
  const seen = new Set<ReferenceAnswer>();
  for (const found of report.references) {
    const where = `${found.path}:${found.line} ${found.raw}`;
    const overlapping = loose.find(
      (one) => one.path === found.path && found.start < one.end && one.start < found.end,
    );
    const answer = exact.get(place(found)) ?? overlapping;
    if (answer === undefined) {
      if (found.class === "resolves" ? !holds(found.target ?? "", has) : alarming.has(found.class))
        tally.surplus(`reference ${found.class}`, where, `not planted; target ${found.target ?? "none"}`);
      else tally.extra(`reference ${found.class}`);
      compareFix(undefined, found, mount, tally);
      continue;
    }
    if (seen.has(answer)) continue;
    seen.add(answer);
    const wanted = `reference ${answer.class}`;
    if (found.class !== answer.class && !answer.accept?.includes(found.class)) {
      tally.wrong(
        wanted,
        `reference ${found.class}`,
        where,
        `${found.class} instead of ${answer.class} (${answer.format})`,
      );
    } else if (
      found.class === answer.class &&
      withTarget.has(answer.class) &&
      answer.target !== undefined &&
      withoutPattern(found.target ?? "") !== answer.target
    ) {
      tally.wrong(wanted, wanted, where, `target ${found.target ?? "none"}, not ${answer.target}`);
    } else tally.hit(wanted);
    compareFix(answer, found, mount, tally);
  }
  for (const answer of key.references) {
    if (seen.has(answer) || answer.accept?.includes("unknown")) continue;
    const near = report.references.find(
      (one) => one.path === answer.path && one.start < answer.end && answer.start < one.end,
    );
    const why = near === undefined ? "not extracted" : `span is "${near.raw}" ${near.start}-${near.end}`;
    tally.miss(
      `reference ${answer.class}`,
      `${answer.path}:${answer.line} ${answer.raw}`,
      `${why} (${answer.format})`,
    );
  }
}
