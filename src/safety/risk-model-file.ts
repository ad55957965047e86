import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Network } from "./risk-network.ts";

/** A head over hashed words: its bias, and whole steps of a size for each feature. */
export type LinearHead = { bias: number; step: number; weights: Int8Array };
/** Two linear heads and a network whose scores are added to theirs. */
export type RiskModel = { watch: LinearHead; elevated: LinearHead; network: Network };

/** A model as it is stored: small numbers as they are, the rest as compressed bytes in base64. */
export type PackedModel = {
  watch: { bias: number; step: number };
  elevated: { bias: number; step: number };
  features: number;
  filterCount: number;
  dimensions: number;
  words: number;
  network: Record<"scales" | "offsets" | "pooled" | "mean" | "biases" | "unread", readonly number[]>;
  bytes: string;
};

/** Rows of a table, column by column: like numbers stand together and compress better. */
function columnsOf(table: Int8Array, width: number): Int8Array {
  const height = table.length / width;
  return Int8Array.from(table, (_, at) => table[(at % height) * width + Math.floor(at / height)] as number);
}

export function packModel({ watch, elevated, network }: RiskModel): PackedModel {
  const words = [...network.words.keys()];
  const all = Buffer.concat([
    Buffer.from(watch.weights),
    Buffer.from(elevated.weights),
    Buffer.from(columnsOf(network.table, network.dimensions)),
    Buffer.from(network.filters),
    Buffer.from(words.join("\n")),
  ]);
  const bytes = brotliCompressSync(all, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  return {
    watch: { bias: watch.bias, step: watch.step },
    elevated: { bias: elevated.bias, step: elevated.step },
    features: watch.weights.length,
    filterCount: network.filterCount,
    dimensions: network.dimensions,
    words: words.length,
    network: {
      scales: [...network.scales],
      offsets: [...network.offsets],
      pooled: [...network.pooled],
      mean: [...network.mean],
      biases: [...network.biases],
      unread: [...network.unread],
    },
    bytes: bytes.toString("base64"),
  };
}

export function unpackModel(packed: PackedModel): RiskModel {
  const { features, filterCount, dimensions, words, network } = packed;
  const all = brotliDecompressSync(Buffer.from(packed.bytes, "base64"));
  let at = 0;
  const next = (length: number): Int8Array => {
    const part = Int8Array.from(all.subarray(at, at + length), (one) => (one << 24) >> 24);
    at += length;
    return part;
  };
  const [watch, elevated] = [next(features), next(features)];
  const table = columnsOf(next(words * dimensions), words);
  const filters = next(3 * dimensions * filterCount);
  const list = all.subarray(at).toString("utf8").split("\n");
  return {
    watch: { ...packed.watch, weights: watch },
    elevated: { ...packed.elevated, weights: elevated },
    network: {
      ...network,
      biases: network.biases as [number, number],
      unread: network.unread as [number, number],
      filterCount,
      dimensions,
      table,
      filters,
      words: new Map(list.map((word, number) => [word, number])),
    },
  };
}
