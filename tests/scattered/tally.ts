/** `kind`: `false`: found, not planted; `missed`: planted, not found; `wrong`: found with another verdict (both). */
export type Disagreement = {
  category: string;
  kind: "false" | "missed" | "wrong";
  where: string;
  reason: string;
};

export type ScoreRow = {
  category: string;
  hits: number;
  falseAlarms: number;
  misses: number;
  /** Found, harmless, and not claimed by the key: not counted. */
  extra: number;
};

/** Share of what was found that is right; 1 for nothing found. */
export const precision = (row: ScoreRow): number =>
  row.hits + row.falseAlarms === 0 ? 1 : row.hits / (row.hits + row.falseAlarms);

/** Share of what is planted that was found; 1 for nothing planted. */
export const recall = (row: ScoreRow): number =>
  row.hits + row.misses === 0 ? 1 : row.hits / (row.hits + row.misses);

/** Counts per category while a report is compared with a key. */
export class Tally {
  readonly disagreements: Disagreement[] = [];
  readonly #rows = new Map<string, ScoreRow>();

  #row(category: string): ScoreRow {
    let row = this.#rows.get(category);
    if (row === undefined) {
      row = { category, hits: 0, falseAlarms: 0, misses: 0, extra: 0 };
      this.#rows.set(category, row);
    }
    return row;
  }

  hit(category: string): void {
    this.#row(category).hits++;
  }

  /** A miss that another category tells already. */
  silentMiss(category: string): void {
    this.#row(category).misses++;
  }

  extra(category: string): void {
    this.#row(category).extra++;
  }

  surplus(category: string, where: string, reason: string): void {
    this.#row(category).falseAlarms++;
    this.disagreements.push({ category, kind: "false", where, reason });
  }

  miss(category: string, where: string, reason: string): void {
    this.#row(category).misses++;
    this.disagreements.push({ category, kind: "missed", where, reason });
  }

  /** Planted as one thing, found as another: missed there, a false alarm here. */
  wrong(planted: string, found: string, where: string, reason: string): void {
    this.#row(planted).misses++;
    this.#row(found).falseAlarms++;
    this.disagreements.push({ category: planted, kind: "wrong", where, reason });
  }

  /** Compares two sets of ids. */
  sets(category: string, wanted: readonly string[], found: readonly string[]): void {
    this.#row(category);
    const [planted, seen] = [new Set(wanted), new Set(found)];
    for (const one of planted) {
      if (seen.has(one)) this.hit(category);
      else this.miss(category, one, "not found");
    }
    for (const one of seen) if (!planted.has(one)) this.surplus(category, one, "not in the key");
  }

  rows(): ScoreRow[] {
    return [...this.#rows.values()];
  }
}

/** The sum of several repositories' rows, by category. */
export function sumRows(lists: readonly (readonly ScoreRow[])[]): ScoreRow[] {
  const sums = new Map<string, ScoreRow>();
  for (const row of lists.flat()) {
    const sum = sums.get(row.category);
    if (sum === undefined) sums.set(row.category, { ...row });
    else {
      sum.hits += row.hits;
      sum.falseAlarms += row.falseAlarms;
      sum.misses += row.misses;
      sum.extra += row.extra;
    }
  }
  return [...sums.values()].sort((a, b) => (a.category < b.category ? -1 : 1));
}
