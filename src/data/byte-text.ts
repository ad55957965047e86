const firstRoom = 16_384;

/** UTF-8 put together piece by piece in a buffer that is used again: no long string is made, flattened and encoded. */
export class ByteText {
  private buffer = Buffer.allocUnsafe(firstRoom);
  length = 0;

  clear(): this {
    this.length = 0;
    return this;
  }

  /** A view that is good until the text changes. */
  view(start = 0): Buffer {
    return this.buffer.subarray(start, this.length);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.length + bytes, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }

  /** Adds a well-formed text. */
  add(text: string): void {
    this.reserve(3 * text.length); // the most that UTF-8 takes
    this.length += this.buffer.write(text, this.length, "utf8");
  }

  /** Adds a text that is known to be ASCII. */
  addAscii(text: string): void {
    this.reserve(text.length);
    this.length += this.buffer.write(text, this.length, "latin1");
  }

  /** Adds a short piece. */
  addBytes(piece: Uint8Array): void {
    const { length } = piece;
    this.reserve(length);
    const { buffer, length: at } = this;
    for (let index = 0; index < length; index++) buffer[at + index] = piece[index] as number;
    this.length = at + length;
  }
}
