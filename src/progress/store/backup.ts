import { TrainingReadyError } from "../../shared/index.ts";
import type { Database, SqlValue } from "../../vault/index.ts";
import { migrate } from "./migrations.ts";
import type { Store } from "./open-store.ts";
import { sqliteBackend, type Connection } from "./sqlite-backend.ts";

type Table = { name: string; columns: string[]; key: string[] };

/** What others refer to goes first. */
const order = ["tenants", "principals", "clients"];
const rowsAtOnce = 100;

/** The tables of a store, as its SQLite form has them. */
function tablesOf(sqlite: Database): Table[] {
  const names = sqlite
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all() as string[];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return names
    .toSorted((a, b) => rank(a) - rank(b))
    .map((name) => {
      const columns = sqlite.prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid").all(name) as {
        name: string;
        pk: number;
      }[];
      const key = columns.filter((one) => one.pk > 0).toSorted((a, b) => a.pk - b.pk);
      return { name, columns: columns.map((one) => one.name), key: key.map((one) => one.name) };
    });
}

type Row = Record<string, SqlValue>;

function* pagesOf(from: Database, { name, columns, key }: Table): Generator<Row[]> {
  const select = `SELECT ${columns.join(", ")} FROM ${name}`;
  const rest = `ORDER BY ${key.join(", ")} LIMIT ${rowsAtOnce}`;
  const after = `WHERE (${key.join(", ")}) > (${key.map(() => "?").join(", ")})`;
  let last: Row | undefined;
  do {
    const rows = (
      last === undefined
        ? from.prepare(`${select} ${rest}`).all()
        : from.prepare(`${select} ${after} ${rest}`).all(...key.map((one) => last?.[one] ?? null))
    ) as Row[];
    if (rows.length > 0) yield rows;
    last = rows.length === rowsAtOnce ? rows.at(-1) : undefined;
  } while (last !== undefined);
}

/** Copies every row of every table into an empty store of the same schema, in one transaction. */
function copyRows(from: Database, to: Database, tables: readonly Table[]): void {
  to.transaction(() => {
    for (const table of tables)
      for (const rows of pagesOf(from, table)) {
        const places = `(${table.columns.map(() => "?").join(", ")})`;
        to.prepare(
          `INSERT INTO ${table.name} (${table.columns.join(", ")}) VALUES ${rows.map(() => places).join(", ")}`,
        ).run(...rows.flatMap((row) => table.columns.map((column) => row[column] ?? null)));
      }
  }).immediate();
}

/** Copies one moment of a store, in use or not, to a new SQLite file; sealed values stay sealed. */
export async function backupStore(store: Store, path: string): Promise<void> {
  if (store.backend.kind === "sqlite") {
    await (store.database as unknown as Connection).backup(path);
    return;
  }
  const made = sqliteBackend({ ...store.paths, database: path });
  try {
    migrate(made, store.now());
    const moment = store.backend.snapshot();
    try {
      copyRows(moment, made.database, tablesOf(made.database));
    } finally {
      moment.close();
    }
    const file = made.database as unknown as Connection;
    file.pragma("journal_mode = DELETE"); // one file, no log beside it
  } finally {
    made.database.close();
  }
}

/** Fills an empty store on a server from the SQLite form of a store. Throws `E_OCCUPIED` if it holds anything. */
export function fillStore(store: Store, source: Database): void {
  const tables = tablesOf(source);
  const isEmpty = tables.every(
    ({ name }) => store.database.prepare(`SELECT 1 FROM ${name} LIMIT 1`).get() === undefined,
  );
  if (!isEmpty)
    throw new TrainingReadyError("E_OCCUPIED", `${store.backend.place} holds a store`, {
      exitCode: 1,
      hint: "Name an empty database.",
    });
  copyRows(source, store.database, tables);
}
