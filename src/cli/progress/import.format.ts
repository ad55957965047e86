import type { importClient, importOld } from "../../progress/index.ts";

type Imported = { file: string; file_sha256: string } & (
  | ({ kind: "export" } & ReturnType<typeof importClient>)
  | ({ kind: "database" } & ReturnType<typeof importOld>)
);

/** What was taken in, with counts and hashes. */
export function formatImport(done: Imported): string {
  if (done.kind === "export") {
    const counts = Object.entries(done.counts).map(([name, count]) => `${count} ${name.replace("_", " ")}`);
    return `Client ${done.client_id}: ${counts.join(", ")}; content ${done.sha256.slice(0, 16)}, as exported.\n`;
  }
  const lines = done.tables.flatMap((one) => [
    `${one.table}: ${one.rows} rows, ${one.imported} imported, ${one.repeated} known before, ${one.refused.length} refused; rows ${one.sha256.slice(0, 16)}`,
    ...one.refused.slice(0, 20).map((row) => `  row ${row.row}: ${row.field}`),
    ...(one.left_out.length > 0 ? [`  columns without a place today: ${one.left_out.join(", ")}`] : []),
    ...(one.refused.length > 20 ? [`  and ${one.refused.length - 20} more (--json names all)`] : []),
  ]);
  if (done.flagged > 0)
    lines.push(
      `${done.flagged} sessions carry crisis flags: kept with them, no risk event was opened. Look through them.`,
    );
  if (done.unknown.length > 0) lines.push(`Not read: ${done.unknown.join(", ")}.`);
  return `${lines.join("\n")}\n`;
}
