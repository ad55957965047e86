/** A path that git printed: its text (invalid UTF-8 as U+FFFD) and, where the text cannot name it, its bytes. */
export type GitPath = { text: string; bytes?: Buffer };

/** Splits NUL-separated output into texts with a fast way for valid UTF-8; `bytes` where decoding lost something. */
export function splitZero(output: Buffer): GitPath[] {
  if (output.length === 0) return [];
  const text = output.toString("utf8", 0, output.at(-1) === 0 ? output.length - 1 : output.length);
  const pieces = text.split("\0");
  if (!text.includes("\ufffd")) return pieces.map((piece) => ({ text: piece }));
  const paths: GitPath[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = output.indexOf(0, start);
    const bytes = Buffer.from(output.subarray(start, end < 0 ? output.length : end));
    paths.push(Buffer.from(piece, "utf8").equals(bytes) ? { text: piece } : { text: piece, bytes });
    start = end + 1;
  }
  return paths;
}

/** The part of a printed record behind its first tab: the path of `ls-files -s` and `ls-tree`. */
export function afterTab(record: GitPath): GitPath {
  const text = record.text.slice(record.text.indexOf("\t") + 1);
  return record.bytes === undefined
    ? { text }
    : { text, bytes: record.bytes.subarray(record.bytes.indexOf(9) + 1) };
}
