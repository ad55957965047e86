import { eigen } from "./eigen.ts";
import { taps, type Fitted } from "./fit-network.ts";

/**
 * Keeps of each vector only the directions that a network's filters and means ask for most, in whole steps of one size,
 * and the network that reads them: a table small enough to ship.
 */
export function narrowed(
  network: Fitted,
  vectors: ReadonlyMap<string, Float32Array>,
  dimensions: number,
  levels: number,
): { network: Fitted; step: number; table: Map<string, Int8Array> } {
  const { dimensions: full, filterCount, filters, pooled, mean } = network;
  const spread = new Float64Array(full);
  for (const vector of vectors.values())
    for (let d = 0; d < full; d++)
      spread[d] = (spread[d] as number) + (vector[d] as number) ** 2 / vectors.size;
  // What is asked of each dimension, one list an asker, by how much its answer weighs.
  const asks: number[][] = [];
  for (let f = 0; f < filterCount; f++) {
    const weight = Math.hypot(pooled[f] as number, pooled[filterCount + f] as number);
    for (let tap = 0; tap < taps; tap++)
      asks.push(
        Array.from(spread, (_, d) => weight * (filters[(tap * full + d) * filterCount + f] as number)),
      );
  }
  for (let head = 0; head < 2; head++)
    asks.push(Array.from(spread, (_, d) => 0.4 * (mean[head * full + d] as number)));
  const scaled = asks.map((ask) => ask.map((one, d) => one * Math.sqrt(spread[d] as number)));
  const square = Array.from({ length: full }, () => new Float64Array(full));
  for (const ask of scaled)
    for (let a = 0; a < full; a++)
      for (let b = 0; b < full; b++)
        (square[a] as Float64Array)[b] = (square[a]?.[b] as number) + (ask[a] as number) * (ask[b] as number);
  const { values, axes } = eigen(square);
  // In these coordinates an axis is as wide as it is asked for, so that one step suits all.
  const widths = values.slice(0, dimensions).map((one) => Math.sqrt(Math.sqrt(Math.max(one, 1e-12))));
  const step = ((widths[0] as number) * 3) / levels;
  const table = new Map<string, Int8Array>();
  for (const [word, vector] of vectors) {
    const made = new Int8Array(dimensions);
    for (let axis = 0; axis < dimensions; axis++) {
      let sum = 0;
      for (let d = 0; d < full; d++)
        sum += ((axes[axis]?.[d] as number) * (vector[d] as number)) / Math.sqrt(spread[d] as number);
      made[axis] = Math.max(-127, Math.min(127, Math.round((sum * (widths[axis] as number)) / step)));
    }
    table.set(word, made);
  }
  const onto = (row: (d: number) => number): number[] =>
    widths.map((width, axis) => {
      let sum = 0;
      for (let d = 0; d < full; d++)
        sum += row(d) * Math.sqrt(spread[d] as number) * (axes[axis]?.[d] as number);
      return sum / width;
    });
  const small = new Float32Array(taps * dimensions * filterCount);
  for (let tap = 0; tap < taps; tap++)
    for (let f = 0; f < filterCount; f++)
      for (const [d, one] of onto((at) => filters[(tap * full + at) * filterCount + f] as number).entries())
        small[(tap * dimensions + d) * filterCount + f] = one;
  const means = [0, 1].flatMap((head) => onto((at) => mean[head * full + at] as number));
  return {
    network: { ...network, dimensions, filters: small, mean: Float32Array.from(means) },
    step,
    table,
  };
}
