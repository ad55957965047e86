const probe = "\uE000probe\uE001";
const mostShapes = 4; // learnt a stream; what changes more often is parsed whole

/**
 * Reads the text of chunks that are alike but for it, without parsing each whole. A shape is what stood before and after
 * the text of a chunk that was parsed; it counts once the same chunk with another text was parsed to that text.
 */
export class ChunkShape {
  private head: string | undefined;
  private tail = "";
  private learnt = 0;

  /** The text of a chunk of the known shape; undefined for any other, which must be parsed. */
  textOf(data: string): string | undefined {
    const { head, tail } = this;
    if (head === undefined || data.length < head.length + tail.length + 2) return undefined;
    if (!data.startsWith(head) || !data.endsWith(tail)) return undefined;
    const literal = data.slice(head.length, data.length - tail.length);
    if (literal[0] !== '"') return undefined;
    try {
      return JSON.parse(literal) as string;
    } catch {
      return undefined; // more than one string: another shape that begins and ends alike
    }
  }

  /** Learns from a chunk that was parsed to a text; `read` parses one to its text, or undefined if it says more than that. */
  learn(data: string, text: string, read: (data: string) => string | undefined): void {
    if (this.learnt >= mostShapes) return;
    this.learnt++;
    const literal = JSON.stringify(text);
    const at = data.indexOf(literal, data.indexOf('"content"'));
    if (at < 0) return;
    const head = data.slice(0, at);
    const tail = data.slice(at + literal.length);
    if (read(`${head}${JSON.stringify(probe)}${tail}`) !== probe) return;
    this.head = head;
    this.tail = tail;
  }
}
