const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125];
const [quote, backslash, comma] = [34, 92, 44];

/** Finds where one JSON value ends, over any number of buffers; it checks brackets and strings, no more. */
export class JsonValueScan {
  private readonly stack: number[] = [];
  private inString = false;
  private isEscaped = false;
  private hasBegun = false;
  /** True while the value is a number or a word: only what follows ends it. */
  isBare = false;

  /** Reads on from index `from`. `end`: the value ends before `at`; `broken`: the bracket at `at` does not match. */
  scan(buffer: Uint8Array, from: number): { state: "more" | "end" | "broken"; at: number } {
    let at = from;
    for (; at < buffer.length; at++) {
      const byte = buffer[at] as number;
      if (this.inString) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === backslash) this.isEscaped = true;
        else if (byte === quote) {
          this.inString = false;
          if (this.stack.length === 0) return { state: "end", at: at + 1 };
        }
        continue;
      }
      if (this.isBare) {
        if (byte <= 32 || byte === comma || byte === closeArray || byte === closeObject)
          return { state: "end", at };
        continue;
      }
      if (byte === quote) this.inString = true;
      else if (byte === openArray || byte === openObject) this.stack.push(byte);
      else if (byte === closeArray || byte === closeObject) {
        // ASCII: each closing bracket is its opening one plus 2.
        if (this.stack.pop() !== byte - 2) return { state: "broken", at: at + (this.hasBegun ? 0 : 1) };
        if (this.stack.length === 0) return { state: "end", at: at + 1 };
      } else if (this.stack.length === 0) this.isBare = true;
      this.hasBegun = true;
    }
    return { state: "more", at };
  }
}
