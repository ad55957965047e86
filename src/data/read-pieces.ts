import { closeSync, openSync, readSync } from "node:fs";

const pieceBytes = 262_144;
let held = Buffer.alloc(0);

/**
 * Visits a file of our own in pieces of whole rows of so many bytes, without a turn of the event loop for each: work
 * folders hold thousands of small files. A piece is good until the visit ends.
 */
export function eachPiece(
  path: string,
  rowBytes: number,
  visit: (piece: Buffer, view: DataView) => void,
): void {
  const size = Math.ceil(pieceBytes / rowBytes) * rowBytes;
  if (held.length < size) held = Buffer.alloc(size);
  const buffer = held;
  held = Buffer.alloc(0); // a visit that reads another file gets a buffer of its own
  const file = openSync(path, "r");
  try {
    for (;;) {
      let filled = 0;
      while (filled < size) {
        const got = readSync(file, buffer, filled, size - filled, null);
        if (got === 0) break;
        filled += got;
      }
      if (filled % rowBytes !== 0) throw new RangeError(`${path} ends inside a row`);
      if (filled > 0)
        visit(buffer.subarray(0, filled), new DataView(buffer.buffer, buffer.byteOffset, filled));
      if (filled < size) return;
    }
  } finally {
    closeSync(file);
    held = buffer;
  }
}
