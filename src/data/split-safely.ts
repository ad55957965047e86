import type { DataConfig } from "../home/index.ts";
import type { SharedBonds } from "./bonds.ts";
import { bindRows } from "./components.ts";
import { rowsWhere, type Fate } from "./deduplicate.ts";
import type { RecordTable } from "./record-table.ts";
import type { ShingleAccess } from "./shingle-access.ts";
import { joinSimilar, type KnownRows, type SimilarResult } from "./similar-forest.ts";
import { openSimilarState } from "./similar-state.ts";
import { assignSplits, type SplitResult } from "./split.ts";

/**
 * Splits the kept rows so that nothing that belongs together is torn apart: rows that share a client, session, question
 * or text, and rows of which everything, or one side, is nearly the same. The work folder keeps what rows resemble each
 * other for the next build; it changes no result.
 */
export async function splitSafely(
  table: RecordTable,
  fate: Fate,
  access: ShingleAccess,
  config: Pick<DataConfig, "split" | "seed">,
  options: { workFolder: string; bonds: SharedBonds; pinned?: Int8Array | undefined },
): Promise<SplitResult & { leakage: { edgesChecked: number; crossSplit: number } }> {
  const { sets, edges } = bindRows(table, fate, options.bonds);
  const rows = rowsWhere(table.rows, (row) => fate.reason[row] === 0);
  const state = openSimilarState(table, options.workFolder);
  const search = (known: KnownRows | undefined): SimilarResult =>
    joinSimilar(access, table.rows, rows, (view) => state.store(view), known);
  let similar: SimilarResult;
  try {
    similar = search(state.known);
  } catch (error) {
    if (state.known === undefined) throw error;
    similar = search(undefined); // what an earlier build left is damaged
  }
  await state.save(similar, rows);
  for (const [index, a] of similar.forest.a.entries()) {
    const b = similar.forest.b[index] as number;
    if (!sets.union(a, b)) continue;
    edges.a.push(a);
    edges.b.push(b);
  }
  const result = assignSplits(table, fate, sets, config, options.pinned);
  let crossSplit = 0;
  for (const [edge, a] of edges.a.entries())
    if (result.split[a] !== result.split[edges.b[edge] as number]) crossSplit++;
  return { ...result, leakage: { edgesChecked: edges.a.length, crossSplit } };
}
