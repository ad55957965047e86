import { createHash, type Hash } from "node:crypto";
import { LineCuts } from "./line-cuts.ts";

/** Whole lines of a source: where they end, their hash, and the hash of everything up to there. */
export type SourcePiece = { end: number; hash: string; upTo: string };

/**
 * Hashes of a source. `secret` is over its beginning, which no manifest shows: a part of the surrogate key that stays
 * the same when lines are appended. `pieces`: none unless they were asked for.
 */
export type SourceHashes = { bytes: number; sha256: string; secret: string; pieces: SourcePiece[] };

const secretBytes = 64 * 1024;

/** Reads on in pieces that begin where the last one ended. */
class PieceHasher {
  private readonly cuts: LineCuts;
  private hash = createHash("sha256");
  private held = 0;
  private readonly whole: Hash;

  constructor(whole: Hash, unitBytes: number) {
    this.whole = whole;
    this.cuts = new LineCuts(unitBytes);
  }

  /** Takes bytes and gives the pieces that end in them; `at`: their place in the source. */
  add(bytes: Uint8Array, at: number): SourcePiece[] {
    const pieces: SourcePiece[] = [];
    for (let from = 0; from < bytes.length;) {
      const cut = this.cuts.next(bytes, from);
      const part = bytes.subarray(from, cut < 0 ? undefined : cut);
      this.hash.update(part);
      this.whole.update(part);
      this.held += part.length;
      if (cut < 0) break;
      pieces.push(this.finish(at + cut));
      from = cut;
    }
    return pieces;
  }

  /** The rest, if there is one. */
  end(at: number): SourcePiece[] {
    return this.held === 0 ? [] : [this.finish(at)];
  }

  private finish(end: number): SourcePiece {
    const piece = { end, hash: this.hash.digest("hex"), upTo: this.whole.copy().digest("hex") };
    this.hash = createHash("sha256");
    this.held = 0;
    return piece;
  }
}

/**
 * Reads a source once for all its hashes; in pieces where `unitBytes` is given. `known`: pieces that were found before;
 * those up to the first change are recognised by one hash, the others are found anew. They change no result.
 */
export async function hashSource(
  chunks: AsyncIterable<Uint8Array>,
  unitBytes?: number,
  known: readonly SourcePiece[] = [],
): Promise<SourceHashes> {
  let whole = createHash("sha256");
  const secret = createHash("sha256").update("training-ready surrogate key 2\0");
  const pieces: SourcePiece[] = [];
  let bytes = 0;
  let hasher: PieceHasher | undefined;
  // While the beginning is as it was: what came since the last piece that was recognised, and the hash with it.
  let since: { chunks: Uint8Array[]; at: number; whole: Hash } | undefined;
  if (unitBytes !== undefined) {
    if (known.length > 1) since = { chunks: [], at: 0, whole: whole.copy() };
    else hasher = new PieceHasher(whole, unitBytes);
  }
  const readAnew = (from: { chunks: Uint8Array[]; at: number }): void => {
    since = undefined;
    hasher = new PieceHasher(whole, unitBytes as number);
    let { at } = from;
    for (const chunk of from.chunks) {
      pieces.push(...hasher.add(chunk, at));
      at += chunk.length;
    }
  };
  for await (const chunk of chunks) {
    if (bytes < secretBytes) secret.update(chunk.subarray(0, secretBytes - bytes));
    for (let from = 0; from < chunk.length;) {
      if (since === undefined) {
        if (hasher === undefined) whole.update(chunk.subarray(from));
        else pieces.push(...hasher.add(chunk.subarray(from), bytes + from));
        break;
      }
      const next = known[pieces.length] as SourcePiece;
      const part = chunk.subarray(from, next.end - bytes);
      since.chunks.push(part);
      since.whole.update(part);
      from += part.length;
      if (bytes + from < next.end) break;
      // The last one of all ended with the source, not at a cut.
      const isSame = pieces.length < known.length - 1 && since.whole.copy().digest("hex") === next.upTo;
      if (isSame) {
        pieces.push(next);
        whole = since.whole;
        since = { chunks: [], at: next.end, whole: whole.copy() };
      } else readAnew(since);
    }
    bytes += chunk.length;
  }
  if (since !== undefined) readAnew(since);
  if (hasher !== undefined) pieces.push(...hasher.end(bytes));
  return { bytes, sha256: whole.digest("hex"), secret: secret.digest("hex"), pieces };
}
