import type { CopyPair } from "../report.ts";
import { copiedRoots } from "./cause-paths.ts";
import type { Draft } from "./schema.ts";
import type { RuleName } from "./rules.data.ts";
import { count, quoted } from "./words.ts";

const familySize = 4;

const ruleOfRelation: Record<CopyPair["relation"], RuleName> = {
  older: "copy-stale",
  diverged: "copy-diverged",
  similar: "copy-near",
  "format-only": "copy-near",
};

function sentence(pair: CopyPair): string {
  const [a, b] = [quoted(pair.a), quoted(pair.b)];
  const commit = pair.commit?.slice(0, 8);
  switch (pair.relation) {
    case "older":
      return `${a} is ${b} as it was${commit === undefined ? " earlier" : ` in commit ${commit}`}${pair.behind === undefined ? "" : `, ${count(pair.behind, "version")} behind`}.`;
    case "diverged":
      return `${a} and ${b} were one file${commit === undefined ? "" : ` (fork point: commit ${commit})`} and both changed since.`;
    case "format-only":
      return `${a} and ${b} say the same; only their format differs.`;
    default:
      return `${a} shares ${Math.round(pair.containment * 100)} % of its lines with ${b}.`;
  }
}

/** Several pairs of one cause: the same two folders, or one file that many grew from. */
function manySentence(
  pairs: readonly CopyPair[],
  roots: readonly string[],
  centre: string | undefined,
): string {
  const first = pairs[0] as CopyPair;
  if (centre !== undefined) {
    return `${count(pairs.length, "copy", "copies")} of ${quoted(centre)} differ from it. It looks deliberate: each folder keeps its own.`;
  }
  const [a, b] = roots.map(quoted) as [string, string];
  const files = count(pairs.length, "file");
  switch (first.relation) {
    case "older":
      return `${files} of ${a} are older versions of those in ${b}.`;
    case "diverged":
      return `${files} of ${a} and ${b} were the same once and went separate ways.`;
    case "format-only":
      return `${files} of ${a} and ${b} differ in format only.`;
    default:
      return `${files} of ${a} are near copies of those in ${b}.`;
  }
}

function draftOf(pairs: readonly CopyPair[], roots: readonly string[], centre?: string): Draft {
  const first = pairs[0] as CopyPair;
  const rule = centre === undefined ? ruleOfRelation[first.relation] : "copy-near";
  const single = pairs.length === 1 && centre === undefined;
  return {
    rule,
    path: single ? first.a : "",
    subject: single ? first.b : (centre ?? roots.join("\n")),
    places: pairs.flatMap((pair) => [{ path: pair.a, line: 1 }]),
    message: single ? sentence(first) : manySentence(pairs, roots, centre),
    evidence: [
      ...(single
        ? []
        : pairs.slice(0, 8).map((pair) => ({
            kind: "pair",
            text: sentence(pair),
            path: pair.a,
            ...(pair.commit === undefined ? {} : { commit: pair.commit }),
          }))),
      ...pairs.slice(0, single ? 1 : 4).flatMap((pair) => pair.evidence.slice(0, 6)),
    ],
  };
}

/**
 * Copies that are not equal: `copy-stale`, `copy-diverged`, `copy-near`. One finding for all files that went from one
 * folder to another; a file with four copies or more is a family, and a note. `identical` pairs of folders stay out.
 */
export function unequalCopies(copies: readonly CopyPair[]): Draft[] {
  const byCentre = new Map<string, CopyPair[]>();
  for (const pair of copies) {
    if (pair.relation === "older") continue; // proof from history is never a habit
    const same = byCentre.get(pair.b);
    if (same === undefined) byCentre.set(pair.b, [pair]);
    else same.push(pair);
  }
  const drafts: Draft[] = [];
  const done = new Set<CopyPair>();
  for (const [centre, pairs] of byCentre) {
    if (pairs.length < familySize) continue;
    drafts.push(draftOf(pairs, [], centre));
    for (const pair of pairs) done.add(pair);
  }
  const byFolders = new Map<string, { roots: string[]; pairs: CopyPair[] }>();
  for (const pair of copies) {
    if (done.has(pair)) continue;
    const roots = copiedRoots([pair.a, pair.b]);
    const key = [pair.relation, ...roots].join("\0");
    const cause = byFolders.get(key);
    if (cause === undefined) byFolders.set(key, { roots, pairs: [pair] });
    else cause.pairs.push(pair);
  }
  for (const { roots, pairs } of byFolders.values()) drafts.push(draftOf(pairs, roots));
  return drafts;
}
