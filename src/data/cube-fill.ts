/** A table's cells in the order of their places, last axis fastest, and how many strata each axis has. */
type Cube = { sizes: readonly number[]; shape: readonly number[] };

const axesOf = ({ shape }: Cube): number[] => [...shape.keys()];
/** Cells from one stratum of each axis to its next. */
const stridesOf = ({ shape }: Cube): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((all, one) => all * one, 1));

const proportionalRounds = 60;

/**
 * Real numbers near the wanted sums: sizes scaled axis by axis (iterative proportional fitting, Deming and Stephan 1940),
 * never above a cell's size; then rounded down.
 */
function roundedFit(cube: Cube, sums: readonly (readonly number[])[]): number[] {
  const values = [...cube.sizes];
  const step = stridesOf(cube);
  for (let round = 0; round < proportionalRounds; round++) {
    for (const axis of axesOf(cube)) {
      const found = sumsOf(cube, values, axis);
      for (const [at, value] of values.entries()) {
        const stratum = Math.floor(at / (step[axis] as number)) % (cube.shape[axis] as number);
        const factor =
          found[stratum] === 0 ? 0 : (sums[axis]?.[stratum] as number) / (found[stratum] as number);
        values[at] = Math.min(cube.sizes[at] as number, value * factor);
      }
    }
  }
  // A hair less, so that rounding never exceeds a sum.
  return values.map((value) => Math.floor(value * (1 - 1e-9)));
}

function sumsOf(cube: Cube, values: readonly number[], axis: number): number[] {
  const strata = cube.shape[axis] as number;
  const sums = Array.from({ length: strata }, () => 0);
  const step = stridesOf(cube)[axis] as number;
  for (const [at, value] of values.entries()) {
    const stratum = Math.floor(at / step) % strata;
    sums[stratum] = (sums[stratum] as number) + value;
  }
  return sums;
}

/** Takes back what is above a sum on some axis, from its fullest cells. */
function trim(cube: Cube, fill: number[], sums: readonly (readonly number[])[]): void {
  const step = stridesOf(cube);
  for (const axis of axesOf(cube)) {
    const over = sumsOf(cube, fill, axis).map((found, stratum) => found - (sums[axis]?.[stratum] as number));
    for (const [at, value] of fill.entries()) {
      const stratum = Math.floor(at / (step[axis] as number)) % (cube.shape[axis] as number);
      const take = Math.min(value, Math.max(0, over[stratum] as number));
      fill[at] = value - take;
      over[stratum] = (over[stratum] as number) - take;
    }
  }
}

type Swap = { raise: number; lower: number };

/**
 * Whole numbers for the cells of a table on three or more axes so that the strata of every axis have given sums and no
 * cell exceeds its size, or undefined if none were found. Starts from the proportional fill; what is missing is put where
 * it fits or made to fit by swaps along one axis, found breadth first. Deciding whether there is a fill is NP-hard on
 * three axes (3-dimensional matching), so that a fill may be missed where cells are nearly empty.
 */
export function fillCube(
  sizes: readonly number[],
  shape: readonly number[],
  sums: readonly (readonly number[])[],
): number[] | undefined {
  const cube: Cube = { sizes, shape };
  const axes = axesOf(cube);
  const step = stridesOf(cube);
  const stratumOf = (cell: number, axis: number): number =>
    Math.floor(cell / (step[axis] as number)) % (shape[axis] as number);
  const fill = roundedFit(cube, sums);
  trim(cube, fill, sums);
  const left = axes.map((axis) =>
    sumsOf(cube, fill, axis).map((found, stratum) => (sums[axis]?.[stratum] as number) - found),
  );
  const lacking = (cell: number, axis: number): number => left[axis]?.[stratumOf(cell, axis)] as number;
  const room = (cell: number): number => (sizes[cell] as number) - (fill[cell] as number);
  let open = (left[0] as number[]).reduce((all, one) => all + one, 0);
  for (let tries = 0; open > 0 && tries < 20_000; tries++) {
    const queue = [...sizes.keys()].filter((cell) => axes.every((axis) => lacking(cell, axis) > 0));
    const cameFrom = new Map<number, { from: number; swap: Swap } | undefined>(
      queue.map((cell) => [cell, undefined]),
    );
    let end: number | undefined;
    for (let head = 0; head < queue.length && end === undefined; head++) {
      const cell = queue[head] as number;
      if (room(cell) > 0) {
        end = cell;
        break;
      }
      for (const axis of axes) {
        for (let stratum = 0; stratum < (shape[axis] as number); stratum++) {
          const next = cell + (stratum - stratumOf(cell, axis)) * (step[axis] as number);
          if (cameFrom.has(next)) continue;
          const swap = findSwap(cell, axis, next - cell);
          if (swap === undefined) continue;
          cameFrom.set(next, { from: cell, swap });
          queue.push(next);
        }
      }
    }
    if (end === undefined) return undefined;
    // Unit by unit along the path; a swap that an earlier one has used up ends it early, which leaves a valid table.
    const swaps: Swap[] = [];
    let first = end;
    for (let back = cameFrom.get(end); back !== undefined; back = cameFrom.get(back.from)) {
      swaps.push(back.swap);
      first = back.from;
    }
    let amount = Math.min(room(end), ...axes.map((axis) => lacking(first, axis)));
    for (const { raise, lower } of swaps) amount = Math.min(amount, room(raise), fill[lower] as number);
    const touched = [end, ...swaps.flatMap(({ raise, lower }) => [raise, lower])];
    if (new Set(touched).size < touched.length) amount = Math.min(amount, 1);
    fill[end] = (fill[end] as number) + amount;
    for (const { raise, lower } of swaps) {
      fill[raise] = (fill[raise] as number) + amount;
      fill[lower] = (fill[lower] as number) - amount;
    }
    if (fill.some((value, index) => value < 0 || value > (sizes[index] as number))) return undefined;
    for (const axis of axes) {
      const own = left[axis] as number[];
      own[stratumOf(first, axis)] = (own[stratumOf(first, axis)] as number) - amount;
    }
    open -= amount;
  }
  return open === 0 ? fill : undefined;

  /** Two cells `away` from each other along an axis: one in the cell's stratum with room, the other with something in it. */
  function findSwap(cell: number, axis: number, away: number): Swap | undefined {
    const stratum = stratumOf(cell, axis);
    for (const raise of sizes.keys()) {
      if (stratumOf(raise, axis) !== stratum) continue;
      const lower = raise + away;
      if (room(raise) > 0 && (fill[lower] as number) > 0) return { raise, lower };
    }
    return undefined;
  }
}
