import type { CopyFamily, CopyPair } from "../report.ts";
import { copiedRoots, nameOf } from "./cause-paths.ts";
import type { Draft } from "./schema.ts";
import type { RuleName } from "./rules.data.ts";
import { count, quoted } from "./words.ts";

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

/** Several pairs of one cause: the same two folders. */
function manySentence(pairs: readonly CopyPair[], roots: readonly string[]): string {
  const [a, b] = roots.map(quoted) as [string, string];
  const files = count(pairs.length, "file");
  switch (pairs[0]?.relation) {
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

function draftOf(pairs: readonly CopyPair[], roots: readonly string[]): Draft {
  const first = pairs[0] as CopyPair;
  const single = pairs.length === 1;
  return {
    rule: ruleOfRelation[first.relation],
    path: single ? first.a : "",
    subject: single ? first.b : roots.join("\n"),
    places: pairs.map((pair) => ({ path: pair.a, line: 1, target: pair.b })),
    message: single ? sentence(first) : manySentence(pairs, roots),
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

/** One note for all that grew from one file. */
function familyDraft(family: CopyFamily): Draft {
  const { centre, members, deliberate } = family;
  const names = new Set([centre, ...members.map(({ path }) => path)].map(nameOf));
  const what =
    names.size === 1
      ? `${count(members.length, "copy", "copies")} of ${quoted(centre)} ${members.length === 1 ? "differs" : "differ"} from it`
      : `${count(members.length, "file")} ${members.length === 1 ? "resembles" : "resemble"} ${quoted(centre)}`;
  return {
    rule: "copy-near",
    path: "",
    subject: centre,
    places: [{ path: centre, line: 1 }, ...members.map(({ path }) => ({ path, line: 1, target: centre }))],
    message: `${what}.${deliberate ? " It looks deliberate: each stands alone." : ""}`,
    evidence: members.slice(0, 8).map(({ path, containment }) => ({
      kind: "shared",
      text: `${quoted(path)} shares ${Math.round(containment * 100)} % of its lines`,
      path,
    })),
  };
}

/**
 * Copies that are not equal: `copy-stale`, `copy-diverged`, `copy-near`. One finding for all files that went from one
 * folder to another, one note for a family. What history proves to be an older version is never a habit.
 */
export function unequalCopies(copies: readonly CopyPair[], families: readonly CopyFamily[]): Draft[] {
  const familyOf = new Map<string, CopyFamily>();
  for (const family of families) {
    for (const path of [family.centre, ...family.members.map((one) => one.path)]) familyOf.set(path, family);
  }
  const isTold = ({ a, b, relation }: CopyPair): boolean => {
    const family = familyOf.get(a);
    if (family === undefined || family !== familyOf.get(b) || relation === "older") return false;
    return relation !== "diverged" || family.deliberate;
  };
  const byFolders = new Map<string, { roots: string[]; pairs: CopyPair[] }>();
  for (const pair of copies) {
    if (isTold(pair)) continue;
    const roots = copiedRoots([pair.a, pair.b]);
    const key = [pair.relation, ...roots].join("\0");
    const cause = byFolders.get(key);
    if (cause === undefined) byFolders.set(key, { roots, pairs: [pair] });
    else cause.pairs.push(pair);
  }
  return [
    ...families.map(familyDraft),
    ...[...byFolders.values()].map(({ roots, pairs }) => draftOf(pairs, roots)),
  ];
}
