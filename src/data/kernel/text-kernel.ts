import { moduleOf } from "./assemble.ts";
import { scanFunction } from "./scan-code.ts";
import { distinctFunction, keyFunction, shingleFunction, signFunction } from "./shingle-code.ts";
import { headSlotBits } from "./word-hash.ts";

type Exports = {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  scan(
    text: number,
    length: number,
    words: number,
    capitals: number,
    facts: number,
    heads: number,
    stamp: number,
  ): number;
  shingles(words: number, count: number, out: number): number;
  distinct(list: number, count: number, scratch: number, counts: number): number;
  keys(words: number, count: number, state: number): void;
  sign(from: number, to: number, constants: number, out: number): void;
};
// Node's types name the namespace alone.
const { WebAssembly: engine } = globalThis as unknown as {
  WebAssembly: {
    validate(bytes: Uint8Array): boolean;
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { exports: unknown };
  };
};

const pageBytes = 65_536;
// Where things lie in the memory; what grows begins at `floor`.
const place = {
  constants: 0,
  signature: 2048,
  facts: 3072,
  state: 3136,
  heads: 4096,
  counts: 20_480,
} as const;
const floor = place.counts + 4 * (2 ** 16 + 1) + 60;
const slack = 128;
/** Longer texts and lists go the way of plain script: the memory never shrinks. */
const mostUnits = 2 ** 20;
const mostHashes = 2 ** 19;

/** What one scan tells: places in `numbers`, good until the next call. */
export type Scan = { facts: number; words: number; count: number; capitals: number };

export type TextKernel = {
  /** The memory; another array once it has grown. */
  readonly numbers: Uint32Array;
  /** Marks of the first letters of words, by slot: the stamp that the last text gave that holds one. */
  readonly heads: Uint8Array;
  /** The words of a text, or undefined if it is not ASCII or too long. The same object each time. */
  scan(text: string, stamp: number): Scan | undefined;
  /** Distinct hashes of the runs of five words, ascending, in a view; undefined if they are too many or too alike. */
  shingles(words: Uint32Array): Uint32Array | undefined;
  sign(shingles: Uint32Array): Uint32Array | undefined;
  /** Runs two keys, four halves, over words of an array; false if they are too many. */
  keys(words: Uint32Array, from: number, to: number, state: Uint32Array): boolean;
};

/** Loops over texts in WebAssembly, or undefined where the processor has no 128-bit lanes. */
export function textKernel(multiply: Uint32Array, add: Uint32Array): TextKernel | undefined {
  const permutations = multiply.length;
  const bytes = moduleOf(
    [scanFunction(), shingleFunction(), distinctFunction(), keyFunction(), signFunction(permutations)],
    Math.ceil((floor + 7 * pageBytes) / pageBytes),
  );
  if (!engine.validate(bytes)) return undefined;
  const run = new engine.Instance(new engine.Module(bytes)).exports as Exports;
  let buffer = Buffer.from(run.memory.buffer);
  let numbers = new Uint32Array(run.memory.buffer);
  const headsView = (): Uint8Array => new Uint8Array(run.memory.buffer, place.heads, 2 ** headSlotBits);
  let heads = headsView();
  const reserve = (most: number): void => {
    const missing = most - numbers.byteLength;
    if (missing <= 0) return;
    run.memory.grow(Math.ceil(missing / pageBytes));
    buffer = Buffer.from(run.memory.buffer);
    numbers = new Uint32Array(run.memory.buffer);
    heads = headsView();
  };
  numbers.set(multiply, place.constants / 4);
  numbers.set(add, place.constants / 4 + permutations);
  const view = (from: number, count: number): Uint32Array => numbers.subarray(from / 4, from / 4 + count);
  const sign = (from: number, count: number): Uint32Array => {
    run.sign(from, from + 4 * count, place.constants, place.signature);
    return view(place.signature, permutations);
  };
  const scanned: Scan = { facts: place.facts / 4, words: 0, count: 0, capitals: 0 };
  return {
    get numbers() {
      return numbers;
    },
    get heads() {
      return heads;
    },
    scan(text, stamp) {
      const { length } = text;
      if (length > mostUnits) return undefined;
      const room = (length + slack + 3) & ~3;
      const words = floor + room;
      const capitals = words + 2 * room;
      reserve(capitals + 4 * room);
      // Other text than ASCII takes more bytes than units, or has a byte that the scan refuses.
      if (buffer.write(text, floor, length, "utf8") !== length) return undefined;
      const count = run.scan(floor, length, words, capitals, place.facts, place.heads, stamp);
      if (count < 0) return undefined;
      scanned.words = words / 4;
      scanned.count = count;
      scanned.capitals = capitals / 4;
      return scanned;
    },
    shingles(words) {
      const count = words.length;
      if (count > mostHashes) return undefined;
      const out = floor + 4 * count;
      reserve(out + 8 * count + slack);
      numbers.set(words, floor / 4);
      const all = run.shingles(floor, count, out);
      const distinct = run.distinct(out, all, out + 4 * count, place.counts);
      if (distinct < 0) return undefined;
      return view(out, distinct);
    },
    sign(shingles) {
      if (shingles.length > mostHashes) return undefined;
      reserve(floor + 4 * shingles.length);
      numbers.set(shingles, floor / 4);
      return sign(floor, shingles.length);
    },
    keys(words, from, to, state) {
      if (to - from > mostHashes) return false;
      reserve(floor + 4 * (to - from));
      const first = floor / 4;
      for (let at = from; at < to; at++) numbers[first + at - from] = words[at] as number;
      for (let half = 0; half < 4; half++) numbers[place.state / 4 + half] = state[half] as number;
      run.keys(floor, to - from, place.state);
      for (let half = 0; half < 4; half++) state[half] = numbers[place.state / 4 + half] as number;
      return true;
    },
  };
}
