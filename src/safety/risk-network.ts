import { compiledPool, plainPool, type Pool } from "./network-code.ts";
import type { Word } from "./words.ts";

const taps = 3;
const mostWords = 1024; // of one sentence
/**
 * Filters over three words in a row, whose largest answers and the mean word give two scores. `table`: a row of steps
 * for each word, in the order of `words`. `filters`: taps x dimensions x filters, each filter times its scale. `pooled`,
 * `mean`: a row of weights for watch, one for elevated.
 */
export type Network = {
  /** A multiple of eight. */
  filterCount: number;
  dimensions: number;
  words: ReadonlyMap<string, number>;
  table: Int8Array;
  filters: Int8Array;
  scales: readonly number[];
  offsets: readonly number[];
  pooled: readonly number[];
  mean: readonly number[];
  biases: readonly [number, number];
  /** The scores of a sentence of which the table knows less than half of the words: it may not be English. */
  unread: readonly [number, number];
};

/** Reads sentences with a network in whole numbers of 16 bits; a word is worked out when it is first met. */
export class NetworkReader {
  private readonly pool: Pool;
  private readonly cells: Int16Array;
  private readonly addresses: Int32Array;
  private readonly isKnown: Uint8Array;
  /** What a filter's value is worth in whole numbers. */
  private readonly fine: Float64Array;
  private readonly means: Float64Array;
  private readonly rowBytes: number;
  private readonly at: { offsets: number; out: number; sequence: number; rows: number };

  private readonly network: Network;

  constructor(network: Network, makePool: (lanes: number, bytes: number) => Pool | undefined = compiledPool) {
    const { filterCount, words } = network;
    this.network = network;
    this.rowBytes = taps * filterCount * 2;
    const out = filterCount * 2;
    const sequence = out + filterCount * 2;
    // Row 0 stands for a word that the table lacks, and for the places before and after a sentence.
    const rows = Math.ceil((sequence + (mostWords + 2 * taps) * 4) / 16) * 16;
    this.at = { offsets: 0, out, sequence, rows };
    const bytes = rows + (words.size + 1) * this.rowBytes;
    this.pool = makePool(filterCount / 8, bytes) ?? plainPool(filterCount / 8, bytes);
    this.cells = new Int16Array(this.pool.memory);
    this.addresses = new Int32Array(this.pool.memory);
    this.isKnown = new Uint8Array(words.size);
    this.means = new Float64Array(words.size * 2);
    this.fine = this.finenessOf();
    for (let f = 0; f < filterCount; f++)
      this.cells[f] = Math.round((network.offsets[f] as number) * (this.fine[f] as number));
  }

  /** As fine as 16 bits allow: no sum of three words and the offset passes the largest number. */
  private finenessOf(): Float64Array {
    const { filterCount, dimensions, filters, scales, offsets, table } = this.network;
    const largest = new Float64Array(dimensions);
    for (let at = 0; at < table.length; at++)
      largest[at % dimensions] = Math.max(largest[at % dimensions] as number, Math.abs(table[at] as number));
    return Float64Array.from({ length: filterCount }, (_, f) => {
      let most = 0;
      for (let row = 0; row < taps * dimensions; row++)
        most +=
          Math.abs(filters[row * filterCount + f] as number) *
          (scales[f] as number) *
          (largest[row % dimensions] as number);
      return 32_000 / Math.max(1e-9, most + Math.abs(offsets[f] as number));
    });
  }

  /** Works out a word's share in each filter at each tap, and in both means. */
  private learn(number: number): void {
    const { dimensions, filterCount, filters, scales, table, mean } = this.network;
    const start = (this.at.rows + (number + 1) * this.rowBytes) / 2;
    for (let tap = 0; tap < taps; tap++)
      for (let f = 0; f < filterCount; f++) {
        let sum = 0;
        for (let d = 0; d < dimensions; d++)
          sum +=
            (table[number * dimensions + d] as number) *
            (filters[(tap * dimensions + d) * filterCount + f] as number);
        this.cells[start + tap * filterCount + f] = Math.round(
          sum * (scales[f] as number) * (this.fine[f] as number),
        );
      }
    for (let head = 0; head < 2; head++)
      for (let d = 0; d < dimensions; d++)
        this.means[number * 2 + head] =
          (this.means[number * 2 + head] as number) +
          (table[number * dimensions + d] as number) * (mean[head * dimensions + d] as number);
    this.isKnown[number] = 1;
  }

  /** Log-odds of watch and of elevated for the words from `from` to `to`. */
  scores(words: readonly Word[], from: number, to: number): [watch: number, elevated: number] {
    const { addresses, at, cells, fine, isKnown, means } = this;
    const { words: numbers, filterCount, pooled, biases, unread } = this.network;
    const length = Math.min(to - from, mostWords);
    let [watchMean, elevatedMean, known] = [0, 0, 0];
    let slot = at.sequence / 4;
    for (let tap = 1; tap < taps; tap++) addresses[slot++] = at.rows;
    for (let word = from; word < from + length; word++) {
      const number = numbers.get((words[word] as Word).form);
      if (number === undefined) {
        addresses[slot++] = at.rows;
        continue;
      }
      if (isKnown[number] === 0) this.learn(number);
      addresses[slot++] = at.rows + (number + 1) * this.rowBytes;
      known++;
      watchMean += means[number * 2] as number;
      elevatedMean += means[number * 2 + 1] as number;
    }
    if (known * 2 < length) return [...unread];
    for (let tap = 1; tap < taps; tap++) addresses[slot++] = at.rows;
    this.pool.pool(at.sequence, length + taps - 1, at.offsets, at.out);
    const scale = 1 / Math.sqrt(Math.max(1, known));
    let watch = biases[0] + watchMean * scale;
    let elevated = biases[1] + elevatedMean * scale;
    const out = at.out / 2;
    for (let f = 0; f < filterCount; f++) {
      const largest = (cells[out + f] as number) / (fine[f] as number);
      watch += (pooled[f] as number) * largest;
      elevated += (pooled[filterCount + f] as number) * largest;
    }
    return [watch, elevated];
  }
}
