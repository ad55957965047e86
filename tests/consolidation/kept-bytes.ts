/** A replacement of the bytes [start, end). */
type Replacement = { start: number; end: number; text: string };

/** Length of what stands between the edits, compared byte by byte; undefined at the first byte that differs. */
export function keptBytes(before: Buffer, after: Buffer, edits: readonly Replacement[]): number | undefined {
  let from = 0;
  let to = 0;
  let kept = 0;
  for (const edit of [...edits, { start: before.length, end: before.length, text: "" }]) {
    const length = edit.start - from;
    if (!before.subarray(from, edit.start).equals(after.subarray(to, to + length))) return undefined;
    const put = Buffer.from(edit.text, "utf8");
    if (!after.subarray(to + length, to + length + put.length).equals(put)) return undefined;
    kept += length;
    from = edit.end;
    to += length + put.length;
  }
  return to === after.length ? kept : undefined;
}
