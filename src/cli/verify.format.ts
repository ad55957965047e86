import type { Verification } from "../consolidate/index.ts";
import { visibleText } from "../shared/index.ts";

const mark = (ok: boolean): string => (ok ? "ok " : "NO ");

/** The verdicts of verify, a line each, then what is wrong. */
export function verificationText(one: Verification): string {
  const { references, imports, entries, blobs, history, manifest } = one;
  const total = blobs.kept + blobs.moved + blobs.edited + blobs.archived + blobs.deleted.length;
  const rows = [
    `${mark(references.broken.length + references.rebound.length === 0)} references: ${references.broken.length} broken, ${references.rebound.length} re-bound, ${references.repaired.length} mended, ${references.unchanged} unchanged, ${references.frozen} frozen`,
    `${mark(imports.broken.length + imports.rebound.length === 0)} imports: ${imports.broken.length} broken, ${imports.rebound.length} re-bound, ${imports.repaired.length} mended, ${imports.unchanged} unchanged`,
    `${mark(entries.broken.length === 0)} entries: ${entries.broken.length} broken, ${entries.repaired.length} mended, ${entries.unchanged} unchanged`,
    `${mark(blobs.lost.length === 0)} files: ${total} accounted for (${blobs.kept} in place, ${blobs.moved} moved, ${blobs.edited} edited, ${blobs.archived} archived, ${blobs.deleted.length} deleted as duplicates), ${blobs.lost.length} lost`,
    `${mark(history.exactRenames >= history.moved)} history: ${history.exactRenames} exact renames for ${history.moved} moves`,
    one.recorded
      ? `${mark(manifest.wrong.length === 0)} home.json: ${manifest.checked} files checked, ${manifest.wrong.length} wrong`
      : "    no record of this change: moves and edits were read from git, edited lines of unequal number were not compared",
  ];
  const wrong = [
    ...[...references.broken, ...references.rebound].map(
      ({ before, after }) =>
        `${before.path}:${before.line}: ${before.raw} -> ${after.path}:${after.line}: ${after.raw} (${after.target ?? "nothing"})`,
    ),
    ...[...imports.broken, ...imports.rebound].map(
      ({ before, after }) =>
        `${before.path}:${before.line}: import ${before.module} -> ${after.path}:${after.line}: ${after.module}`,
    ),
    ...entries.broken.map(({ before }) => before.command),
    ...blobs.lost.map(({ path }) => `${path} is lost`),
    ...manifest.wrong.map((text) => `home.json: ${text}`),
  ];
  const more = wrong.slice(0, 30).map((text) => `  ${visibleText(text)}`);
  return [
    `before ${one.before.slice(0, 12)}, after ${one.after.slice(0, 12)}`,
    ...rows,
    ...(more.length > 0 ? ["", "Wrong:", ...more] : []),
    "",
    one.ok ? "The consolidation is whole." : "The consolidation is not whole.",
    "",
  ].join("\n");
}
