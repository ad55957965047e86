import { createHash, type Hash } from "node:crypto";

/**
 * Hashes of a source. `secret` is over its beginning, which no manifest shows: a part of the surrogate key that stays
 * the same when lines are appended. `ranges`: of each piece of `rangeBytes` up to the end of its last line.
 */
export type SourceHashes = { bytes: number; sha256: string; secret: string; ranges: string[] };

const secretBytes = 64 * 1024;
const newline = 10;

/** `hasLine`: whether a line begins in it; where none does, it ends where its bytes do. */
type OpenRange = { hash: Hash; number: number; end: number; hasLine: boolean };

/** Reads a source once for all its hashes. */
export async function hashSource(
  chunks: AsyncIterable<Uint8Array>,
  rangeBytes = Number.POSITIVE_INFINITY,
): Promise<SourceHashes> {
  const whole = createHash("sha256");
  const secret = createHash("sha256").update("training-ready surrogate key 2\0");
  const ranges: string[] = [];
  let open: OpenRange[] = [];
  let bytes = 0;
  let last = newline;
  let begun = 0;
  for await (const chunk of chunks) {
    whole.update(chunk);
    if (bytes < secretBytes) secret.update(chunk.subarray(0, secretBytes - bytes));
    for (let at = 0; at < chunk.length && rangeBytes !== Number.POSITIVE_INFINITY;) {
      const position = bytes + at;
      if (position === begun * rangeBytes) {
        // Whether a line begins here decides whose line the first one is.
        const before = at === 0 ? last : (chunk[at - 1] as number);
        const hasLine = before === newline;
        const hash = createHash("sha256").update(hasLine ? "line" : "rest");
        open.push({ hash, number: begun, end: position + rangeBytes, hasLine });
        begun++;
      }
      const to = Math.min(chunk.length, begun * rangeBytes - bytes);
      open = open.filter((range) => {
        const lastByte = range.end - 1 - bytes;
        if (!range.hasLine && at < lastByte) {
          const found = chunk.indexOf(newline, at);
          range.hasLine = found >= 0 && found < Math.min(to, lastByte);
        }
        let closing = lastByte <= to ? chunk.indexOf(newline, Math.max(at, lastByte)) : -1;
        if (!range.hasLine && lastByte < to) closing = lastByte;
        const isClosed = closing >= 0 && closing < to;
        range.hash.update(chunk.subarray(at, isClosed ? closing + 1 : to));
        if (isClosed) ranges[range.number] = range.hash.digest("hex");
        return !isClosed;
      });
      at = to;
    }
    bytes += chunk.length;
    last = chunk.at(-1) ?? last;
  }
  for (const range of open) ranges[range.number] = range.hash.digest("hex");
  return { bytes, sha256: whole.digest("hex"), secret: secret.digest("hex"), ranges };
}
