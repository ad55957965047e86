import type { BlobCache } from "../../repository/index.ts";
import { sha256 } from "../../shared/index.ts";
import { FeatureIndex } from "./feature-index.ts";
import { type Fingerprint, fingerprintVersion } from "./fingerprint.ts";

/** Two texts that share much: `a` < `b` are their indexes. `containment`: how much of the smaller is in the larger. */
export type NearPair = { a: number; b: number } & Likeness;

export type Comparable = { fingerprint: Fingerprint; path: string };

// Thresholds of design part 2: grown copies fall below Jaccard 0.5, so containment decides.
const contained = 0.5;
const containedWithName = 0.2;
const containedRenamed = 0.6;
const sharedDefinitions = 0.6;
/** A short text inside a long one is a snippet, not a copy of it. */
const leastJaccard = 0.1;
/** A name defined in more files than this (`forward`, `main`) tells less. */
const rareNames = 8;
const leastLines = 6;
const leastShingles = 6;
const leastShared = { lines: leastLines, shingles: leastShingles };

/** A file's name without folder, suffixes and version marks, in lower case. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.indexOf(".", 1);
  const stem = dot < 0 ? name : name.slice(0, dot);
  return stem.replace(/[-_ ]*(?:v?\d+|copy|old|new|backup|bak|orig|final)$/, "") || stem;
}

// Names that say what a file is for, not which file it is.
const commonStem =
  /^(?:readme|index|main|setup|requirements?|dockerfile|makefile|config|configs|run|train|test|tests|utils?|__init__|values|kustomization|default|changelog|variables|outputs|versions|providers)$/;

/** How alike two texts are: the better of lines and shingles, of those that are enough to tell. */
export type Likeness = { containment: number; jaccard: number; lines: number; shingles: number };

/** Compares texts by what of them is told in few others. */
export class TextIndex {
  readonly #files: readonly Comparable[];
  readonly #lines: FeatureIndex;
  readonly #shingles: FeatureIndex;
  readonly #definitions: FeatureIndex;

  constructor(files: readonly Comparable[]) {
    this.#files = files;
    this.#lines = new FeatureIndex(files.map((file) => file.fingerprint.lines));
    this.#shingles = new FeatureIndex(files.map((file) => file.fingerprint.shingles));
    this.#definitions = new FeatureIndex(
      files.map((file) => file.fingerprint.definitions),
      rareNames,
    );
  }

  /** False for a text with too little in it for `likeness` to say anything. */
  isTelling(file: number): boolean {
    return this.#lines.count(file) >= leastLines || this.#shingles.count(file) >= leastShingles;
  }

  /** Compares any two texts. `least`: shared features below which a kind says nothing. */
  likeness(a: number, b: number, least = leastShared): Likeness {
    const byLines = this.#lines.overlap(a, b);
    const byShingles = this.#shingles.overlap(a, b);
    let containment = 0;
    let jaccard = 0;
    if (byLines.shared >= least.lines) {
      containment = byLines.containment;
      jaccard = byLines.jaccard;
    }
    if (byShingles.shared >= least.shingles) {
      containment = Math.max(containment, byShingles.containment);
      jaccard = Math.max(jaccard, byShingles.jaccard);
    }
    return { containment, jaccard, lines: byLines.shared, shingles: byShingles.shared };
  }

  /** The near copies among the texts; equal ones are not expected. */
  nearPairs(): NearPair[] {
    const count = this.#files.length;
    const pairs = new Set<number>();
    this.#lines.candidates(pairs);
    this.#shingles.candidates(pairs);
    const stems = this.#files.map((file) => stemOf(file.path));
    const found: NearPair[] = [];
    for (const pair of Float64Array.from(pairs).sort()) {
      const [a, b] = [Math.floor(pair / count), pair % count];
      const likeness = this.likeness(a, b);
      if (this.#isNear(a, b, likeness, stems[a] as string, stems[b] as string))
        found.push({ a, b, ...likeness });
    }
    return found;
  }

  #isNear(a: number, b: number, likeness: Likeness, stemA: string, stemB: string): boolean {
    const { containment, jaccard, lines, shingles } = likeness;
    if (containment < containedWithName || jaccard < leastJaccard) return false;
    const isMuch = lines >= 10 || shingles >= 10;
    const isGrown = containment >= 0.8 && (lines >= 20 || shingles >= 20);
    const isProse = [a, b].some((one) => (this.#files[one] as Comparable).fingerprint.language === "text");
    // Prose follows templates: its headings are no copy of each other.
    if (isProse) return (containment >= contained && jaccard >= 0.3 && isMuch) || isGrown;
    if (stemA === stemB && !commonStem.test(stemA)) {
      return containment >= contained || (isMuch && jaccard >= 0.15);
    }
    // Of another name: alike as a whole, or a long text that grew.
    if ((containment >= containedRenamed && jaccard >= 0.4 && isMuch) || isGrown) return true;
    const byNames = this.#definitions.overlap(a, b);
    const leastNames = containment >= contained ? 3 : 4;
    return isMuch && byNames.weight >= leastNames && byNames.containment >= sharedDefinitions;
  }
}

/** Part of a cache's key: raise it whenever other pairs are found among the same fingerprints. */
const pairsVersion = 1;

type StoredPair = [
  a: number,
  b: number,
  containment: number,
  jaccard: number,
  lines: number,
  shingles: number,
];

/**
 * Names all that the comparison of texts rests on: each text, its place in the order and its name; `sizes` tell a
 * checkout with CRLF from the blob itself.
 */
export function textsKey(
  texts: readonly (Comparable & { blob: string })[],
  sizes: readonly number[],
): string {
  const inputs = texts.map(
    ({ blob, path, fingerprint }, at) => `${blob} ${sizes[at]} ${fingerprint.language} ${stemOf(path)}\n`,
  );
  return `${sha256(inputs.join(""))}:${fingerprintVersion}.${pairsVersion}`;
}

/** The near copies among texts, searched for only if the texts' key is not that of an earlier run. */
export function knownNearPairs(
  textsKey: string,
  cache: Pick<BlobCache, "get" | "put">,
  search: () => NearPair[],
): NearPair[] {
  const key = `n:${textsKey}`;
  const stored = cache.get(key) as StoredPair[] | undefined;
  if (stored !== undefined) {
    return stored.map(([a, b, containment, jaccard, lines, shingles]) => ({
      a,
      b,
      containment,
      jaccard,
      lines,
      shingles,
    }));
  }
  const found = search();
  cache.put(
    key,
    found.map((one): StoredPair => [one.a, one.b, one.containment, one.jaccard, one.lines, one.shingles]),
  );
  return found;
}

/**
 * What was computed of single pairs of texts, kept between runs under the texts' key. `compute` gives null where
 * nothing can be said.
 */
export class KnownPairs {
  readonly #key: string;
  readonly #cache: Pick<BlobCache, "get" | "put">;
  readonly #known: Map<string, number | null>;
  #changed = false;

  constructor(textsKey: string, cache: Pick<BlobCache, "get" | "put">) {
    this.#key = `c:${textsKey}`;
    this.#cache = cache;
    this.#known = new Map((cache.get(this.#key) as [string, number | null][] | undefined) ?? []);
  }

  of(a: number, b: number, compute: () => number | null): number | null {
    const pair = `${a} ${b}`;
    let value = this.#known.get(pair);
    if (value === undefined) {
      value = compute();
      this.#known.set(pair, value);
      this.#changed = true;
    }
    return value;
  }

  save(): void {
    if (this.#changed) this.#cache.put(this.#key, [...this.#known]);
  }
}
