const newline = 10;
const tailBytes = 32;

/**
 * Finds where a file of lines is cut: after lines that their own last bytes and length choose, so that an edit moves the
 * cuts near it alone (content-defined chunking: Muthitacharoen, Chen, Mazieres 2001). A piece has half of `unitBytes` at
 * least and `unitBytes` as a rule; from twice as much on it ends with its line.
 */
export class LineCuts {
  private readonly unitBytes: number;
  /** Bytes of the piece before the chunk, and of the line: -1 while its beginning is not known. */
  private inPiece = 0;
  private inLine = -1;
  private tail = Buffer.alloc(0);

  constructor(unitBytes: number) {
    this.unitBytes = unitBytes;
  }

  /** The place behind the first cut of a chunk from a place on, or -1; a next call goes on there. */
  next(chunk: Uint8Array, from: number): number {
    const least = this.unitBytes / 2;
    let at = from;
    if (this.inPiece < least) at = Math.min(chunk.length, from + Math.ceil(least - this.inPiece));
    while (at < chunk.length) {
      const end = chunk.indexOf(newline, at);
      if (end < 0) break;
      const piece = this.inPiece + end + 1 - from;
      const line = this.inLine < 0 ? -1 : this.inLine + end - at;
      const isChosen = line >= 0 && this.hash(chunk, end, line) < (2 ** 33 * line) / this.unitBytes;
      this.inLine = 0;
      at = end + 1;
      if (!isChosen && piece < 2 * this.unitBytes) continue;
      this.inPiece = 0;
      this.inLine = -1;
      return at;
    }
    if (this.inLine >= 0) this.inLine += chunk.length - at;
    this.inPiece += chunk.length - from;
    const kept = chunk.subarray(Math.max(from, chunk.length - tailBytes));
    this.tail = Buffer.concat([this.tail, kept]).subarray(-tailBytes);
    return -1;
  }

  /** 32 bits of a line's last bytes and its length. */
  private hash(chunk: Uint8Array, end: number, line: number): number {
    let hash = 0x811c9dc5 ^ line;
    for (let back = Math.min(tailBytes, line); back > 0; back--) {
      const byte = back <= end ? chunk[end - back] : this.tail.at(end - back);
      hash = Math.imul(hash ^ (byte as number), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}
