import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../src/progress/store/migrations.ts";
import { postgresSchema } from "../../src/progress/store/postgres/portable-sql.ts";
import {
  addPrincipal,
  applyRetention,
  backupStore,
  eraseClient,
  exportClient,
  fillStore,
  finishRotation,
  inferencePrincipal,
  localOperator,
  lockForServing,
  openStore,
  openToRead,
  proveReadable,
  rotateClients,
  rotationStart,
  sessions,
  setCare,
  type Call,
  type DatabaseSetting,
  type Store,
} from "../../src/progress/index.ts";
import { sha256 } from "../../src/shared/index.ts";
import { postgresPrograms, startPostgres, type Postgres } from "./postgres.test-data.ts";

let server: Postgres | undefined;
let folder: string;
beforeAll(async () => {
  if (postgresPrograms !== undefined) server = await startPostgres();
});
afterAll(() => server?.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
});
const opened: Store[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
  rmSync(folder, { recursive: true, force: true });
});

const kinds = ["SQLite", "PostgreSQL"] as const;
describe.each(kinds)("the store on %s", (kind) => {
  const isServer = kind === "PostgreSQL";
  const test = it.skipIf(isServer && postgresPrograms === undefined);

  const fresh = async (): Promise<DatabaseSetting> =>
    isServer
      ? { kind: "postgres", url: await (server as Postgres).create(), place: "the test's server" }
      : { kind: "sqlite" };
  const open = async (home: string, database: DatabaseSetting, now?: () => number): Promise<Store> => {
    const store = await openStore(home, { database, ...(now === undefined ? {} : { now }) });
    opened.push(store);
    return store;
  };
  const callOn = (store: Store): Call => ({ store, principal: inferencePrincipal(store, "clinic") });
  const put = (call: Call, client: string, session: string, more: Record<string, unknown> = {}) =>
    sessions.recordSession(
      call,
      sessions.sessionSchema.parse({
        client_id: client,
        session_id: session,
        progress_notes: "Synthetic",
        ...more,
      }),
    );
  const idsOf = (call: Call, client: string): string[] =>
    sessions.listSessions(call, client, { limit: 200 }).sessions.map((one) => one.session_id);
  const copyKeys = (from: string, to: string): void => {
    mkdirSync(join(to, "progress/keys"), { recursive: true });
    for (const name of readdirSync(join(from, "progress/keys")))
      copyFileSync(join(from, "progress/keys", name), join(to, "progress/keys", name));
  };

  test("counts what a write changed, reads its own writes, and orders texts by their bytes", async () => {
    const store = await open(folder, await fresh());
    const { database } = store;
    const add = database.prepare(
      "INSERT INTO tenants (id, name, wrapped_key, created_at) VALUES (@id, @name, @key, @at)",
    );
    database
      .transaction(() => {
        for (const [index, name] of ["b", "B", "a", "Ä", "_", "-"].entries())
          add.run({ id: `t${index}`, name, key: Buffer.from([0, 255, index]), at: 2 ** 53 - 1 - index });
        const changed = database.prepare("UPDATE tenants SET created_at = ? WHERE name >= ?").run(5, "a");
        expect(changed.changes).toBe(3);
        expect(database.prepare("SELECT count(*) FROM tenants WHERE created_at = ?").pluck().get(5)).toBe(3);
      })
      .immediate();
    const rows = database
      .prepare("SELECT name, wrapped_key, created_at FROM tenants ORDER BY name")
      .all() as {
      name: string;
      wrapped_key: Buffer;
      created_at: number;
    }[];
    expect(rows.map((one) => one.name)).toEqual(["-", "B", "_", "a", "b", "Ä"]);
    expect(rows[0]?.wrapped_key.equals(Buffer.from([0, 255, 5]))).toBe(true);
    expect(rows[0]?.created_at).toBe(2 ** 53 - 6);
    expect(() =>
      database.transaction(() => add.run({ id: "t0", name: "z", key: Buffer.of(1), at: 1 })).immediate(),
    ).toThrow(/UNIQUE|duplicate/);
    expect(database.prepare("SELECT count(*) FROM tenants").pluck().get()).toBe(6);
    expect(database.inTransaction).toBe(false);
  });

  test("refuses changes of the ledger, and finds those made behind its back", async () => {
    const store = await open(folder, await fresh());
    const call = callOn(store);
    for (const one of ["a", "b", "c"]) put(call, "c", one);
    expect(store.verifyLedger()).toMatchObject({ ok: true });
    for (const sql of [
      "UPDATE ledger SET action = 'x'",
      "DELETE FROM ledger",
      ...(isServer ? ["TRUNCATE ledger"] : []),
    ])
      expect(() => store.database.exec(sql)).toThrow(/append-only/);
    store.database.exec(
      isServer ? "ALTER TABLE ledger DISABLE TRIGGER USER" : "DROP TRIGGER ledger_no_update",
    );
    store.database.exec("UPDATE ledger SET action = 'sessions:reae' WHERE seq = 3");
    expect(store.verifyLedger()).toMatchObject({ ok: false, firstBroken: 3 });
  });

  test("exports one moment while others write", async () => {
    const store = await open(folder, await fresh());
    const call = callOn(store);
    for (let index = 0; index < 150; index += 1) put(call, "c", `s-${index}`);
    const stream = await exportClient(
      { store, principal: { ...call.principal, kind: "human", role: "supervisor" } },
      "c",
      "json",
    ).open();
    put(call, "c", "late");
    let text = "";
    for await (const piece of stream) text += String(piece);
    expect(text).not.toContain('"late"');
    expect(JSON.parse(text)).toMatchObject({ counts: { sessions: 150 } });
    expect(idsOf(call, "c")).toHaveLength(151);
  });

  test("gives clients and the root new keys, and everything opens", async () => {
    let now = Date.UTC(2026, 0, 1);
    const database = await fresh();
    const store = await open(folder, database, () => now);
    const call = callOn(store);
    put({ ...call, idempotency: { key: "k", route: "r", body: 1 } }, "c", "s");
    put(call, "d", "s");
    now += 1000;
    const before = store.database.prepare("SELECT body FROM records ORDER BY id").pluck().all();
    expect(rotateClients(store, rotationStart(store))).toEqual({ clients: 2, values: 5 });
    finishRotation(store);
    expect(store.database.prepare("SELECT body FROM records ORDER BY id").pluck().all()).not.toEqual(before);
    expect(await store.rotateRoot()).toBe(1);
    store.close();
    const again = await open(folder, database, () => now);
    expect(proveReadable(again)).toEqual({ clients: 2, values: 5 });
    expect(idsOf(callOn(again), "c")).toEqual(["s"]);
  });

  test("leaves no bytes of an erased client in the live tables", async () => {
    const store = await open(folder, await fresh());
    const call = callOn(store);
    for (let index = 0; index < 40; index += 1) put(call, index % 2 === 0 ? "gone" : "stays", `s-${index}`);
    const operator = localOperator(store, "clinic", "operator");
    if (operator === undefined) throw new Error("no operator");
    const [client] = store.database
      .prepare("SELECT client_id FROM records LIMIT 1")
      .pluck()
      .all() as string[];
    const bodies = store.database
      .prepare("SELECT body FROM records WHERE client_id = ?")
      .pluck()
      .all(client) as Buffer[];
    const held = (): number => {
      const bytes = isServer
        ? tableBytes(store)
        : ["", "-wal"]
            .map((end) => readFileSync(`${store.paths.database}${end}`))
            .reduce((a, b) => Buffer.concat([a, b]));
      return bodies.filter((one) => bytes.includes(one)).length;
    };
    expect(held()).toBe(20);
    const erased = eraseClient({ store, principal: operator }, "gone");
    expect(erased.certificate.records).toBe(20);
    expect(held()).toBe(0);
    expect(idsOf(call, "stays")).toHaveLength(20);
    expect(erased.certificate.remains).toContain(isServer ? "write-ahead log" : "Copies of the database");
  });

  /** The pages of the tables as they lie on the disk, dead rows and all. */
  const tableBytes = (store: Store): Buffer => {
    store.database.exec("CHECKPOINT");
    return Buffer.concat(
      (
        store.database
          .prepare(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 't', 'i')",
          )
          .pluck()
          .all() as Buffer[]
      ).filter((one) => one !== null),
    );
  };

  test("keeps care and retention, a class at a time", async () => {
    let now = Date.UTC(2026, 0, 1);
    const store = await open(folder, await fresh(), () => now);
    const call = callOn(store);
    put(call, "c", "old");
    const { id } = addPrincipal(store, {
      tenant: "clinic",
      kind: "human",
      role: "clinician",
      clients: ["c"],
    });
    const until = now + 86_400_000;
    expect(setCare(store, { principal: id, client: "c", from: null, until, end: false })).toMatchObject({
      valid_until: new Date(until).toISOString(),
    });
    now += 1000;
    expect(setCare(store, { principal: id, client: "c", from: null, until: null, end: true })).toMatchObject({
      valid_from: "2026-01-01T00:00:00.000Z",
      valid_until: "2026-01-01T00:00:01.000Z",
    });
    now += 40 * 86_400_000;
    put(call, "c", "young");
    expect(applyRetention(store, { sessions: 30, clients: 300 })).toMatchObject({
      classes: [{ name: "sessions", records: 1 }],
    });
    expect(idsOf(call, "c")).toEqual(["young"]);
  });

  test("takes a store of every past schema to the newest, and stops before a newer or another one", async () => {
    const first = await open(folder, await fresh());
    for (const past of migrations.keys()) {
      const database = await fresh();
      const home = join(folder, `past-${past}`);
      copyKeys(folder, home);
      await layOut(home, database, past);
      const store = await open(home, database);
      addPrincipal(store, { tenant: "t", kind: "human", role: "clinician", clients: ["c"] });
      expect(proveReadable(store)).toEqual({ clients: 1, values: 1 });
      store.database.prepare("UPDATE migrations SET checksum = 'x' WHERE number = 1").run();
      await expect(openStore(home, { database })).rejects.toMatchObject({ code: "E_STORE_NEWER" });
    }
    first.database.prepare("INSERT INTO migrations VALUES (?, 'x', 0)").run(migrations.length + 1);
    const setting: DatabaseSetting = isServer
      ? { kind: "postgres", url: urlOf(first), place: "x" }
      : { kind: "sqlite" };
    await expect(openStore(folder, { database: setting })).rejects.toMatchObject({ code: "E_STORE_NEWER" });
  });

  const urlOf = (store: Store): string =>
    (server as Postgres).urlOf(store.database.prepare("SELECT current_database()").pluck().get() as string);

  const layOut = async (home: string, database: DatabaseSetting, past: number): Promise<void> => {
    const table =
      "CREATE TABLE migrations (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, at INTEGER NOT NULL) STRICT;";
    const steps = migrations.slice(0, past + 1);
    if (database.kind === "postgres") {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(postgresSchema(table));
      for (const [index, sql] of steps.map(postgresSchema).entries()) {
        await client.query(sql);
        await client.query("INSERT INTO migrations VALUES ($1, $2, 0)", [index + 1, sha256(sql)]);
      }
      await client.end();
      return;
    }
    const { default: Sqlite } = await import("better-sqlite3");
    const raw = new Sqlite(join(home, "progress/progress.db"));
    raw.exec(table);
    for (const [index, sql] of steps.entries()) {
      raw.exec(sql);
      raw.prepare("INSERT INTO migrations VALUES (?, ?, 0)").run(index + 1, sha256(sql));
    }
    raw.close();
  };

  test("is served by one process, and needs its keys", async () => {
    const database = await fresh();
    const store = await open(folder, database);
    callOn(store);
    const unlock = lockForServing(store);
    const second = await open(folder, database);
    expect(() => lockForServing(second)).toThrow(expect.objectContaining({ code: "E_STORE_BUSY" }) as Error);
    unlock();
    lockForServing(second)();
    rmSync(store.paths.rootKey);
    await expect(openStore(folder, { database })).rejects.toMatchObject({ code: "E_KEY_MISSING" });
  });

  test("is backed up while in use to one file that either kind is filled from", async () => {
    const store = await open(folder, await fresh());
    const call = callOn(store);
    for (let index = 0; index < 250; index += 1) put(call, "c", `s-${index}`);
    const file = join(folder, "backup.db");
    await backupStore(store, file);
    put(call, "c", "after");
    const home = join(folder, "elsewhere");
    copyKeys(folder, home);
    copyFileSync(file, join(home, "progress/progress.db"));
    const restored = await open(home, { kind: "sqlite" });
    expect(proveReadable(restored)).toEqual({ clients: 1, values: 251 });
    expect(restored.verifyLedger()).toMatchObject({ ok: true, rows: restored.verifyLedger().rows });
    expect(idsOf(callOn(restored), "c")).not.toContain("after");
    if (!isServer) return;
    const target = join(folder, "target");
    copyKeys(folder, target);
    const filled = await open(target, await fresh());
    const source = openToRead(file);
    fillStore(filled, source);
    expect(() => fillStore(filled, source)).toThrow(expect.objectContaining({ code: "E_OCCUPIED" }) as Error);
    source.close();
    expect(proveReadable(filled)).toEqual({ clients: 1, values: 251 });
    expect(filled.verifyLedger()).toMatchObject({ ok: true });
    expect(idsOf(callOn(filled), "c")).toHaveLength(200);
  });
});
