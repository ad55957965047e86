/** What a column can hold. */
export type SqlValue = string | number | Uint8Array | null;

/** A prepared statement; values go in by place (`?`) or by name (`@name`, as one object). */
export type Statement = {
  // Methods, since SQLite's driver tells apart what it takes by place and by name.
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): { readonly changes: number };
  /** Gives the first column's value instead of the row. */
  pluck: (isOn?: boolean) => Statement;
};

/** A read that is known before it is made. Its text and values are those of the later `get` or `all`. */
export type Foreseen = {
  sql: string;
  values: readonly unknown[];
  /**
   * The tables it depends on. A plain insert of rows makes it stale only if it puts in this value, or any at all where
   * that is null; every other write on the table does.
   */
  staleAfter: Readonly<Record<string, SqlValue>>;
};

/**
 * A connection that answers at once: what SQLite's driver gives, and what is given of PostgreSQL. Statements are
 * written so that both read them alike.
 */
export type Database = {
  prepare: (sql: string) => Statement;
  /** Runs statements that take no values and give no rows. */
  exec: (sql: string) => unknown;
  /** Work in a transaction that no other writer shares; inside another one, in a savepoint. */
  transaction: <R>(work: () => R) => { immediate: () => R };
  readonly inTransaction: boolean;
  /** Makes reads that are to come together; only at the start of a transaction, else it does nothing. */
  readAhead?: (reads: readonly Foreseen[]) => void;
  /** The same object for as long as what this transaction wrote stands: another one after something was undone. */
  readonly era?: object | undefined;
  close: () => unknown;
};
