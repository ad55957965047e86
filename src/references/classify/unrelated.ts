import type { Mention } from "../schema.ts";
import type { Located } from "../resolve/ground.ts";
import type { Verdict } from "./classify.ts";

type Row = { path: string; mention: Mention; located: Located; verdict?: Verdict };

const weakReasons: ReadonlySet<string> = new Set(["siblings", "shared-prefix", "read", "rule"]);
const fewest = 20;

/**
 * A file that names many paths of which hardly any is or was here speaks of another tree (a tool's report, a listing):
 * what only its neighbours say against its paths is taken back, and the file gets one note.
 */
export function quietUnrelated(rows: readonly Row[]): { code: string; message: string; path: string }[] {
  const files = new Map<string, { total: number; known: number; rows: Row[] }>();
  for (const row of rows) {
    const { mention, verdict } = row;
    if (row.located.nature !== "path" || verdict === undefined || mention.strength === "weak") continue;
    // Data, outputs and examples are accounted for: only what should be here counts.
    if (verdict.class !== "resolves" && verdict.class !== "stale" && verdict.class !== "unknown") continue;
    const entry = files.get(row.path) ?? { total: 0, known: 0, rows: [] };
    entry.total++;
    if (row.located.found || verdict.past !== undefined) entry.known++;
    entry.rows.push(row);
    files.set(row.path, entry);
  }
  const notes: { code: string; message: string; path: string }[] = [];
  for (const [path, { total, known, rows: all }] of files) {
    if (total < fewest || known > total * 0.1) continue;
    for (const { verdict } of all) {
      if (
        verdict?.class !== "stale" ||
        !verdict.evidence.every(({ kind }) => weakReasons.has(kind) || kind === "unknown")
      )
        continue;
      verdict.class = "unknown";
      verdict.confidence = "possible";
    }
    notes.push({
      code: "unrelated-paths",
      message: `${total - known} of ${total} paths never were in this repository: taken for a listing of another tree`,
      path,
    });
  }
  return notes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
