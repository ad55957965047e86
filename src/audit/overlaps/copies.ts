import type { BlobCache, FileEntry, RepositoryHistory } from "../../repository/index.ts";
import type { CopyFamily, CopyPair } from "../report.ts";
import { ComparedTexts, type EarlierPrint } from "./compared-texts.ts";
import { familiesOf } from "./copy-families.ts";
import { formatDifference } from "./format-only.ts";
import { isSettings } from "./language.ts";
import { Lineages } from "./lineage.ts";
import { type NearPair, stemOf } from "./near-pairs.ts";
import { olderCopies, olderPair } from "./older-copies.ts";
import { findOrigin, type Origin } from "./origin.ts";
import { PairLedger } from "./pair-ledger.ts";
import type { TextBlob } from "./schema.ts";

/** Families with more members than this are a way of working, not a set of defects. */
const deliberateMembers = 5;
/** Past versions that are read to find where copies came from. */
const mostPastReads = 600;
/** Files of no known language are compared up to this size. */
const longestCompared = 1024 * 1024;
/** An older version of which less is left in the newer file is no copy of it: the file was rewritten. */
const leastContained = 0.15;
/** Pairs of settings whose values are compared. */
const mostFormats = 2000;

export type CopyInput = {
  files: readonly FileEntry[];
  texts: readonly TextBlob[];
  /** Where the pairs found are kept between runs. */
  cache: Pick<BlobCache, "get" | "put">;
  /** Fingerprints of texts of earlier runs. */
  earlier: EarlierPrint;
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
  const finder = new CopyFinder(input);
  await finder.addOlder();
  await finder.addFormatOnly();
  const families = await finder.addFamilies();
  return { copies: finder.ledger.sorted(), families, near: finder.near, notes: finder.notes };
}

class CopyFinder {
  readonly ledger = new PairLedger();
  readonly near: NearPair[];
  readonly notes: Copies["notes"] = [];
  readonly #input: CopyInput;
  readonly #lineages: Lineages;
  readonly #compared: ComparedTexts;
  readonly #entries: Map<string, FileEntry>;
  readonly #indexOf: Map<string, number>;
  #pastReads = 0;

  constructor(input: CopyInput) {
    this.#input = input;
    this.#lineages = new Lineages(input.history);
    this.#entries = new Map(input.files.map((entry) => [entry.path, entry]));
    const sizes = input.texts.map(({ path }) => this.#entries.get(path)?.size ?? 0);
    this.#compared = new ComparedTexts(input.texts, sizes, input.cache, input.earlier);
    this.near = this.#compared.near;
    this.#indexOf = new Map(
      input.texts.flatMap(({ paths }, index) => paths.map((path) => [path, index] as const)),
    );
  }

  #text(index: number): TextBlob {
    return this.#input.texts[index] as TextBlob;
  }

  /** How much of the shorter file is in the longer one; undefined if they cannot be compared. */
  async #containment(a: string, b: string): Promise<number | undefined> {
    const [x, y] = [this.#indexOf.get(a), this.#indexOf.get(b)];
    if (x !== undefined && y !== undefined) {
      const known = this.#compared.containment(x, y);
      if (known !== null) return known;
    }
    const [entryA, entryB] = [this.#entries.get(a), this.#entries.get(b)];
    if (Math.max(entryA?.size ?? 0, entryB?.size ?? 0) > longestCompared) return undefined;
    const [bytesA, bytesB] = [await this.#input.readLiving(a), await this.#input.readLiving(b)];
    return bytesA === undefined || bytesB === undefined ? undefined : lineContainment(bytesA, bytesB);
  }

  async addOlder(): Promise<void> {
    const isRewritten = async (older: string, newer: string): Promise<boolean> =>
      ((await this.#containment(older, newer)) ?? 1) < leastContained;
    const { files, isBoilerplate } = this.#input;
    for (const older of await olderCopies(files, this.#lineages, { isBoilerplate, isRewritten })) {
      this.ledger.add(olderPair(older, round((await this.#containment(older.a, older.b)) ?? 0)));
    }
    this.#compared.save();
  }

  /** The one that appeared later first; where history does not tell, the longer one, then the last path. */
  #directed(x: string, y: string): [string, string] {
    const lines = (path: string): number =>
      this.#input.texts[this.#indexOf.get(path) ?? -1]?.fingerprint.lines.length ?? 0;
    const size = (path: string): number => this.#entries.get(path)?.size ?? 0;
    const order =
      this.#lineages.age(x) - this.#lineages.age(y) ||
      lines(y) - lines(x) ||
      size(y) - size(x) ||
      (x > y ? -1 : 1);
    return order < 0 ? [x, y] : [y, x];
  }

  async addFormatOnly(): Promise<void> {
    for (const [x, y] of formatCandidates(this.#input.texts)) {
      const [textX, textY] = [this.#text(x), this.#text(y)];
      // Neither came from the other in contents: the older one first.
      const [b, a] = this.#directed(...counterparts(textX, textY));
      if (this.ledger.has(a, b)) continue;
      const [bytesX, bytesY] = [
        await this.#input.readLiving(textX.path),
        await this.#input.readLiving(textY.path),
      ];
      if (bytesX === undefined || bytesY === undefined) continue;
      const difference = formatDifference(
        { bytes: bytesX, print: textX.fingerprint },
        { bytes: bytesY, print: textY.fingerprint },
      );
      if (difference === undefined) continue;
      const evidence = [{ kind: "format", text: `differs only in ${difference}` }];
      this.ledger.add({ a, b, relation: "format-only", containment: 1, evidence });
    }
  }

  async addFamilies(): Promise<CopyFamily[]> {
    const { texts } = this.#input;
    const families: CopyFamily[] = [];
    const pending: { a: string; b: string; pair: NearPair }[] = [];
    for (const { centre, members } of familiesOf(this.near, (index) =>
      this.#lineages.age(this.#text(index).path),
    )) {
      const deliberate = members.length > deliberateMembers;
      if (members.length > 1) families.push(familyReport(texts, centre, members, deliberate));
      if (deliberate) continue;
      for (const pair of members) {
        const member = this.#text(pair.a === centre ? pair.b : pair.a);
        const [a, b] = this.#directed(...counterparts(member, this.#text(centre)));
        pending.push({ a, b, pair });
      }
    }
    // Copies of one name first: if not all can be looked into, those are likeliest to have an origin.
    pending.sort((x, y) => Number(stemOf(y.a) === stemOf(y.b)) - Number(stemOf(x.a) === stemOf(x.b)));
    for (const { a, b, pair } of pending) {
      if (!this.ledger.has(a, b)) this.ledger.add(await this.#described(a, b, pair));
    }
    if (this.#pastReads >= mostPastReads) {
      this.notes.push({
        code: "origins-cut",
        message: `where copies came from was looked for in ${mostPastReads} past versions, then no further`,
      });
    }
    return families.sort((x, y) => y.members.length - x.members.length || (x.centre < y.centre ? -1 : 1));
  }

  async #described(a: string, b: string, pair: NearPair): Promise<CopyPair> {
    const origin = await this.#originOf(a, b, pair);
    const containment = round(pair.containment);
    const share = shareEvidence(pair);
    if (origin === undefined) return { a: b, b: a, relation: "similar", containment, evidence: [share] };
    const evidence = [share, ...origin.evidence];
    const { commit } = origin;
    if (origin.relation === "diverged") return { a, b, relation: "diverged", containment, commit, evidence };
    const [older, newer] = origin.swapped ? [b, a] : [a, b];
    return { a: older, b: newer, relation: "older", containment, commit, behind: origin.behind, evidence };
  }

  async #originOf(a: string, b: string, pair: NearPair): Promise<Origin | undefined> {
    if (this.#input.history.commits === 0) return undefined;
    const current = (path: string) => {
      const { blob, fingerprint } = this.#text(this.#indexOf.get(path) as number);
      return { blob, print: fingerprint, read: async () => await this.#input.readLiving(path) };
    };
    const { language } = this.#text(pair.a).fingerprint;
    return await findOrigin({ a, b, language, current: { a: current(a), b: current(b) } }, this.#lineages, {
      read: async (blob) => {
        this.#pastReads++;
        return await this.#input.readPast(blob);
      },
      spent: () => this.#pastReads >= mostPastReads,
    });
  }
}

/** The share of the shorter file's lines that are in the longer one, for short files and those of no known language. */
function lineContainment(a: Buffer, b: Buffer): number {
  const [x, y] = [a, b].map((bytes) => new Set(bytes.toString("latin1").split(/\r?\n/))) as [
    Set<string>,
    Set<string>,
  ];
  const [small, large] = x.size <= y.size ? [x, y] : [y, x];
  let shared = 0;
  for (const line of small) if (large.has(line)) shared++;
  return shared / small.size;
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
