import { FeatureIndex } from "./feature-index.ts";
import type { Fingerprint } from "./fingerprint.ts";

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

/** Hashes of all texts, by kind; a fingerprint from the cache decodes its own each time that it is asked. */
export type Features = { lines: Uint32Array[]; shingles: Uint32Array[]; definitions: Uint32Array[] };

export const featuresOf = (files: readonly Comparable[]): Features => ({
  lines: files.map(({ fingerprint }) => fingerprint.lines),
  shingles: files.map(({ fingerprint }) => fingerprint.shingles),
  definitions: files.map(({ fingerprint }) => fingerprint.definitions),
});

/** Compares texts by what of them is told in few others. */
export class TextIndex {
  readonly #files: readonly Comparable[];
  readonly #lines: FeatureIndex;
  readonly #shingles: FeatureIndex;
  readonly #definitions: FeatureIndex;

  /** `only`: the files that will be asked about. */
  constructor(files: readonly Comparable[], features = featuresOf(files), only?: readonly number[]) {
    this.#files = files;
    this.#lines = new FeatureIndex(features.lines, undefined, only);
    this.#shingles = new FeatureIndex(features.shingles, undefined, only);
    this.#definitions = new FeatureIndex(features.definitions, rareNames, only);
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

  /** For each of these files, or of all, the files to compare it with. */
  candidates(of?: readonly number[]): number[][] {
    const byShingles = this.#shingles.candidates(of);
    return this.#lines
      .candidates(of)
      .map((others, at) => [...new Set([...others, ...(byShingles[at] as number[])])]);
  }

  /** The near ones of these pairs, in their order. */
  nearOf(pairs: Iterable<readonly [a: number, b: number]>): NearPair[] {
    const found: NearPair[] = [];
    for (const [a, b] of pairs) {
      const likeness = this.likeness(a, b);
      const [x, y] = [this.#files[a] as Comparable, this.#files[b] as Comparable];
      if (this.#isNear(a, b, likeness, stemOf(x.path), stemOf(y.path))) found.push({ a, b, ...likeness });
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
