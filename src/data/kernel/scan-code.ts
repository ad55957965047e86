import {
  block,
  branch,
  branchIf,
  either,
  fill,
  get,
  give,
  Locals,
  long,
  loop,
  set,
  type,
  when,
  wide,
  word,
  type Code,
  type Function,
} from "./assemble.ts";
import { finishFactors, headSlotBits, headFactors, wordFactors, wordBasis } from "./word-hash.ts";

/** Bits of what a byte is, beside letters and digits; some stand for a few bytes more than they name. */
export const byteClass = {
  at: 1,
  slash: 2,
  /** < { } [ and ; = [ \ | */
  markup: 4,
  /** Control characters but tab and newline. */
  control: 8,
  high: 16, // 0x10 to 0x1f, and 0x7f
  /** " & */
  quote: 32,
  colon: 64,
  /** Tab and newline. */
  line: 128,
} as const;

// A byte is of a class if both halves say so: tables by its low and its high four bits.
const lowHalf = Array.from(
  { length: 16 },
  (_, low) =>
    (low === 0 ? byteClass.at : 0) |
    (low === 15 ? byteClass.slash : 0) |
    (low >= 11 && low <= 13 ? byteClass.markup : 0) |
    (low === 9 || low === 10 ? byteClass.line : byteClass.control) |
    byteClass.high |
    (low === 2 || low === 6 ? byteClass.quote : 0) |
    (low === 10 ? byteClass.colon : 0),
);
const highHalf = Array.from({ length: 16 }, (_, high) => {
  if (high === 0) return byteClass.control | byteClass.line;
  if (high === 1) return byteClass.high;
  if (high === 2) return byteClass.slash | byteClass.quote;
  if (high === 3) return byteClass.markup | byteClass.colon;
  if (high === 4) return byteClass.at;
  return high === 5 || high === 7 ? byteClass.markup : 0;
});

/** Places in what `scan` tells, in 32-bit words. */
export const scanned = {
  classes: 0,
  wordUnits: 1,
  digits: 2,
  capitals: 3,
  /** Words that begin with a capital; their places and numbers lie in the list of capitals. */
  capitalWords: 4,
  /** Not 0: a word stands right behind a full stop. */
  address: 5,
  /** Not 0: two white-space characters in a row. */
  doubleSpace: 6,
} as const;

const neutral = 0x2c; // a comma: of no class

/**
 * `scan(text, length, words, capitals, facts, heads, stamp)` reads ASCII bytes in steps of 64 and gives the number of
 * words, or -1 if there is a byte above 0x7f. The 80 bytes behind the text are overwritten. `heads`: the table in which
 * the first four letters of each word are marked with the stamp.
 */
export function scanFunction(): Function {
  const [text, length, words, capitals, facts, heads, stamp] = [0, 1, 2, 3, 4, 5, 6] as const;
  const locals = new Locals(7);
  const int = (): number => locals.new(type.i32);
  const big = (): number => locals.new(type.i64);
  const lanes = (): number => locals.new(type.v128);
  const [base, end, open, out, list, from, to, hash, left] = [
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
    int(),
  ];
  const [letters, digits, capitalUnits, address, doubles] = [int(), int(), int(), int(), int()];
  const [mask, capital, digit, dot, space, edges, starts, chunk] = [
    big(),
    big(),
    big(),
    big(),
    big(),
    big(),
    big(),
    big(),
  ];
  const [inWord, afterDot, afterSpace] = [big(), big(), big()];
  const [bytes, isLetter, isDigit, classes, all, isWhite] = [
    lanes(),
    lanes(),
    lanes(),
    lanes(),
    lanes(),
    lanes(),
  ];

  const between = (value: Code, first: number, count: number): Code =>
    wide.lessUnsigned(wide.subtract(value, wide.all(first)), wide.all(count));
  const is = (byte: number): Code => wide.equal(get(bytes), wide.all(byte));
  const addBits = (into: number, lane: Code, part: number): Code =>
    set(into, long.or(get(into), long.left(long.extend(wide.bits(lane)), long.of(BigInt(16 * part)))));
  const readPart = (part: number): Code[] => [
    set(bytes, wide.load(get(base), 16 * part)),
    set(all, wide.or(get(all), get(bytes))),
    set(isLetter, between(wide.or(get(bytes), wide.all(0x20)), 97, 26)),
    set(isDigit, between(get(bytes), 48, 10)),
    set(isWhite, between(get(bytes), 9, 5)),
    set(
      classes,
      wide.or(
        get(classes),
        wide.or(
          wide.and(
            wide.pick(wide.bytes(lowHalf), wide.and(get(bytes), wide.all(15))),
            wide.pick(wide.bytes(highHalf), wide.rightBytes(get(bytes), word.of(4))),
          ),
          wide.and(is(0x7f), wide.all(byteClass.high)),
        ),
      ),
    ),
    addBits(mask, wide.or(get(isLetter), get(isDigit)), part),
    addBits(digit, get(isDigit), part),
    addBits(capital, between(get(bytes), 65, 26), part),
    addBits(dot, is(46), part),
    addBits(space, wide.or(is(32), get(isWhite)), part),
  ];
  const shifted = (value: number, carry: number): Code =>
    long.or(long.left(get(value), long.of(1n)), get(carry));
  const last = (value: number): Code => long.right(get(value), long.of(63n));
  const count = (value: number): Code => word.low(long.count(get(value)));
  const place = (value: number): Code => word.add(get(base), word.low(long.trailing(get(value))));
  const dropFirst = (value: number): Code =>
    set(value, long.and(get(value), long.subtract(get(value), long.of(1n))));
  const mix = (half: Code, factor: number, shift: number): Code[] => [
    set(hash, word.multiply(word.xor(get(hash), half), word.of(factor))),
    set(hash, word.xor(get(hash), word.right(get(hash), word.of(shift)))),
  ];
  /** Hashes the word between `from` and `to`, eight bytes at a time, in lower case: its bytes have all bit 0x20 then. */
  const hashWord: Code[] = [
    set(left, word.subtract(get(to), get(from))),
    set(hash, word.of(wordBasis)),
    set(chunk, loadLower(get(from), left)),
    ...headFactors.map((factor) =>
      word.store8(
        word.add(
          get(heads),
          word.right(word.multiply(word.low(get(chunk)), word.of(factor)), word.of(32 - headSlotBits)),
        ),
        get(stamp),
      ),
    ),
    loop(
      ...mix(word.low(get(chunk)), wordFactors[0], 15),
      ...mix(word.low(long.right(get(chunk), long.of(32n))), wordFactors[1], 13),
      when(
        word.less(word.of(8), get(left)),
        set(left, word.subtract(get(left), word.of(8))),
        set(from, word.add(get(from), word.of(8))),
        set(chunk, loadLower(get(from), left)),
        branch(1),
      ),
    ),
    set(hash, finishOf(hash)),
    word.store(get(out), get(hash)),
    set(out, word.add(get(out), word.of(4))),
  ];

  const body: Code = [
    ...fill(word.add(get(text), get(length)), word.of(neutral), word.of(80)),
    ...set(base, get(text)),
    ...set(end, word.add(get(text), get(length))),
    ...set(out, get(words)),
    ...set(list, get(capitals)),
    ...loop(
      set(mask, long.of(0n)),
      set(digit, long.of(0n)),
      set(capital, long.of(0n)),
      set(dot, long.of(0n)),
      set(space, long.of(0n)),
      ...[0, 1, 2, 3].flatMap(readPart),
      set(edges, long.xor(get(mask), shifted(mask, inWord))),
      set(starts, long.and(get(edges), get(mask))),
      set(letters, word.add(get(letters), count(mask))),
      set(digits, word.add(get(digits), count(digit))),
      set(capitalUnits, word.add(get(capitalUnits), count(capital))),
      set(
        address,
        word.or(get(address), long.differ(long.and(get(starts), shifted(dot, afterDot)), long.of(0n))),
      ),
      set(
        doubles,
        word.or(get(doubles), long.differ(long.and(get(space), shifted(space, afterSpace)), long.of(0n))),
      ),
      set(inWord, last(mask)),
      set(afterDot, last(dot)),
      set(afterSpace, last(space)),
      // Words that begin with a capital: where, and the how-many-th word it is.
      set(capital, long.and(get(capital), get(starts))),
      block(
        branchIf(0, long.isZero(get(capital))),
        loop(
          word.store(get(list), word.subtract(place(capital), get(text))),
          word.store(
            get(list),
            word.add(
              word.add(
                word.right(word.subtract(get(out), get(words)), word.of(2)),
                either(get(open), word.of(1), word.of(0)),
              ),
              word.low(
                long.count(
                  long.and(
                    get(starts),
                    long.subtract(
                      long.and(get(capital), long.subtract(long.of(0n), get(capital))),
                      long.of(1n),
                    ),
                  ),
                ),
              ),
            ),
            4,
          ),
          set(list, word.add(get(list), word.of(8))),
          dropFirst(capital),
          branchIf(0, long.differ(get(capital), long.of(0n))),
        ),
      ),
      block(
        branchIf(0, long.isZero(get(edges))),
        // `open`: the place of a word that has begun, 0 for none.
        when(
          get(open),
          set(from, get(open)),
          set(to, place(edges)),
          dropFirst(edges),
          set(open, word.of(0)),
          ...hashWord,
        ),
        block(
          branchIf(0, long.isZero(get(edges))),
          loop(
            set(from, place(edges)),
            dropFirst(edges),
            when(long.isZero(get(edges)), set(open, get(from)), branch(2)),
            set(to, place(edges)),
            dropFirst(edges),
            ...hashWord,
            branchIf(0, long.differ(get(edges), long.of(0n))),
          ),
        ),
      ),
      set(base, word.add(get(base), word.of(64))),
      branchIf(0, word.isZero(word.lessUnsigned(get(end), get(base)))),
    ),
    ...when(wide.bits(get(all)), give(word.of(-1))),
    ...set(chunk, long.or(wide.firstLong(get(classes)), wide.secondLong(get(classes)))),
    ...[32, 16, 8].flatMap((by) => [
      ...set(chunk, long.or(get(chunk), long.right(get(chunk), long.of(BigInt(by))))),
    ]),
    ...word.store(get(facts), word.and(word.low(get(chunk)), word.of(0xff)), 4 * scanned.classes),
    ...word.store(get(facts), get(letters), 4 * scanned.wordUnits),
    ...word.store(get(facts), get(digits), 4 * scanned.digits),
    ...word.store(get(facts), get(capitalUnits), 4 * scanned.capitals),
    ...word.store(
      get(facts),
      word.right(word.subtract(get(list), get(capitals)), word.of(3)),
      4 * scanned.capitalWords,
    ),
    ...word.store(get(facts), get(address), 4 * scanned.address),
    ...word.store(get(facts), get(doubles), 4 * scanned.doubleSpace),
    ...word.right(word.subtract(get(out), get(words)), word.of(2)),
  ];
  return { name: "scan", parameters: 7, gives: true, locals, body };

  function loadLower(address: Code, length: number): Code {
    const lower = long.or(long.load(address), long.of(0x2020202020202020n));
    const bits = long.extend(word.left(get(length), word.of(3)));
    const kept = long.subtract(long.left(long.of(1n), bits), long.of(1n));
    // A shift by 64 shifts by 0: the mask would be empty where all eight bytes count.
    return long.and(lower, either(word.less(get(length), word.of(8)), kept, long.of(-1n)));
  }
}

/** The last mixing of a hash in a local. */
export function finishOf(hash: number): Code {
  const [first, second] = finishFactors;
  return [
    ...set(hash, word.multiply(word.xor(get(hash), word.right(get(hash), word.of(16))), word.of(first))),
    ...set(hash, word.multiply(word.xor(get(hash), word.right(get(hash), word.of(13))), word.of(second))),
    ...word.xor(get(hash), word.right(get(hash), word.of(16))),
  ];
}
