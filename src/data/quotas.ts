import { createHash } from "node:crypto";
import { TrainingReadyError } from "../shared/index.ts";
import { fillCube } from "./cube-fill.ts";
import { drop, type Fate } from "./deduplicate.ts";
import { compareIds, idOf, type RecordTable } from "./record-table.ts";
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

/** Shares that were used before: by source, by stage and by component. */
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
  /** The sampling weights of KAN-28. */
  component: {
    journaling_system: 1,
    voice_blending: 1.2,
    edge_case_handling: 1.5,
    dual_persona_dynamics: 1.1,
    bias_detection: 1.3,
    psychology_knowledge_base: 1,
  },
} as const;

/**
 * The one component that a conversation of several counts as: of those that are named by shares the one with the largest
 * weight in KAN-28, the first of equals; `none` without any.
 */
export function leadingComponent(
  has: (component: string) => boolean,
  shares: Readonly<Record<string, number>>,
): string {
  const own = Object.entries(quotaPresets.component).filter(([name]) => has(name));
  const named = own.filter(([name]) => (shares[name] ?? 0) > 0);
  const among = named.length > 0 ? named : own;
  let best = among[0];
  for (const one of among) if (one[1] > (best?.[1] ?? 0)) best = one;
  return best?.[0] ?? "none";
}

type Stratum = { name: string; share: number; available: number };

function strataOf(axis: QuotaAxis, rows: readonly number[]): Stratum[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(axis.stratumOf(row), (counts.get(axis.stratumOf(row)) ?? 0) + 1);
  const sum = Object.values(axis.shares).reduce((all, one) => all + one, 0);
  if (!(sum > 0))
    throw new TrainingReadyError("E_DATA_QUOTA", `quota ${axis.axis}: no share is above 0`, { exitCode: 1 });
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

/** Records of each cell that the shares of all axes take together, cell by cell in the axes' order. */
function cellsOf(
  sizes: readonly number[],
  strata: readonly Stratum[][],
  total: number,
): number[] | undefined {
  const sums = strata.map((own) => wantedOf(own, total));
  const shape = strata.map((own) => own.length);
  if (shape.length > 2) return fillCube(sizes, shape, sums);
  const [across, width = 1] = shape;
  const table = Array.from({ length: across as number }, (_, i) => sizes.slice(i * width, (i + 1) * width));
  return fillTable(table, sums[0] as number[], sums[1] ?? [total])?.flat();
}

/**
 * Keeps as many records as the shares of all axes allow, in whole records and exactly; which ones, a hash of the
 * seed and the record's id decides. What a share does not name is not selected. Throws `E_DATA_QUOTA` for a share without a
 * record and where the axes leave none.
 */
export function applyQuotas(
  table: RecordTable,
  fate: Fate,
  axes: readonly QuotaAxis[],
  options: { seed: string; total?: number | undefined },
): QuotaResult {
  if (axes.length === 0) return { quotas: [], warnings: [] };
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
  const numbers = strata.map((own) => new Map(own.map(({ name }, number) => [name, number])));
  const cellOf = (row: number): number => {
    let cell = 0;
    for (const [axis, own] of numbers.entries())
      cell = cell * own.size + (own.get((axes[axis] as QuotaAxis).stratumOf(row)) as number);
    return cell;
  };
  const sizes = Array.from({ length: numbers.reduce((all, own) => all * own.size, 1) }, () => 0);
  const cells = new Uint32Array(rows.length);
  const lots = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const cell = cellOf(row);
    cells[index] = cell;
    sizes[cell] = (sizes[cell] as number) + 1;
    lots[index] = lot(options.seed, idOf(table, row));
  }
  // Feasibility shrinks with the total up to rounding: search for the edge, then make sure of it.
  let [low, high] = [0, limit.total];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (cellsOf(sizes, strata, middle) === undefined) high = middle - 1;
    else low = middle;
  }
  const total = low;
  if (total === 0)
    throw new TrainingReadyError(
      "E_DATA_QUOTA",
      `the quotas of ${axes.map(({ axis }) => axis).join(", ")} together leave no record`,
      { exitCode: 1, hint: "Add records that stand in strata of each axis at once, or take an axis out." },
    );
  const open = cellsOf(sizes, strata, total) ?? sizes.map(() => 0);
  const order = Uint32Array.from(rows, (_, index) => index).sort(
    (a, b) =>
      (lots[a] as number) - (lots[b] as number) ||
      compareIds(table, rows[a] as number, rows[b] as number) ||
      a - b,
  );
  const isSelected = new Uint8Array(table.rows);
  for (const index of order) {
    const cell = cells[index] as number;
    if ((open[cell] as number) === 0) continue;
    open[cell] = (open[cell] as number) - 1;
    isSelected[rows[index] as number] = 1;
  }
  for (const row of kept) if (isSelected[row] === 0) drop(fate, row, "quota", -1, 0);
  const quotas = axes.flatMap((axis, number) => {
    const own = strata[number] as Stratum[];
    const wanted = wantedOf(own, total);
    const reached = new Map<string, number>();
    for (const row of rows) {
      if (isSelected[row] === 0) continue;
      const name = axis.stratumOf(row);
      reached.set(name, (reached.get(name) ?? 0) + 1);
    }
    return own.map(({ name }, index) => ({
      axis: axis.axis,
      stratum: name,
      wanted: wanted[index] as number,
      reached: reached.get(name) ?? 0,
    }));
  });
  const isShort = total < asked && (options.total !== undefined || limit.short !== "" || axes.length > 1);
  const because = limit.short === "" || total < limit.total ? "the axes together" : limit.short;
  return {
    quotas,
    warnings: isShort
      ? [`quotas leave ${total} of ${asked} records: ${because} is short and shrinks all shares`]
      : [],
  };
}
