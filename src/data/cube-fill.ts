/** A cell's place and a table's sizes on three axes. */
type Cube = { sizes: readonly number[]; shape: readonly [number, number, number] };
type Place = [number, number, number];

const axes = [0, 1, 2] as const;
const strides = ({ shape }: Cube): Place => [shape[1] * shape[2], shape[2], 1];

const proportionalRounds = 60;

/**
 * Real numbers near the wanted sums: sizes scaled axis by axis (iterative proportional fitting, Deming and Stephan 1940),
 * never above a cell's size; then rounded down.
 */
function roundedFit(cube: Cube, sums: readonly (readonly number[])[]): number[] {
  const values = [...cube.sizes];
  const step = strides(cube);
  for (let round = 0; round < proportionalRounds; round++) {
    for (const axis of axes) {
      const found = sumsOf(cube, values, axis);
      for (const [at, value] of values.entries()) {
        const stratum = Math.floor(at / step[axis]) % cube.shape[axis];
        const factor =
          found[stratum] === 0 ? 0 : (sums[axis]?.[stratum] as number) / (found[stratum] as number);
        values[at] = Math.min(cube.sizes[at] as number, value * factor);
      }
    }
  }
  // A hair less, so that rounding never exceeds a sum.
  return values.map((value) => Math.floor(value * (1 - 1e-9)));
}

function sumsOf(cube: Cube, values: readonly number[], axis: 0 | 1 | 2): number[] {
  const sums = Array.from({ length: cube.shape[axis] }, () => 0);
  const step = strides(cube)[axis];
  for (const [at, value] of values.entries()) {
    const stratum = Math.floor(at / step) % cube.shape[axis];
    sums[stratum] = (sums[stratum] as number) + value;
  }
  return sums;
}

/** Takes back what is above a sum on some axis, from its fullest cells. */
function trim(cube: Cube, fill: number[], sums: readonly (readonly number[])[]): void {
  const step = strides(cube);
  for (const axis of axes) {
    const over = sumsOf(cube, fill, axis).map((found, stratum) => found - (sums[axis]?.[stratum] as number));
    for (const [at, value] of fill.entries()) {
      const stratum = Math.floor(at / step[axis]) % cube.shape[axis];
      const take = Math.min(value, Math.max(0, over[stratum] as number));
      fill[at] = value - take;
      over[stratum] = (over[stratum] as number) - take;
    }
  }
}

type Swap = { raise: number; lower: number };

/**
 * Whole numbers for the cells of a table on three axes so that the strata of every axis have given sums and no cell
 * exceeds its size, or undefined if none were found. Starts from the proportional fill; what is missing is put where it
 * fits or made to fit by swaps along one axis, found breadth first. Deciding whether there is a fill is NP-hard on three
 * axes (3-dimensional matching), so that a fill may be missed where cells are nearly empty.
 */
export function fillCube(
  sizes: readonly number[],
  shape: readonly [number, number, number],
  sums: readonly (readonly number[])[],
): number[] | undefined {
  const cube: Cube = { sizes, shape };
  const step = strides(cube);
  const at = (place: Place): number => place[0] * step[0] + place[1] * step[1] + place[2];
  const fill = roundedFit(cube, sums);
  trim(cube, fill, sums);
  const left = axes.map((axis) =>
    sumsOf(cube, fill, axis).map((found, stratum) => (sums[axis]?.[stratum] as number) - found),
  );
  const room = (cell: number): number => (sizes[cell] as number) - (fill[cell] as number);
  let open = (left[0] as number[]).reduce((all, one) => all + one, 0);
  for (let tries = 0; open > 0 && tries < 20_000; tries++) {
    const start: Place[] = [];
    for (const [i, a] of (left[0] as number[]).entries())
      for (const [j, b] of (left[1] as number[]).entries())
        for (const [k, c] of (left[2] as number[]).entries())
          if (a > 0 && b > 0 && c > 0) start.push([i, j, k]);
    const cameFrom = new Map<number, { from: Place; swap: Swap } | undefined>(
      start.map((place) => [at(place), undefined]),
    );
    const queue = [...start];
    let end: Place | undefined;
    for (let head = 0; head < queue.length && end === undefined; head++) {
      const place = queue[head] as Place;
      if (room(at(place)) > 0) {
        end = place;
        break;
      }
      for (const axis of axes) {
        const [other, third] = axes.filter((one) => one !== axis) as [0 | 1 | 2, 0 | 1 | 2];
        for (let stratum = 0; stratum < shape[axis]; stratum++) {
          const next: Place = [...place];
          next[axis] = stratum;
          if (cameFrom.has(at(next))) continue;
          const swap = findSwap(place, axis, stratum, other, third);
          if (swap === undefined) continue;
          cameFrom.set(at(next), { from: place, swap });
          queue.push(next);
        }
      }
    }
    if (end === undefined) return undefined;
    // Unit by unit along the path; a swap that an earlier one has used up ends it early, which leaves a valid table.
    const cell = at(end);
    const swaps: Swap[] = [];
    let first = end;
    for (let step = cameFrom.get(cell); step !== undefined; step = cameFrom.get(at(step.from))) {
      swaps.push(step.swap);
      first = step.from;
    }
    let amount = Math.min(room(cell), ...axes.map((axis) => left[axis]?.[first[axis]] as number));
    for (const { raise, lower } of swaps) amount = Math.min(amount, room(raise), fill[lower] as number);
    const touched = [cell, ...swaps.flatMap(({ raise, lower }) => [raise, lower])];
    if (new Set(touched).size < touched.length) amount = Math.min(amount, 1);
    const before = [...fill];
    fill[cell] = (fill[cell] as number) + amount;
    for (const { raise, lower } of swaps) {
      fill[raise] = (fill[raise] as number) + amount;
      fill[lower] = (fill[lower] as number) - amount;
    }
    if (fill.some((value, index) => value < 0 || value > (sizes[index] as number))) {
      fill.splice(0, fill.length, ...before);
      return undefined;
    }
    for (const axis of axes) {
      const own = left[axis] as number[];
      own[first[axis]] = (own[first[axis]] as number) - amount;
    }
    open -= amount;
  }
  return open === 0 ? fill : undefined;

  /** Two cells that differ on one axis alone: one with room in the stratum that lacks, one with something in another. */
  function findSwap(
    place: Place,
    axis: 0 | 1 | 2,
    stratum: number,
    other: 0 | 1 | 2,
    third: 0 | 1 | 2,
  ): Swap | undefined {
    for (let a = 0; a < shape[other]; a++) {
      for (let b = 0; b < shape[third]; b++) {
        const raised: Place = [...place];
        [raised[other], raised[third]] = [a, b];
        const lowered: Place = [...raised];
        lowered[axis] = stratum;
        if (room(at(raised)) > 0 && (fill[at(lowered)] as number) > 0)
          return { raise: at(raised), lower: at(lowered) };
      }
    }
    return undefined;
  }
}
