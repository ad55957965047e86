const leastCapacity = 1 << 10;
const nothing = new Int32Array(0);

/** Numbers features from 0 and counts the files that have each. Features are 32-bit hashes. */
export class FeatureTable {
  #keys: Uint32Array; // hash, 0 for none
  #ids: Int32Array;
  #size = 0;
  #frequency: Int32Array;
  #lastFile: Int32Array;

  /** `expected`: about how many features there will be; more are no fault. */
  constructor(expected = 0) {
    let capacity = leastCapacity;
    while (capacity < expected * 2) capacity *= 2;
    this.#keys = new Uint32Array(capacity);
    this.#ids = new Int32Array(capacity);
    this.#frequency = new Int32Array(capacity / 2);
    this.#lastFile = new Int32Array(capacity / 2).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** In how many files the feature occurs. */
  frequency(id: number): number {
    return this.#frequency[id] as number;
  }

  /** Enters a file's features and gives their numbers, each once. Files come in ascending order. */
  add(hashes: ArrayLike<number>, file: number): Int32Array {
    const found = new Int32Array(hashes.length);
    let count = 0;
    for (let at = 0; at < hashes.length; at++) {
      const id = this.#idOf((hashes[at] as number) >>> 0 || 1);
      if (this.#lastFile[id] === file) continue;
      this.#lastFile[id] = file;
      this.#frequency[id]!++;
      found[count++] = id;
    }
    return found.slice(0, count);
  }

  /** Numbers features without counting a file: only these will be counted by `addKnown`. */
  seed(hashes: ArrayLike<number>): void {
    for (let at = 0; at < hashes.length; at++) this.#idOf((hashes[at] as number) >>> 0 || 1);
  }

  /** As `add`, for features that are numbered already; others are passed over. */
  addKnown(hashes: ArrayLike<number>, file: number): Int32Array {
    const mask = this.#keys.length - 1;
    let found: Int32Array | undefined;
    let count = 0;
    for (let at = 0; at < hashes.length; at++) {
      const hash = (hashes[at] as number) >>> 0 || 1;
      let slot = Math.imul(hash, 0x9e3779b1) & mask;
      let key = this.#keys[slot];
      while (key !== 0 && key !== hash) key = this.#keys[(slot = (slot + 1) & mask)];
      if (key === 0) continue;
      const id = this.#ids[slot] as number;
      if (this.#lastFile[id] === file) continue;
      this.#lastFile[id] = file;
      this.#frequency[id]!++;
      (found ??= new Int32Array(hashes.length - at))[count++] = id;
    }
    return found === undefined ? nothing : found.slice(0, count);
  }

  #idOf(hash: number): number {
    let mask = this.#keys.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) & mask;
    for (let key = this.#keys[slot]; key !== 0; key = this.#keys[slot]) {
      if (key === hash) return this.#ids[slot] as number;
      slot = (slot + 1) & mask;
    }
    if (this.#size * 2 >= this.#keys.length) {
      this.#grow();
      mask = this.#keys.length - 1;
      slot = Math.imul(hash, 0x9e3779b1) & mask;
      while (this.#keys[slot] !== 0) slot = (slot + 1) & mask;
    }
    this.#keys[slot] = hash;
    this.#ids[slot] = this.#size;
    return this.#size++;
  }

  #grow(): void {
    const [keys, ids] = [this.#keys, this.#ids];
    const capacity = keys.length * 2;
    this.#keys = new Uint32Array(capacity);
    this.#ids = new Int32Array(capacity);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as number;
      if (key === 0) continue;
      let slot = Math.imul(key, 0x9e3779b1) & (capacity - 1);
      while (this.#keys[slot] !== 0) slot = (slot + 1) & (capacity - 1);
      this.#keys[slot] = key;
      this.#ids[slot] = ids[at] as number;
    }
    const frequency = new Int32Array(capacity / 2);
    frequency.set(this.#frequency);
    this.#frequency = frequency;
    const lastFile = new Int32Array(capacity / 2).fill(-1);
    lastFile.set(this.#lastFile);
    this.#lastFile = lastFile;
  }
}
