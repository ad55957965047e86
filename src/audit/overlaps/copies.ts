import type { FileEntry, RepositoryHistory } from "../../repository/index.ts";
import type { CopyFamily, CopyPair } from "../report.ts";
import { familiesOf } from "./copy-families.ts";
import { findFork } from "./fork-point.ts";
import { formatDifference } from "./format-only.ts";
import { isSettings } from "./language.ts";
import { Lineages } from "./lineage.ts";
import { type NearPair, stemOf, TextIndex } from "./near-pairs.ts";
import { olderCopies, olderPair } from "./older-copies.ts";
import type { TextBlob } from "./schema.ts";

/** Families with more members than this are a way of working, not a set of defects. */
const deliberateMembers = 5;
/** Pairs whose fork point is looked for among past versions. */
const mostForks = 400;
/** An older version of which less is left in the newer file is no copy of it: the file was rewritten. */
const leastContained = 0.15;
/** Pairs of settings whose values are compared. */
const mostFormats = 2000;

export type CopyInput = {
  files: readonly FileEntry[];
  texts: readonly TextBlob[];
  history: RepositoryHistory;
  isBoilerplate: (entry: FileEntry) => boolean;
  /** Bytes of a living file. */
  readLiving: (path: string) => Promise<Buffer | undefined>;
  /** Bytes of a past version. */
  readPast: (blob: string) => Promise<Buffer | undefined>;
};

export type Copies = {
  copies: CopyPair[];
  families: CopyFamily[];
  near: NearPair[];
  notes: { code: string; message: string }[];
};

const round = (value: number): number => Math.round(value * 1000) / 1000;
const byPlace = (x: { a: string; b: string }, y: { a: string; b: string }): number =>
  x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : x.b > y.b ? 1 : 0;

/** Pairs of texts that may differ in format alone: the same tokens, or settings with the same words in any order. */
function formatCandidates(texts: readonly TextBlob[]): [number, number][] {
  const pairs: [number, number][] = [];
  const first = new Map<string, number>();
  for (const [index, { fingerprint }] of texts.entries()) {
    const { language, stream, words } = fingerprint;
    const value = isSettings(language) ? `${language}:${words}` : `${language}:${stream}`;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, index);
    else pairs.push([earlier, index]);
  }
  return pairs.slice(0, mostFormats);
}

/** The two paths of a pair of texts that belong together best: the same stem, then the same name, then the first. */
function counterparts(a: TextBlob, b: TextBlob): [string, string] {
  let best: [string, string] = [a.path, b.path];
  let bestScore = -1;
  for (const x of a.paths.slice(0, 20)) {
    for (const y of b.paths.slice(0, 20)) {
      const score = Number(stemOf(x) === stemOf(y)) + Number(x.split("/").at(-1) === y.split("/").at(-1));
      if (score > bestScore) [best, bestScore] = [[x, y], score];
    }
  }
  return best;
}

/** Finds near copies and says how each pair came to be. */
export async function findCopies(input: CopyInput): Promise<Copies> {
  const { texts, history } = input;
  const lineages = new Lineages(history);
  const textIndex = new TextIndex(texts);
  const near = textIndex.nearPairs();
  const indexOf = new Map(texts.flatMap((text, index) => text.paths.map((path) => [path, index] as const)));
  const likeness = (a: string, b: string) => {
    const [x, y] = [indexOf.get(a), indexOf.get(b)];
    return x === undefined || y === undefined
      ? undefined
      : textIndex.likeness(x, y, { lines: 1, shingles: 1 });
  };
  const isRewritten = (older: string, newer: string): boolean =>
    (likeness(older, newer)?.containment ?? 1) < leastContained;
  const copies: CopyPair[] = [];
  const settled = new Set<string>();
  const settle = (a: string, b: string): void => void settled.add(a < b ? `${a}\0${b}` : `${b}\0${a}`);
  const isSettled = (a: string, b: string): boolean => settled.has(a < b ? `${a}\0${b}` : `${b}\0${a}`);

  for (const older of olderCopies(input.files, lineages, { ...input, isRewritten })) {
    copies.push(olderPair(older, round(likeness(older.a, older.b)?.containment ?? 0)));
    settle(older.a, older.b);
  }

  const age = (index: number): number => lineages.age((texts[index] as TextBlob).path);
  const linesOf = (path: string): number => texts[indexOf.get(path) ?? -1]?.fingerprint.lines.length ?? 0;
  /** The one that appeared later first; where history does not tell, the longer one, then the last path. */
  const directed = (x: string, y: string): [string, string] => {
    const order = lineages.age(x) - lineages.age(y) || linesOf(y) - linesOf(x) || (x > y ? -1 : 1);
    return order < 0 ? [x, y] : [y, x];
  };
  for (const [x, y] of formatCandidates(texts)) {
    const [textX, textY] = [texts[x] as TextBlob, texts[y] as TextBlob];
    // Neither came from the other in contents: the older one first.
    const [b, a] = directed(...counterparts(textX, textY));
    if (isSettled(a, b)) continue;
    const [bytesX, bytesY] = [await input.readLiving(textX.path), await input.readLiving(textY.path)];
    if (bytesX === undefined || bytesY === undefined) continue;
    const difference = formatDifference(
      { bytes: bytesX, print: textX.fingerprint },
      { bytes: bytesY, print: textY.fingerprint },
    );
    if (difference === undefined) continue;
    copies.push({
      a,
      b,
      relation: "format-only",
      containment: 1,
      evidence: [{ kind: "format", text: `differs only in ${difference}` }],
    });
    settle(a, b);
  }

  const notes: Copies["notes"] = [];
  const families: CopyFamily[] = [];
  let forks = 0;
  for (const { centre, members } of familiesOf(near, age)) {
    const centreText = texts[centre] as TextBlob;
    const deliberate = members.length > deliberateMembers;
    if (members.length > 1) families.push(familyReport(texts, centre, members, deliberate));
    if (deliberate) continue;
    for (const pair of members) {
      const member = texts[pair.a === centre ? pair.b : pair.a] as TextBlob;
      let [a, b] = directed(...counterparts(member, centreText));
      if (isSettled(a, b)) continue;
      settle(a, b);
      const canFork = history.commits > 0 && forks < mostForks;
      const [bytesA, bytesB] = canFork ? [await input.readLiving(a), await input.readLiving(b)] : [];
      let fork;
      if (bytesA !== undefined && bytesB !== undefined) {
        forks++;
        const { language } = centreText.fingerprint;
        fork = await findFork(
          { a, b, language, current: { a: bytesA, b: bytesB } },
          lineages,
          input.readPast,
        );
      }
      if (fork === undefined) [a, b] = [b, a];
      copies.push({
        a,
        b,
        relation: fork === undefined ? "similar" : "diverged",
        containment: round(pair.containment),
        ...(fork === undefined ? {} : { commit: fork.commit }),
        evidence: [shareEvidence(pair), ...(fork?.evidence ?? [])],
      });
    }
  }
  if (forks >= mostForks) {
    notes.push({ code: "forks-cut", message: `fork points were looked for in the first ${mostForks} pairs` });
  }
  families.sort((x, y) => y.members.length - x.members.length || (x.centre < y.centre ? -1 : 1));
  return { copies: copies.sort(byPlace), families, near, notes };
}

function shareEvidence(pair: NearPair): CopyPair["evidence"][number] {
  return {
    kind: "shared-lines",
    text: `${Math.round(pair.containment * 100)} % of the shorter file is in the longer one (${pair.lines} telling lines)`,
  };
}

function familyReport(
  texts: readonly TextBlob[],
  centre: number,
  members: readonly NearPair[],
  deliberate: boolean,
): CopyFamily {
  const centrePath = (texts[centre] as TextBlob).path;
  return {
    centre: centrePath,
    deliberate,
    members: members
      .flatMap((pair) =>
        (texts[pair.a === centre ? pair.b : pair.a] as TextBlob).paths.map((path) => ({
          path,
          containment: round(pair.containment),
        })),
      )
      .sort((x, y) => (x.path < y.path ? -1 : 1)),
  };
}
