import type { Foreseen, SqlValue } from "../../../vault/index.ts";
import type { Answer } from "./messages.ts";

type Rows = Answer["rows"];

/** An insert of nothing but values. */
const plainInsert = /^INSERT INTO (\w+) \([^)]*\) VALUES \((?:\$\d+|\d+|NULL)(?:, (?:\$\d+|\d+|NULL))*\)$/;
const write = /^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)\b/;

const wordOf = (value: SqlValue): string =>
  value instanceof Uint8Array ? `x${Buffer.from(value).toString("hex")}` : `${typeof value}${value}`;
/** What a read is known by. */
export const readName = (text: string, values: readonly SqlValue[]): string =>
  [text, ...values.map(wordOf)].join("\u0000");

type Effect = { table: string | undefined; isPlainInsert: boolean };
const effects = new Map<string, Effect>();

function effectOf(text: string): Effect {
  let found = effects.get(text);
  if (found === undefined) {
    const words = text.replaceAll(/\s+/g, " ").trim();
    found = { table: write.exec(words)?.[1], isPlainInsert: plainInsert.test(words) };
    effects.set(text, found);
  }
  return found;
}

/** Rows of reads that were made ahead in a transaction, until a write makes them stale. */
export type ReadsAhead = {
  keep: (read: { text: string; values: readonly SqlValue[] }, foreseen: Foreseen, rows: Rows) => void;
  find: (text: string, values: readonly SqlValue[]) => Rows | undefined;
  /** Forgets what a write may have made stale. */
  written: (text: string, values: readonly SqlValue[] | null) => void;
  clear: () => void;
};

/** An empty set of reads. */
export function createReadsAhead(): ReadsAhead {
  const rowsOf = new Map<string, Rows>();
  /** Per table, and per value whose insert matters; "" holds those for which any does. */
  const dependents = new Map<string, Map<string, Set<string>>>();

  const forget = (names: Set<string> | undefined): void => {
    for (const name of names ?? []) rowsOf.delete(name);
    names?.clear();
  };
  return {
    keep({ text, values }, { staleAfter }, rows) {
      const name = readName(text, values);
      rowsOf.set(name, rows);
      for (const [table, value] of Object.entries(staleAfter)) {
        const byValue = dependents.get(table) ?? new Map<string, Set<string>>();
        dependents.set(table, byValue);
        const word = value === null ? "" : wordOf(value);
        byValue.set(word, (byValue.get(word) ?? new Set()).add(name));
      }
    },
    find(text, values) {
      const rows = rowsOf.size === 0 ? undefined : rowsOf.get(readName(text, values));
      return rows?.map((row) => ({ ...row }));
    },
    written(text, values) {
      if (rowsOf.size === 0) return;
      const { table, isPlainInsert } = effectOf(text);
      if (table === undefined) return this.clear();
      const byValue = dependents.get(table);
      if (byValue === undefined) return;
      if (values === null || !isPlainInsert) for (const names of byValue.values()) forget(names);
      else for (const word of ["", ...values.map(wordOf)]) forget(byValue.get(word));
    },
    clear() {
      rowsOf.clear();
      dependents.clear();
    },
  };
}
