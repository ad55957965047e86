import type { DroppedLine, QuarantineLine, RecordHistory } from "../../data/index.ts";
import { visibleText } from "../../shared/index.ts";

const place = (one: { source: string; offset: number; length: number }): string =>
  `${one.source} bytes ${one.offset}-${one.offset + one.length}`;

/** Records with where they come from and what yielded to them. */
export function formatHistories(histories: readonly RecordHistory[]): string {
  return histories
    .map(({ split, shard, line, record, dropped }) => {
      const { provenance } = record;
      const turns = record.messages.map(
        ({ role, content }) =>
          `  ${role}: ${visibleText(content).slice(0, 300)}${content.length > 300 ? "…" : ""}`,
      );
      const yielded = dropped.map((one) => `  ${one.reason} (J ${one.jaccard}): ${place(one)}`);
      return [
        record.id,
        `${split}, ${shard}:${line}, stage ${record.stage}`,
        `from ${place({ source: record.source, ...provenance })}, ${provenance.shape}, licence ${visibleText(provenance.licence)}`,
        `labels ${JSON.stringify({ ...record.labels, evidence: undefined })}`,
        ...turns,
        ...(yielded.length > 0 ? ["dropped in its favour:", ...yielded] : []),
      ].join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

/** Places in sources with their reason or code, and their text where it was read. */
export function formatPlaces(
  places: readonly ((DroppedLine | QuarantineLine) & { text?: string })[],
): string {
  if (places.length === 0) return "none\n";
  return `${places
    .map((one) => {
      const why =
        "code" in one
          ? one.code
          : `${one.reason}${one.kept === null ? "" : `, kept ${one.kept.slice(0, 12)}, J ${one.jaccard}`}`;
      const shown = one.text === undefined ? "" : `\n  ${visibleText(one.text).slice(0, 400)}`;
      return `${place(one)}: ${why}${shown}`;
    })
    .join("\n")}\n`;
}
