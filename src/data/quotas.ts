import { createHash } from "node:crypto";
import { TrainingReadyError } from "../shared/index.ts";
import { drop, type Fate } from "./deduplicate.ts";
import { idOf, type RecordTable } from "./record-table.ts";
import { largestRemainder } from "./split.ts";
import { fillTable } from "./table-flow.ts";

export type QuotaAxis = {
  axis: string;
  shares: Readonly<Record<string, number>>;
  stratumOf: (row: number) => string;
};

export type QuotaResult = {
  quotas: { axis: string; stratum: string; wanted: number; reached: number }[];
  warnings: string[];
};

/** Shares that were used before: by source, and by stage. */
export const quotaPresets = {
  source: {
    edge_cases: 0.25,
    voice: 0.2,
    psychology_knowledge: 0.15,
    dual_persona: 0.1,
    standard_therapeutic: 0.3,
  },
  stage: {
    stage1_foundation: 0.4,
    stage2_therapeutic_expertise: 0.25,
    stage3_edge_stress_test: 0.2,
    stage4_voice_persona: 0.15,
  },
} as const;

type Stratum = { name: string; share: number; available: number };

function strataOf(axis: QuotaAxis, rows: readonly number[]): Stratum[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(axis.stratumOf(row), (counts.get(axis.stratumOf(row)) ?? 0) + 1);
  const sum = Object.values(axis.shares).reduce((all, one) => all + one, 0);
  return Object.entries(axis.shares)
    .filter(([, share]) => share > 0)
    .map(([name, share]) => {
      const available = counts.get(name) ?? 0;
      if (available === 0) {
        throw new TrainingReadyError("E_DATA_QUOTA", `quota ${axis.axis}: there is no record of ${name}`, {
          exitCode: 1,
        });
      }
      return { name, share: share / sum, available };
    });
}

const wantedOf = (strata: readonly Stratum[], total: number): number[] =>
  largestRemainder(
    total,
    strata.map(({ share }) => share),
  );

/** The most records of which every stratum has its share, and the stratum that sets this limit. */
function mostOf(strata: readonly Stratum[], limit: number): { total: number; short: string } {
  let total = limit;
  let short = "";
  for (const { name, share, available } of strata) {
    // Rounding may give a stratum up to one record more than its exact share.
    if (available / share + strata.length < total)
      [total, short] = [Math.floor(available / share) + strata.length, name];
  }
  for (; total > 0; total--) {
    const over = wantedOf(strata, total).findIndex(
      (wanted, index) => wanted > (strata[index] as Stratum).available,
    );
    if (over < 0) break;
    short = (strata[over] as Stratum).name;
  }
  return { total, short };
}

/** 48 bits of a keyed hash of a record's id: who is taken does not depend on the order of the input. */
const lot = (seed: string, id: string): number =>
  createHash("sha256").update(`${seed}|${id}`).digest().readUIntBE(0, 6);

/**
 * Keeps as many records as the shares of one or two axes allow, in whole records and exactly; which ones, a hash of the
 * seed and the record's id decides. What a share does not name is not selected. Throws `E_DATA_QUOTA` for an empty one.
 */
export function applyQuotas(
  table: RecordTable,
  fate: Fate,
  axes: readonly QuotaAxis[],
  options: { seed: string; total?: number | undefined },
): QuotaResult {
  const [first, second] = axes;
  if (first === undefined) return { quotas: [], warnings: [] };
  const kept: number[] = [];
  for (let row = 0; row < table.rows; row++) if (fate.reason[row] === 0) kept.push(row);
  const isNamed = (row: number): boolean => axes.every((axis) => (axis.shares[axis.stratumOf(row)] ?? 0) > 0);
  const rows = kept.filter(isNamed);
  const strata = axes.map((axis) => strataOf(axis, rows));
  const asked = options.total ?? rows.length;
  let limit = { total: Math.min(asked, rows.length), short: "" };
  for (const one of strata) {
    const most = mostOf(one, limit.total);
    if (most.total < limit.total) limit = most;
  }
  const across = strata[0] as Stratum[];
  const down = strata[1] ?? [{ name: "", share: 1, available: rows.length }];
  const cells = across.map(() => down.map((): number[] => []));
  for (const row of rows) {
    const i = across.findIndex(({ name }) => name === first.stratumOf(row));
    const j = second === undefined ? 0 : down.findIndex(({ name }) => name === second.stratumOf(row));
    cells[i]?.[j]?.push(row);
  }
  const sizes = cells.map((line) => line.map((cell) => cell.length));
  const attempt = (total: number): number[][] | undefined =>
    fillTable(sizes, wantedOf(across, total), wantedOf(down, total));
  // Feasibility shrinks with the total up to rounding: search for the edge, then make sure of it.
  let [low, high] = [0, limit.total];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (attempt(middle) === undefined) high = middle - 1;
    else low = middle;
  }
  const total = low;
  const chosen = attempt(total) ?? [];
  const selected = new Set<number>();
  for (const [i, line] of cells.entries()) {
    for (const [j, cell] of line.entries()) {
      const drawn = cell
        .map((row) => ({ row, id: idOf(table, row) }))
        .map(({ row, id }) => ({ row, id, lot: lot(options.seed, id) }))
        .sort((a, b) => a.lot - b.lot || (a.id < b.id ? -1 : 1));
      for (const { row } of drawn.slice(0, chosen[i]?.[j] ?? 0)) selected.add(row);
    }
  }
  for (const row of kept) if (!selected.has(row)) drop(fate, row, "quota", -1, 0);
  const quotas = axes.flatMap((axis, number) => {
    const own = strata[number] as Stratum[];
    const wanted = wantedOf(own, total);
    return own.map(({ name }, index) => {
      let reached = 0;
      for (const row of selected) if (axis.stratumOf(row) === name) reached++;
      return { axis: axis.axis, stratum: name, wanted: wanted[index] as number, reached };
    });
  });
  const isShort = total < asked && (options.total !== undefined || limit.short !== "");
  const because = limit.short === "" ? "the axes together" : limit.short;
  return {
    quotas,
    warnings: isShort
      ? [`quotas leave ${total} of ${asked} records: ${because} is short and shrinks all shares`]
      : [],
  };
}
