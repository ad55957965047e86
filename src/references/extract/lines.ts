/** Offsets of a line, without its newline. */
export type Span = { start: number; end: number };

/** The lines of a text between two offsets; a carriage return stays part of its line. */
export function linesOf(text: string, from = 0, to = text.length): Span[] {
  const lines: Span[] = [];
  for (let start = from; start < to;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 || newline > to ? to : newline;
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}
