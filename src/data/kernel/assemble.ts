// Writes WebAssembly opcode by opcode, as the core specification 2.0 numbers them
// (https://webassembly.github.io/spec/core/binary/instructions.html). Code is a list of bytes; operands come first.

export type Code = readonly number[];
export const type = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const;
type Type = (typeof type)[keyof typeof type];
const empty = 0x40;

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    const byte = Number(left & 0x7fn);
    const isLast = left >> 6n === 0n || left >> 6n === -1n;
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

const join = (...parts: readonly Code[]): Code => parts.flat();
const binary =
  (code: number) =>
  (a: Code, b: Code): Code => [...a, ...b, code];
const unary =
  (code: number) =>
  (a: Code): Code => [...a, code];
const memory =
  (code: number) =>
  (address: Code, offset = 0): Code => [...address, code, 0, ...unsigned(offset)];
const store =
  (code: number) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, code, 0, ...unsigned(offset)];
const lanes = (code: number): number[] => [0xfd, ...unsigned(code)];
const lanesBinary =
  (code: number) =>
  (a: Code, b: Code): Code => [...a, ...b, ...lanes(code)];
const lanesUnary =
  (code: number) =>
  (a: Code): Code => [...a, ...lanes(code)];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const tee = (local: number, value: Code): Code => [...value, 0x22, ...unsigned(local)];
/** Statements that a branch of depth 0 leaves at their end. */
export const block = (...body: readonly Code[]): Code => [0x02, empty, ...join(...body), 0x0b];
/** Statements that a branch of depth 0 starts again. */
export const loop = (...body: readonly Code[]): Code => [0x03, empty, ...join(...body), 0x0b];
export const when = (test: Code, ...body: readonly Code[]): Code => [
  ...test,
  0x04,
  empty,
  ...join(...body),
  0x0b,
];
export const branch = (depth: number): Code => [0x0c, ...unsigned(depth)];
export const branchIf = (depth: number, test: Code): Code => [...test, 0x0d, ...unsigned(depth)];
export const give = (value: Code): Code => [...value, 0x0f];
/** The first value if the test is not 0, else the second. */
export const either = (test: Code, a: Code, b: Code): Code => [...a, ...b, ...test, 0x1b];
export const fill = (to: Code, byte: Code, count: Code): Code => [...to, ...byte, ...count, 0xfc, 11, 0];

/** 32-bit numbers. */
export const word = {
  of: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  load: memory(0x28),
  store: store(0x36),
  store8: store(0x3a),
  isZero: unary(0x45),
  equal: binary(0x46),
  differ: binary(0x47),
  less: binary(0x48), // signed
  lessUnsigned: binary(0x49),
  greaterUnsigned: binary(0x4b),
  atLeastUnsigned: binary(0x4f),
  count: unary(0x69),
  add: binary(0x6a),
  subtract: binary(0x6b),
  multiply: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  left: binary(0x74),
  right: binary(0x76), // unsigned
  rotateLeft: binary(0x77),
  zeros: unary(0x67), // leading
  low: unary(0xa7), // of a 64-bit number
} as const;

/** 64-bit numbers. */
export const long = {
  of: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: memory(0x29),
  isZero: unary(0x50),
  differ: binary(0x52),
  trailing: unary(0x7a),
  count: unary(0x7b),
  add: binary(0x7c),
  subtract: binary(0x7d),
  and: binary(0x83),
  or: binary(0x84),
  xor: binary(0x85),
  left: binary(0x86),
  right: binary(0x88), // unsigned
  extend: unary(0xad), // of an unsigned 32-bit number
} as const;

/** 128 bits in lanes: bytes unless a name says otherwise. */
export const wide = {
  load: (address: Code, offset = 0): Code => [...address, ...lanes(0), 0, ...unsigned(offset)],
  loadSplatWord: (address: Code, offset = 0): Code => [...address, ...lanes(9), 0, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...lanes(11),
    0,
    ...unsigned(offset),
  ],
  bytes: (values: readonly number[]): Code => [...lanes(12), ...values],
  all: (byte: number): Code => [...lanes(12), ...Array.from({ length: 16 }, () => byte)],
  pick: lanesBinary(14), // of the first by index in the second, 0 from 16 on
  equal: lanesBinary(35),
  lessUnsigned: lanesBinary(38),
  and: lanesBinary(78),
  or: lanesBinary(80),
  xor: lanesBinary(81),
  bits: lanesUnary(100), // the first bit of each lane
  rightBytes: (a: Code, by: Code): Code => [...a, ...by, ...lanes(109)], // unsigned
  subtract: lanesBinary(113),
  addWords: lanesBinary(174),
  multiplyWords: lanesBinary(181),
  minWords: lanesBinary(183), // unsigned
  firstLong: (a: Code): Code => [...a, ...lanes(29), 0],
  secondLong: (a: Code): Code => [...a, ...lanes(29), 1],
} as const;

/** Counts the locals of a function; its parameters are the first ones. */
export class Locals {
  private readonly declared: Type[] = [];
  private readonly parameters: number;
  constructor(parameters: number) {
    this.parameters = parameters;
  }
  new(kind: Type): number {
    return this.parameters + this.declared.push(kind) - 1;
  }
  get code(): Code {
    return [...unsigned(this.declared.length), ...this.declared.flatMap((kind) => [1, kind])];
  }
}

/** A function of 32-bit numbers. */
export type Function = { name: string; parameters: number; gives: boolean; locals: Locals; body: Code };

const section = (id: number, items: readonly Code[]): Code => {
  const body = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(body.length), ...body];
};
const named = (text: string): Code => [...unsigned(text.length), ...Buffer.from(text)];

/** Bytes of a module with a memory of its own, which it exports as `memory` beside its functions. */
export function moduleOf(functions: readonly Function[], pages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, gives }): Code => [
    0x60,
    ...unsigned(parameters),
    ...Array.from({ length: parameters }, () => type.i32),
    ...(gives ? [1, type.i32] : [0]),
  ]);
  const bodies = functions.map(({ locals, body }): Code => {
    const whole = [...locals.code, ...body, 0x0b];
    return [...unsigned(whole.length), ...whole];
  });
  const exported = functions.map(({ name }, index): Code => [...named(name), 0, ...unsigned(index)]);
  return Uint8Array.from([
    0,
    ...Buffer.from("asm"),
    1,
    0,
    0,
    0,
    ...section(1, types),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(5, [[0, ...unsigned(pages)]]),
    ...section(7, [[...named("memory"), 2, 0], ...exported]),
    ...section(10, bodies),
  ]);
}
