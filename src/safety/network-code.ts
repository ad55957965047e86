// WebAssembly of one loop, as the core specification 2.0 numbers its instructions: for each place in a sentence the sum
// of three rows of 16-bit numbers, and of each column the largest sum.
type Code = readonly number[];
/** The engine's own interface, which the project's types (those of Node) do not hold. */
type Instance = {
  exports: { pool: (sequence: number, places: number, offsets: number, out: number) => void };
};
const { WebAssembly: engine } = globalThis as unknown as {
  WebAssembly: {
    validate(bytes: Uint8Array): boolean;
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => Instance;
    Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  };
};

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}
const section = (id: number, ...body: number[]): number[] => [id, ...unsigned(body.length), ...body];
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const number = (value: number): Code => [0x41, value]; // below 64
const load = (offset: number): Code => [0xfd, 0x00, 0x00, ...unsigned(offset)];
const store = (offset: number): Code => [0xfd, 0x0b, 0x00, ...unsigned(offset)];
const add = [0x6a];
const addLanes = [0xfd, 0x8e, 0x01]; // i16x8.add
const largerLanes = [0xfd, 0x98, 0x01]; // i16x8.max_s

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]; // "\0asm", version 1

/** pool(sequence, places, offsets, out): a row's three parts stand one behind the other, each of `lanes` vectors. */
function poolCode(lanes: number): Uint8Array {
  const [sequence, places, offsets, out, first, second, third] = [0, 1, 2, 3, 4, 5, 6];
  const largest = (lane: number): number => 7 + lane;
  const address = (slot: number): Code => [...get(sequence), 0x28, 0x02, ...unsigned(slot * 4)]; // i32.load
  const body: number[] = [
    0x03,
    0x40, // loop
    ...address(0),
    ...set(first),
    ...address(1),
    ...set(second),
    ...address(2),
    ...set(third),
  ];
  for (let lane = 0; lane < lanes; lane++)
    body.push(
      ...get(offsets),
      ...load(lane * 16),
      ...get(first),
      ...load(lane * 16),
      ...addLanes,
      ...get(second),
      ...load((lanes + lane) * 16),
      ...addLanes,
      ...get(third),
      ...load((2 * lanes + lane) * 16),
      ...addLanes,
      ...get(largest(lane)),
      ...largerLanes,
      ...set(largest(lane)),
    );
  body.push(
    ...get(sequence),
    ...number(4),
    ...add,
    ...set(sequence),
    ...get(places),
    ...number(1),
    0x6b,
    0x22,
    places,
    0x0d,
    0x00,
    0x0b, // one less; again while any is left
  );
  for (let lane = 0; lane < lanes; lane++) body.push(...get(out), ...get(largest(lane)), ...store(lane * 16));
  const locals = [2, 3, 0x7f, ...unsigned(lanes), 0x7b];
  const code = [...locals, ...body, 0x0b];
  return Uint8Array.from([
    ...header,
    ...section(1, 1, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0),
    ...section(2, 1, 1, 0x6d, 1, 0x6d, 0x02, 0x00, 0x01), // "m" "m": a memory of one page at least
    ...section(3, 1, 0),
    ...section(7, 1, 4, 0x70, 0x6f, 0x6f, 0x6c, 0x00, 0x00), // "pool"
    ...section(10, 1, ...unsigned(code.length), ...code),
  ]);
}

export type Pool = { memory: ArrayBuffer; pool: Instance["exports"]["pool"] };

/** The loop over `bytes` of memory of its own; undefined where the processor has no 128-bit lanes. */
export function compiledPool(lanes: number, bytes: number): Pool | undefined {
  const code = poolCode(lanes);
  if (!engine.validate(code)) return undefined;
  const memory = new engine.Memory({ initial: Math.ceil(bytes / 65_536) });
  const instance = new engine.Instance(new engine.Module(code), { m: { m: memory } });
  return { memory: memory.buffer, pool: instance.exports.pool };
}

/** The same by plain numbers. */
export function plainPool(lanes: number, bytes: number): Pool {
  const memory = new ArrayBuffer(bytes);
  const [cells, addresses] = [new Int16Array(memory), new Int32Array(memory, 0, Math.floor(bytes / 4))];
  const width = lanes * 8;
  return {
    memory,
    pool: (sequence, places, offsets, out) => {
      cells.fill(0, out / 2, out / 2 + width);
      for (let place = 0; place < places; place++)
        for (let column = 0; column < width; column++) {
          let sum = cells[offsets / 2 + column] as number;
          for (let tap = 0; tap < 3; tap++)
            sum += cells[
              (addresses[sequence / 4 + place + tap] as number) / 2 + tap * width + column
            ] as number;
          if (sum > (cells[out / 2 + column] as number)) cells[out / 2 + column] = sum;
        }
    },
  };
}
