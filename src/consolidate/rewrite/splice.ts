import { TrainingReadyError } from "../../shared/index.ts";

/**
 * A replacement of the bytes [start, end) of a file. `kept`: what of the old text stands in the new one, as old offset
 * and offset in `text`; null for what is left out on purpose (a folder of a drawn tree that is no more).
 */
export type Edit = { start: number; end: number; text: string; kept?: [number, number | null][] | undefined };

/** Edits in order of place; equal ones once. Throws `E_PLAN_UNPROVEN` for edits that overlap. */
export function orderEdits(edits: readonly Edit[]): Edit[] {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const kept: Edit[] = [];
  for (const edit of sorted) {
    const last = kept.at(-1);
    if (
      last !== undefined &&
      last.start === edit.start &&
      last.end === edit.end &&
      last.text === edit.text &&
      last.end > last.start
    )
      continue;
    if (last !== undefined && edit.start < last.end) {
      throw new TrainingReadyError(
        "E_PLAN_UNPROVEN",
        `two rewrites meet at bytes ${edit.start} to ${last.end}`,
      );
    }
    kept.push(edit);
  }
  return kept;
}

/** A file's bytes with all edits made in one pass; bytes outside the spans stay as they are. */
export function splice(bytes: Uint8Array, edits: readonly Edit[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of orderEdits(edits)) {
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text, "utf8"));
    at = edit.end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

/**
 * Where an offset of the old bytes lies after the edits; an offset inside an edited span goes to where the edit keeps it,
 * else to the span's start; -1 for what the edit leaves out.
 */
export function shiftOffset(edits: readonly Edit[], offset: number): number {
  if (offset < 0) return offset;
  let shift = 0;
  for (const edit of edits) {
    if (edit.end > offset && !(edit.start === edit.end && edit.start === offset)) {
      if (edit.start > offset) return offset + shift;
      const place = edit.kept?.find(([old]) => old === offset)?.[1];
      return place === null ? -1 : edit.start + shift + (place ?? 0);
    }
    if (edit.start > offset) break;
    shift += Buffer.byteLength(edit.text) - (edit.end - edit.start);
  }
  return offset + shift;
}
