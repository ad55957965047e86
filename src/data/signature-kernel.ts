// A WebAssembly module, assembled here opcode by opcode: MinHash over 32-bit lanes, four at a time. Opcodes are those of
// the WebAssembly core specification 2.0 (https://webassembly.github.io/spec/core/binary/instructions.html).

const op = {
  loop: 0x03,
  end: 0x0b,
  brIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Const: 0x41,
  i32LtU: 0x49,
  i32Add: 0x6a,
} as const;
const simd = {
  load: 0,
  load32Splat: 9,
  store: 11,
  splat: 17,
  add: 174,
  mul: 181,
  minU: 183,
} as const;
const [i32, v128, empty] = [0x7f, 0x7b, 0x40];

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}

const lanes = (code: number): number[] => [0xfd, ...unsigned(code)];
const at = (code: number, offset: number): number[] => [...lanes(code), 2, ...unsigned(offset)]; // aligned to 4 bytes
const section = (id: number, ...items: number[][]): number[] => {
  const body = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(body.length), ...body];
};
const name = (text: string): number[] => [...unsigned(text.length), ...Buffer.from(text)];

const vectors = 4; // at once: with their multipliers, addends and the shingle they fill the 16 registers of x64

/** Locals: 0 from, 1 to, 2 out, 3 the place that is read; from 4 on the shingle, then multipliers, addends, minima. */
function body(permutations: number): number[] {
  const [from, to, out, place, shingle] = [0, 1, 2, 3, 4] as const;
  const [multiplier, addend, minimum] = [5, 5 + vectors, 5 + 2 * vectors];
  const code: number[] = [];
  for (let first = 0; first < permutations; first += 4 * vectors) {
    const count = Math.min(vectors, (permutations - first) / 4);
    for (let k = 0; k < count; k++) {
      const offset = (first + 4 * k) * 4;
      code.push(op.i32Const, 0, ...at(simd.load, offset), op.localSet, multiplier + k);
      code.push(op.i32Const, 0, ...at(simd.load, permutations * 4 + offset), op.localSet, addend + k);
      code.push(op.i32Const, 0x7f, ...lanes(simd.splat), op.localSet, minimum + k); // -1: all ones
    }
    code.push(op.localGet, from, op.localSet, place, op.loop, empty);
    code.push(op.localGet, place, ...at(simd.load32Splat, 0), op.localSet, shingle);
    for (let k = 0; k < count; k++) {
      code.push(op.localGet, shingle, op.localGet, multiplier + k, ...lanes(simd.mul));
      code.push(op.localGet, addend + k, ...lanes(simd.add));
      code.push(op.localGet, minimum + k, ...lanes(simd.minU), op.localSet, minimum + k);
    }
    code.push(op.localGet, place, op.i32Const, 4, op.i32Add, op.localTee, place);
    code.push(op.localGet, to, op.i32LtU, op.brIf, 0, op.end);
    for (let k = 0; k < count; k++) {
      code.push(op.localGet, out, op.localGet, minimum + k, ...at(simd.store, (first + 4 * k) * 4));
    }
  }
  const locals = [...unsigned(2), 1, i32, 1 + 3 * vectors, v128];
  const whole = [...locals, ...code, op.end];
  return [...unsigned(whole.length), ...whole];
}

/** Bytes of the module: exports `memory` and `sign(from, to, out)`. Multipliers lie at 0, addends behind them. */
export function signatureModule(permutations: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [0x60, 3, i32, i32, i32, 0]),
    ...section(3, [0]),
    ...section(5, [0, 1]),
    ...section(7, [...name("memory"), 2, 0], [...name("sign"), 0, 0]),
    ...section(10, body(permutations)),
  ]);
}

type Exports = {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  sign: (from: number, to: number, out: number) => void;
};
// Node's types name the namespace alone.
const { WebAssembly: engine } = globalThis as unknown as {
  WebAssembly: {
    validate(bytes: Uint8Array): boolean;
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { exports: unknown };
  };
};

/**
 * The signature function of a set of permutations, or undefined where the processor has no 128-bit lanes. The result
 * is a view that the next call overwrites. `shingles` must not be empty.
 */
export function signatureKernel(
  multiply: Uint32Array,
  add: Uint32Array,
): ((shingles: Uint32Array) => Uint32Array) | undefined {
  const bytes = signatureModule(multiply.length);
  if (!engine.validate(bytes)) return undefined;
  const { memory, sign } = new engine.Instance(new engine.Module(bytes)).exports as Exports;
  const out = multiply.length * 2;
  const from = multiply.length * 3;
  let words = new Uint32Array(memory.buffer);
  const place = (): void => {
    words = new Uint32Array(memory.buffer);
    words.set(multiply, 0);
    words.set(add, multiply.length);
  };
  place();
  return (shingles) => {
    const missing = (from + shingles.length) * 4 - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / 65_536));
      place();
    }
    words.set(shingles, from);
    sign(from * 4, (from + shingles.length) * 4, out * 4);
    return words.subarray(out, from);
  };
}
