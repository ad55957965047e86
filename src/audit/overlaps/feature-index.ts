import { FeatureTable } from "./feature-table.ts";

/** Features in more files than this count less, and vote only through their first files. */
const rareFiles = 50;
/** Features of a file that vote for its counterparts. */
const voters = 24;
/** Counterparts of a file that are compared in full. */
const candidatesPerFile = 12;

/** How two files overlap in one kind of feature, weighted: what is in many files counts less. */
export type Overlap = { shared: number; weight: number; containment: number; jaccard: number };

/** An inverted index over one kind of feature of many files. */
export class FeatureIndex {
  readonly #table = new FeatureTable();
  readonly #features: Int32Array[];
  readonly #weights: Float32Array;
  readonly #sizes: Float64Array;
  readonly #stamps: Int32Array;
  #stamped = -1;

  constructor(files: readonly ArrayLike<number>[], rare = rareFiles) {
    this.#features = files.map((hashes, file) => this.#table.add(hashes, file));
    this.#weights = new Float32Array(this.#table.size);
    for (let id = 0; id < this.#weights.length; id++) {
      this.#weights[id] = Math.min(1, rare / this.#table.frequency(id));
    }
    this.#sizes = Float64Array.from(this.#features, (ids) => {
      let sum = 0;
      for (const id of ids) sum += this.#weights[id] as number;
      return sum;
    });
    this.#stamps = new Int32Array(this.#table.size).fill(-1);
  }

  /** How many features a file has. */
  count(file: number): number {
    return (this.#features[file] as Int32Array).length;
  }

  /** Weighted size of a file. */
  size(file: number): number {
    return this.#sizes[file] as number;
  }

  /** The features of a file that fewest others have, at least one other does. */
  #voters(file: number): number[] {
    const shared: number[] = [];
    for (const id of this.#features[file] as Int32Array) if (this.#table.frequency(id) > 1) shared.push(id);
    if (shared.length <= voters) return shared;
    const limit = shared.map((id) => this.#table.frequency(id)).sort((a, b) => a - b)[voters - 1] as number;
    const chosen = shared.filter((id) => this.#table.frequency(id) < limit);
    // Evenly over the file, not its beginning: that is where files are alike by habit.
    const even = shared.filter((id) => this.#table.frequency(id) === limit);
    const wanted = voters - chosen.length;
    for (let at = 0; at < wanted; at++) chosen.push(even[Math.floor((at * even.length) / wanted)] as number);
    return chosen;
  }

  /** Adds to `pairs`, as smaller index * files + larger, the files that share rare features. */
  candidates(pairs: Set<number>): void {
    const fileCount = this.#features.length;
    const voting = this.#features.map((_, file) => this.#voters(file));
    const postings = new Map<number, number[]>();
    for (const ids of voting) for (const id of ids) postings.set(id, []);
    for (let file = 0; file < fileCount; file++) {
      for (const id of this.#features[file] as Int32Array) {
        if (this.#table.frequency(id) < 2) continue;
        const posting = postings.get(id);
        if (posting !== undefined && posting.length < rareFiles) posting.push(file);
      }
    }
    const votes = new Int32Array(fileCount);
    for (let file = 0; file < fileCount; file++) {
      const touched: number[] = [];
      const ids = voting[file] as number[];
      for (const id of ids) {
        for (const other of postings.get(id) as number[]) {
          if (other !== file && votes[other]!++ === 0) touched.push(other);
        }
      }
      const least = Math.max(2, ids.length * 0.1);
      const chosen = touched
        .filter((other) => (votes[other] as number) >= least)
        .sort((a, b) => (votes[b] as number) - (votes[a] as number) || a - b);
      for (const other of chosen.slice(0, candidatesPerFile)) {
        pairs.add(Math.min(file, other) * fileCount + Math.max(file, other));
      }
      for (const other of touched) votes[other] = 0;
    }
  }

  /** Compares two files. Calls with the same `a` in a row are cheapest. */
  overlap(a: number, b: number): Overlap {
    if (this.#stamped !== a) {
      for (const id of this.#features[a] as Int32Array) this.#stamps[id] = a;
      this.#stamped = a;
    }
    let shared = 0;
    let weight = 0;
    for (const id of this.#features[b] as Int32Array) {
      if (this.#stamps[id] !== a) continue;
      shared++;
      weight += this.#weights[id] as number;
    }
    const smaller = Math.min(this.#sizes[a] as number, this.#sizes[b] as number);
    const union = (this.#sizes[a] as number) + (this.#sizes[b] as number) - weight;
    return {
      shared,
      weight,
      containment: smaller === 0 ? 0 : Math.min(1, weight / smaller),
      jaccard: union === 0 ? 0 : weight / union,
    };
  }
}
