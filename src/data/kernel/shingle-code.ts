import {
  block,
  branchIf,
  either,
  fill,
  get,
  give,
  Locals,
  loop,
  set,
  tee,
  type,
  when,
  wide,
  word,
  type Code,
  type Function,
} from "./assemble.ts";
import { finishOf } from "./scan-code.ts";
import {
  keyFactors,
  keyShift,
  keyTurn,
  rollingBase,
  rollingPower,
  shingleWords,
  stepsEach,
} from "./word-hash.ts";

const next = (local: number, by = 4): Code => set(local, word.add(get(local), word.of(by)));

/** `shingles(words, count, out)`: hashes of all runs of five words, or of all words if there are fewer; gives how many. */
export function shingleFunction(): Function {
  const [words, count, out] = [0, 1, 2] as const;
  const locals = new Locals(3);
  const [rolling, end, hash, to] = [type.i32, type.i32, type.i32, type.i32].map((one) => locals.new(one)) as [
    number,
    number,
    number,
    number,
  ];
  const roll: Code = set(
    rolling,
    word.add(word.multiply(get(rolling), word.of(rollingBase)), word.load(get(words))),
  );
  const size = (): Code =>
    either(word.less(get(count), word.of(shingleWords)), get(count), word.of(shingleWords));
  const put: Code[] = [
    set(hash, get(rolling)),
    set(hash, finishOf(hash)),
    word.store(get(to), get(hash)),
    next(to),
  ];
  const body: Code = [
    ...when(word.isZero(get(count)), give(word.of(0))),
    ...set(to, get(out)),
    ...set(end, word.add(get(words), word.left(size(), word.of(2)))),
    ...loop(roll, next(words), branchIf(0, word.lessUnsigned(get(words), get(end)))),
    ...put.flat(),
    ...set(end, word.add(get(words), word.left(word.subtract(get(count), size()), word.of(2)))),
    ...block(
      branchIf(0, word.equal(get(words), get(end))),
      loop(
        set(
          rolling,
          word.subtract(
            get(rolling),
            word.multiply(
              word.load(word.subtract(get(words), word.of(4 * shingleWords))),
              word.of(rollingPower),
            ),
          ),
        ),
        roll,
        ...put,
        next(words),
        branchIf(0, word.lessUnsigned(get(words), get(end))),
      ),
    ),
    ...word.right(word.subtract(get(to), get(out)), word.of(2)),
  ];
  return { name: "shingles", parameters: 3, gives: true, locals, body };
}

/**
 * `distinct(list, count, scratch, counts)` puts hashes in ascending order, each once, and gives how many there are: a
 * bucket for about every hash by its first bits, then insertion. Gives -1, the list as it was, where that would take
 * too many steps: a crowd of near-equal hashes. `counts` has room for 2^16 + 1 numbers.
 */
export function distinctFunction(): Function {
  const [list, count, scratch, counts] = [0, 1, 2, 3] as const;
  const locals = new Locals(4);
  const [shift, bytes, at, end, bucket, sum, value, steps, before, out] = Array.from({ length: 10 }, () =>
    locals.new(type.i32),
  ) as [number, number, number, number, number, number, number, number, number, number];
  const bucketOf = (value: Code): Code =>
    word.add(get(counts), word.left(word.right(value, get(shift)), word.of(2)));
  const overList = (...body: readonly Code[]): Code[] => [
    set(at, get(list)),
    loop(...body, next(at), branchIf(0, word.lessUnsigned(get(at), get(end)))),
  ];
  const body: Code = [
    ...when(word.lessUnsigned(get(count), word.of(2)), give(get(count))),
    ...set(end, word.add(get(list), word.left(get(count), word.of(2)))),
    ...set(shift, word.zeros(get(count))),
    ...when(word.less(get(shift), word.of(16)), set(shift, word.of(16))),
    ...set(bytes, word.left(word.of(4), word.subtract(word.of(32), get(shift)))),
    ...fill(get(counts), word.of(0), get(bytes)),
    ...overList(
      set(bucket, bucketOf(word.load(get(at)))),
      word.store(get(bucket), word.add(word.load(get(bucket)), word.of(1))),
    ).flat(),
    // Counts become the places, in bytes, where the buckets begin.
    ...set(sum, get(scratch)),
    ...set(bucket, get(counts)),
    ...set(bytes, word.add(get(bytes), get(counts))),
    ...loop(
      set(value, word.left(word.load(get(bucket)), word.of(2))),
      word.store(get(bucket), get(sum)),
      set(sum, word.add(get(sum), get(value))),
      next(bucket),
      branchIf(0, word.lessUnsigned(get(bucket), get(bytes))),
    ),
    ...overList(
      set(value, word.load(get(at))),
      set(bucket, bucketOf(get(value))),
      set(before, word.load(get(bucket))),
      word.store(get(before), get(value)),
      word.store(get(bucket), word.add(get(before), word.of(4))),
    ).flat(),
    ...set(steps, word.multiply(get(count), word.of(stepsEach))),
    ...set(end, word.add(get(scratch), word.left(get(count), word.of(2)))),
    ...set(at, word.add(get(scratch), word.of(4))),
    ...loop(
      set(value, word.load(get(at))),
      set(before, get(at)),
      block(
        loop(
          branchIf(1, word.equal(get(before), get(scratch))),
          branchIf(
            1,
            word.isZero(
              word.lessUnsigned(get(value), tee(sum, word.load(word.subtract(get(before), word.of(4))))),
            ),
          ),
          word.store(get(before), get(sum)),
          set(before, word.subtract(get(before), word.of(4))),
          set(steps, word.subtract(get(steps), word.of(1))),
          branchIf(0, get(steps)),
          give(word.of(-1)),
        ),
      ),
      word.store(get(before), get(value)),
      next(at),
      branchIf(0, word.lessUnsigned(get(at), get(end))),
    ),
    // Each once, back into the list: a place is taken for good as soon as another hash follows.
    ...set(out, get(list)),
    ...set(at, get(scratch)),
    ...set(sum, word.load(get(scratch))),
    ...loop(
      set(value, word.load(get(at))),
      set(out, word.add(get(out), word.left(word.differ(get(value), get(sum)), word.of(2)))),
      word.store(get(out), get(value)),
      set(sum, get(value)),
      next(at),
      branchIf(0, word.lessUnsigned(get(at), get(end))),
    ),
    ...word.add(word.right(word.subtract(get(out), get(list)), word.of(2)), word.of(1)),
  ];
  return { name: "distinct", parameters: 4, gives: true, locals, body };
}

/** `keys(words, count, state)`: runs two 64-bit keys, four 32-bit halves high and low, over the words. */
export function keyFunction(): Function {
  const [words, count, state] = [0, 1, 2] as const;
  const locals = new Locals(3);
  const [end, value, ...halves] = Array.from({ length: 6 }, () => locals.new(type.i32)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const step = (high: number, low: number): Code[] => [
    set(high, word.multiply(word.xor(get(high), get(value)), word.of(keyFactors[0]))),
    set(high, word.xor(get(high), word.right(get(high), word.of(keyShift)))),
    set(
      low,
      word.rotateLeft(
        word.multiply(word.add(get(low), get(value)), word.of(keyFactors[1])),
        word.of(keyTurn),
      ),
    ),
  ];
  const body: Code = [
    ...when(word.isZero(get(count)), [0x0f]),
    ...set(end, word.add(get(words), word.left(get(count), word.of(2)))),
    ...halves.flatMap((half, index) => set(half, word.load(get(state), 4 * index))),
    ...loop(
      set(value, word.load(get(words))),
      ...step(halves[0], halves[1]),
      ...step(halves[2], halves[3]),
      next(words),
      branchIf(0, word.lessUnsigned(get(words), get(end))),
    ),
    ...halves.flatMap((half, index) => word.store(get(state), get(half), 4 * index)),
  ];
  return { name: "keys", parameters: 3, gives: false, locals, body };
}

const vectors = 4; // at once: with their multipliers, addends and the shingle they fill the 16 registers of x64

/**
 * `sign(from, to, constants, out)`: for each permutation the smallest image of the shingles, of which there must be one.
 * The constants are the multipliers, then the addends.
 */
export function signFunction(permutations: number): Function {
  const [from, to, constants, out] = [0, 1, 2, 3] as const;
  const locals = new Locals(4);
  const place = locals.new(type.i32);
  const shingle = locals.new(type.v128);
  const lanes = (): number[] => Array.from({ length: vectors }, () => locals.new(type.v128));
  const [multipliers, addends, minima] = [lanes(), lanes(), lanes()];
  const body: Code[] = [];
  for (let first = 0; first < permutations; first += 4 * vectors) {
    const each = Array.from({ length: Math.min(vectors, (permutations - first) / 4) }, (_, k) => ({
      offset: (first + 4 * k) * 4,
      multiplier: multipliers[k] as number,
      addend: addends[k] as number,
      minimum: minima[k] as number,
    }));
    for (const { offset, multiplier, addend, minimum } of each) {
      body.push(set(multiplier, wide.load(get(constants), offset)));
      body.push(set(addend, wide.load(get(constants), permutations * 4 + offset)));
      body.push(set(minimum, wide.all(0xff)));
    }
    body.push(set(place, get(from)));
    body.push(
      loop(
        set(shingle, wide.loadSplatWord(get(place))),
        ...each.map(({ multiplier, addend, minimum }) =>
          set(
            minimum,
            wide.minWords(
              wide.addWords(wide.multiplyWords(get(shingle), get(multiplier)), get(addend)),
              get(minimum),
            ),
          ),
        ),
        next(place),
        branchIf(0, word.lessUnsigned(get(place), get(to))),
      ),
    );
    for (const { offset, minimum } of each) body.push(wide.store(get(out), get(minimum), offset));
  }
  return { name: "sign", parameters: 4, gives: false, locals, body: body.flat() };
}
