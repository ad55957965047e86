import type { BlobCache } from "../../repository/index.ts";
import { type Fingerprint, fingerprintVersion } from "./fingerprint.ts";
import {
  type Comparable,
  type Features,
  featuresOf,
  type NearPair,
  stemOf,
  TextIndex,
} from "./near-pairs.ts";

/** Part of the cache's key: raise it whenever other pairs are found among the same fingerprints. */
const version = 2;
/** With more changed or affected texts than this, all are compared anew. */
const mostChanged = 16;
const mostAffected = 0.25;

type StoredPair = [
  a: number,
  b: number,
  containment: number,
  jaccard: number,
  lines: number,
  shingles: number,
];
type Contained = [a: number, b: number, value: number | null];
/** `texts`: what the comparison rests on; `candidates`: for each text, how many others and which. */
type Stored = { texts: string[]; pairs: StoredPair[]; candidates: string; contained: Contained[] };

export type ComparedText = Comparable & { blob: string };
/** The fingerprint of a text of an earlier run; undefined if it is no longer known. */
export type EarlierPrint = (
  blob: string,
  size: number,
  language: Fingerprint["language"],
) => Fingerprint | undefined;

function packed(lists: readonly (readonly number[])[]): string {
  const all = Int32Array.from(lists.flatMap((list) => [list.length, ...list]));
  return Buffer.from(all.buffer).toString("base64");
}

function unpacked(text: string): number[][] {
  const bytes = Buffer.from(text, "base64");
  const all = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const lists: number[][] = [];
  for (let at = 0; at < all.length;) {
    const count = all[at] as number;
    lists.push([...all.subarray(at + 1, at + 1 + count)]);
    at += 1 + count;
  }
  return lists;
}

const byPlace = (one: { a: number; b: number }, other: { a: number; b: number }): number =>
  one.a - other.a || one.b - other.b;

/**
 * Texts compared with each other, kept between runs. After an edit only those texts are compared again whose weights it
 * changed: the edited one, and all that have a line, run of tokens or name which it has gained or lost. The result is
 * that of comparing all.
 */
export class ComparedTexts {
  readonly near: NearPair[];
  readonly #texts: readonly ComparedText[];
  readonly #cache: Pick<BlobCache, "get" | "put">;
  readonly #key = `n:texts.${fingerprintVersion}.${version}`;
  readonly #inputs: string[];
  #candidates: number[][];
  readonly #contained: Map<string, Contained>;
  #index: TextIndex | undefined;
  #features: Features | undefined;
  #changed: boolean;

  constructor(
    texts: readonly ComparedText[],
    sizes: readonly number[],
    cache: Pick<BlobCache, "get" | "put">,
    earlier: EarlierPrint,
  ) {
    this.#texts = texts;
    this.#cache = cache;
    this.#inputs = texts.map(
      ({ blob, path, fingerprint }, at) => `${blob} ${sizes[at]} ${fingerprint.language} ${stemOf(path)}`,
    );
    const stored = cache.get(this.#key) as Stored | undefined;
    const affected = stored === undefined ? undefined : this.#affectedSince(stored, earlier);
    this.#changed = affected === undefined || affected.size > 0;
    const kept = affected === undefined ? undefined : (stored as Stored);
    const isKept = (a: number, b: number): boolean => affected?.has(a) !== true && affected?.has(b) !== true;
    this.#contained = new Map(
      (kept?.contained ?? []).filter(([a, b]) => isKept(a, b)).map((one) => [`${one[0]} ${one[1]}`, one]),
    );
    const pairs = (kept?.pairs ?? [])
      .filter(([a, b]) => isKept(a, b))
      .map(([a, b, containment, jaccard, lines, shingles]) => ({
        a,
        b,
        containment,
        jaccard,
        lines,
        shingles,
      }));
    if (affected === undefined) {
      this.#candidates = this.#all.candidates();
      this.near = this.#all.nearOf(this.#pairsOf(undefined));
    } else if (affected.size === 0) {
      this.#candidates = [];
      this.near = pairs;
    } else {
      this.#candidates = unpacked((stored as Stored).candidates);
      this.near = [...pairs, ...this.#comparedAgain(affected)].sort(byPlace);
    }
  }

  get #all(): TextIndex {
    return (this.#index ??= new TextIndex(this.#texts, this.#known));
  }

  get #known(): Features {
    return (this.#features ??= featuresOf(this.#texts));
  }

  /** The texts whose comparisons an edit may have changed; undefined if all must be compared. */
  #affectedSince(stored: Stored, earlier: EarlierPrint): Set<number> | undefined {
    if (stored.texts.length !== this.#inputs.length) return undefined;
    const changed = this.#inputs.flatMap((input, at) => (input === stored.texts[at] ? [] : [at]));
    if (changed.length === 0) return new Set();
    if (changed.length > mostChanged) return undefined;
    const affected = new Set(changed);
    const prints: [before: Fingerprint, after: Fingerprint][] = [];
    for (const at of changed) {
      const [blob, size, language] = (stored.texts[at] as string).split(" ");
      const before = earlier(blob as string, Number(size), language as Fingerprint["language"]);
      if (before === undefined) return undefined;
      prints.push([before, (this.#texts[at] as ComparedText).fingerprint]);
    }
    for (const kind of ["lines", "shingles", "definitions"] as const) {
      const moved = new Set<number>();
      for (const [before, after] of prints) {
        const [old, young] = [new Set(before[kind]), new Set(after[kind])];
        for (const hash of old) if (!young.has(hash)) moved.add(hash);
        for (const hash of young) if (!old.has(hash)) moved.add(hash);
      }
      if (moved.size === 0) continue;
      for (const [at, hashes] of this.#known[kind].entries())
        if (!affected.has(at) && hashes.some((hash) => moved.has(hash))) affected.add(at);
    }
    return affected.size > this.#inputs.length * mostAffected ? undefined : affected;
  }

  /** Near pairs with at least one affected text; its candidates are renewed. */
  #comparedAgain(affected: ReadonlySet<number>): NearPair[] {
    const list = [...affected].sort((a, b) => a - b);
    const renewed = new TextIndex(this.#texts, this.#known, list).candidates(list);
    for (const [position, at] of list.entries()) this.#candidates[at] = renewed[position] as number[];
    const pairs = this.#pairsOf(affected);
    const concerned = [...new Set(pairs.flat())].sort((a, b) => a - b);
    return new TextIndex(this.#texts, this.#known, concerned).nearOf(pairs);
  }

  /** Pairs of candidates, the smaller index first, each once; with an affected text if those are given. */
  #pairsOf(affected: ReadonlySet<number> | undefined): [number, number][] {
    const count = this.#texts.length;
    const pairs = new Set<number>();
    for (const [a, others] of this.#candidates.entries()) {
      for (const b of others) {
        if (affected === undefined || affected.has(a) || affected.has(b))
          pairs.add(Math.min(a, b) * count + Math.max(a, b));
      }
    }
    return [...Float64Array.from(pairs).sort()].map((pair) => [Math.floor(pair / count), pair % count]);
  }

  /** How much of the smaller text is in the larger one, however little they share; null if they tell too little. */
  containment(a: number, b: number): number | null {
    const known = this.#contained.get(`${a} ${b}`);
    if (known !== undefined) return known[2];
    const isTelling = this.#all.isTelling(a) && this.#all.isTelling(b);
    const value = isTelling ? this.#all.likeness(a, b, { lines: 1, shingles: 1 }).containment : null;
    this.#contained.set(`${a} ${b}`, [a, b, value]);
    this.#changed = true;
    return value;
  }

  /** Keeps what was found for the next run. */
  save(): void {
    if (!this.#changed) return;
    if (this.#candidates.length === 0 && this.#texts.length > 0) {
      const stored = this.#cache.get(this.#key) as Stored;
      this.#cache.put(this.#key, { ...stored, contained: [...this.#contained.values()] });
      return;
    }
    const stored: Stored = {
      texts: this.#inputs,
      pairs: this.near.map((one) => [one.a, one.b, one.containment, one.jaccard, one.lines, one.shingles]),
      candidates: packed(this.#candidates),
      contained: [...this.#contained.values()],
    };
    this.#cache.put(this.#key, stored);
  }
}
