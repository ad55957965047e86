import { FeatureTable } from "./feature-table.ts";

/** Features in more files than this count less, and vote only through their first files. */
const rareFiles = 50;
/** Features of a file that vote for its counterparts. */
const voters = 24;
/** With so many rare features, those of more than `rareFiles` files need not vote. */
const enoughVoters = 6;
/** Counterparts of a file that are compared in full. */
const candidatesPerFile = 12;
/** Votes that a counterpart needs: at least two, and this share of the voters. */
const leastVotes = 0.125;

/** How two files overlap in one kind of feature, weighted: what is in many files counts less. */
export type Overlap = { shared: number; weight: number; containment: number; jaccard: number };

/** An inverted index over one kind of feature of many files. */
export class FeatureIndex {
  readonly #table: FeatureTable;
  readonly #features: Int32Array[];
  readonly #weights: Float32Array;
  readonly #sizes: Float64Array;
  readonly #stamps: Int32Array;
  #stamped = -1;

  /** `only`: the files that will be asked about; of the others just what these have in common with them is kept. */
  constructor(files: readonly ArrayLike<number>[], rare = rareFiles, only?: readonly number[]) {
    // About half of them are in one file alone, or repeat.
    const about = only === undefined ? files : only.map((file) => files[file] as ArrayLike<number>);
    this.#table = new FeatureTable(about.reduce((sum, hashes) => sum + hashes.length, 0) / 2);
    for (const hashes of only === undefined ? [] : about) this.#table.seed(hashes);
    this.#features = files.map((hashes, file) =>
      only === undefined ? this.#table.add(hashes, file) : this.#table.addKnown(hashes, file),
    );
    this.#weights = new Float32Array(this.#table.size);
    for (let id = 0; id < this.#weights.length; id++) {
      this.#weights[id] = Math.min(1, rare / this.#table.frequency(id));
    }
    this.#sizes = new Float64Array(files.length);
    for (let file = 0; file < files.length; file++) {
      const ids = this.#features[file] as Int32Array;
      let sum = 0;
      for (let at = 0; at < ids.length; at++) sum += this.#weights[ids[at] as number] as number;
      this.#sizes[file] = sum;
    }
    this.#stamps = new Int32Array(this.#table.size).fill(-1);
  }

  /** How many different features a file has. */
  count(file: number): number {
    return (this.#features[file] as Int32Array).length;
  }

  /** The features of a file that fewest others have and at least one other does. */
  #voters(file: number, buckets: Int32Array): Int32Array {
    const ids = this.#features[file] as Int32Array;
    const table = this.#table;
    buckets.fill(0);
    let shared = 0;
    for (let at = 0; at < ids.length; at++) {
      const frequency = table.frequency(ids[at] as number);
      if (frequency < 2) continue;
      shared++;
      buckets[Math.min(frequency, rareFiles + 1)]!++;
    }
    // Rarer ones than `limit` are all taken; of those at the limit as many as there is room for, evenly over the
    // file and not its beginning: that is where files are alike by habit.
    let limit = 2;
    let below = 0;
    while (limit < rareFiles + 1 && below + (buckets[limit] as number) < voters)
      below += buckets[limit++] as number;
    const atLimit = buckets[limit] as number;
    const isCommon = limit > rareFiles;
    const wanted = isCommon && below >= enoughVoters ? 0 : Math.min(voters - below, atLimit);
    const chosen = new Int32Array(Math.min(shared, below + wanted));
    let taken = 0;
    let seen = 0;
    let even = 0;
    for (let at = 0; at < ids.length && taken < chosen.length; at++) {
      const id = ids[at] as number;
      const frequency = Math.min(table.frequency(id), rareFiles + 1);
      if (frequency < 2 || frequency > limit) continue;
      if (frequency === limit) {
        if (even >= wanted || seen++ < Math.floor((even * atLimit) / wanted)) continue;
        even++;
      }
      chosen[taken++] = id;
    }
    return chosen.subarray(0, taken);
  }

  /** For each of these files, or of all, those that share rare features with it, most of them first. */
  candidates(of: readonly number[] = this.#features.map((_, file) => file)): number[][] {
    const fileCount = this.#features.length;
    const buckets = new Int32Array(rareFiles + 2);
    const slotOf = new Int32Array(this.#table.size).fill(-1);
    const room: number[] = [];
    const voting = of.map((file) => {
      const ids = this.#voters(file, buckets);
      for (let at = 0; at < ids.length; at++) {
        const id = ids[at] as number;
        if (slotOf[id] !== -1) continue;
        slotOf[id] = room.length;
        room.push(Math.min(this.#table.frequency(id), rareFiles));
      }
      return ids;
    });
    const start = new Int32Array(room.length + 1);
    for (let slot = 0; slot < room.length; slot++) {
      start[slot + 1] = (start[slot] as number) + (room[slot] as number);
    }
    const next = start.slice(0, room.length);
    const postings = new Int32Array(start[room.length] as number);
    for (let file = 0; file < fileCount; file++) {
      const ids = this.#features[file] as Int32Array;
      for (let at = 0; at < ids.length; at++) {
        const slot = slotOf[ids[at] as number] as number;
        if (slot < 0) continue;
        const place = next[slot] as number;
        if (place === start[slot + 1]) continue;
        postings[place] = file;
        next[slot] = place + 1;
      }
    }
    const votes = new Int32Array(fileCount);
    const touched = new Int32Array(fileCount);
    return of.map((file, position) => {
      const ids = voting[position] as Int32Array;
      let touchedCount = 0;
      for (let at = 0; at < ids.length; at++) {
        const slot = slotOf[ids[at] as number] as number;
        const end = start[slot + 1] as number;
        for (let place = start[slot] as number; place < end; place++) {
          const other = postings[place] as number;
          if (votes[other]!++ === 0) touched[touchedCount++] = other;
        }
      }
      votes[file] = 0;
      const least = Math.max(2, ids.length * leastVotes);
      const chosen: number[] = [];
      for (let at = 0; at < touchedCount; at++) {
        const other = touched[at] as number;
        if ((votes[other] as number) >= least) chosen.push(other);
      }
      if (chosen.length > candidatesPerFile) {
        chosen.sort((a, b) => (votes[b] as number) - (votes[a] as number) || a - b);
        chosen.length = candidatesPerFile;
      }
      for (let at = 0; at < touchedCount; at++) votes[touched[at] as number] = 0;
      return chosen;
    });
  }

  /** Compares two files. Calls with the same `a` in a row are cheapest. */
  overlap(a: number, b: number): Overlap {
    const stamps = this.#stamps;
    if (this.#stamped !== a) {
      const own = this.#features[a] as Int32Array;
      for (let at = 0; at < own.length; at++) stamps[own[at] as number] = a;
      this.#stamped = a;
    }
    const ids = this.#features[b] as Int32Array;
    let shared = 0;
    let weight = 0;
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] as number;
      if (stamps[id] !== a) continue;
      shared++;
      weight += this.#weights[id] as number;
    }
    const [sizeA, sizeB] = [this.#sizes[a] as number, this.#sizes[b] as number];
    const smaller = Math.min(sizeA, sizeB);
    const union = sizeA + sizeB - weight;
    return {
      shared,
      weight,
      containment: smaller === 0 ? 0 : Math.min(1, weight / smaller),
      jaccard: union === 0 ? 0 : weight / union,
    };
  }
}
