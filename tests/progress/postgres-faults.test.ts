import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createGroupCommit,
  databaseSetting,
  inferencePrincipal,
  inTransaction,
  lockForServing,
  openStore,
  sessions,
  type Call,
  type Store,
} from "../../src/progress/index.ts";
import { postgresPrograms, startPostgres, type Postgres } from "./postgres.test-data.ts";

let server: Postgres;
let home: string;
let url: string;
const opened: Store[] = [];

const open = async (where = url): Promise<Store> => {
  const database = { kind: "postgres", url: where, place: "the test's server" } as const;
  const store = await openStore(home, { database, statementMs: 1000 });
  opened.push(store);
  return store;
};
const callOn = (store: Store): Call => ({ store, principal: inferencePrincipal(store, "clinic") });
const put = (call: Call, session?: string) =>
  sessions.recordSession(
    call,
    sessions.sessionSchema.parse({ client_id: "c", session_id: session, progress_notes: "Synthetic" }),
  );
const stored = (call: Call): string[] =>
  sessions
    .listSessions(call, "c", { limit: 200 })
    .sessions.map((one) => one.session_id)
    .toSorted();
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "fine";
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
};
const untilFine = async (work: () => unknown): Promise<void> =>
  await expect.poll(() => codeOf(work), { timeout: 30_000, interval: 100 }).toBe("fine");

describe.skipIf(postgresPrograms === undefined)("a PostgreSQL that fails", () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "faults-"));
    url = await server.create();
  });
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("that hangs is given up in time, then refused at once, and taken up when it goes on", async () => {
    const store = await open();
    const call = callOn(store);
    put(call, "before");
    server.freeze();
    try {
      const started = performance.now();
      expect(codeOf(() => put(call, "hung"))).toBe("E_STORE_DOWN");
      expect(performance.now() - started).toBeLessThan(10_000);
      const second = performance.now();
      for (let index = 0; index < 20; index += 1)
        expect(codeOf(() => put(call, "refused"))).toBe("E_STORE_DOWN");
      expect(performance.now() - second).toBeLessThan(2000); // a second each, if each were waited for
    } finally {
      server.thaw();
    }
    await untilFine(() => put(call, "after"));
    expect(stored(call)).toEqual(["after", "before"]);
    expect(store.verifyLedger()).toMatchObject({ ok: true });
  });

  it("that crashes in a transaction leaves nothing of it, and no later statement reaches a new session", async () => {
    const store = await open();
    const call = callOn(store);
    put(call, "before");
    let isOver = false;
    expect(
      codeOf(() =>
        inTransaction(store, () => {
          put(call, "lost");
          server.crash();
          server.start();
          expect(codeOf(() => put(call, "stray"))).toBe("E_STORE_DOWN");
          expect(store.database.inTransaction).toBe(false);
          expect(codeOf(() => store.database.prepare("SELECT 1").get())).toBe("E_STORE_DOWN");
          isOver = true;
        }),
      ),
    ).toBe("E_STORE_DOWN");
    expect(isOver).toBe(true);
    await untilFine(() => put(call, "after"));
    expect(stored(call)).toEqual(["after", "before"]);
  });

  it("that dies at a commit gets nothing a second time: what became of it is not known", async () => {
    const store = await open();
    const call = callOn(store);
    put(call, "before");
    const commits = createGroupCommit(store);
    let runs = 0;
    const asked = Array.from({ length: 5 }, (_, index) =>
      commits.run(() => {
        runs += 1;
        put(call);
        if (index === 4) server.crash();
      }),
    );
    const done = await Promise.allSettled(asked);
    expect(done.every((one) => one.status === "rejected")).toBe(true);
    expect(runs).toBe(5);
    server.start();
    await untilFine(() => stored(call));
    expect(stored(call)).toEqual(["before"]);
  });

  it("gives the serving lock to another when the first loses its session, and the first writes no more", async () => {
    const first = await open();
    const call = callOn(first);
    lockForServing(first);
    put(call, "one");
    const second = await open();
    expect(codeOf(() => lockForServing(second))).toBe("E_STORE_BUSY");
    const others = second.database.prepare(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    // Whoever asks first after the session's end has the lock: thrown out again until that is the second.
    const taken = (): string => {
      others.all();
      return codeOf(() => lockForServing(second));
    };
    await expect.poll(taken, { interval: 1, timeout: 30_000 }).toBe("fine");
    expect(codeOf(() => put(call, "two"))).toBe("E_STORE_DOWN");
    put(callOn(second), "three");
    expect(codeOf(() => put(call, "four"))).toBe("E_STORE_DOWN");
    expect(stored(callOn(second))).toEqual(["one", "three"]);
  });

  it("never has its password in a message, and a setting that is unusable is said", async () => {
    const secret = "geheim-9f3a";
    const down = `postgres://tracker:${secret}@127.0.0.1:1/db`;
    writeFileSync(join(home, "url"), `${down}\n`);
    const cases: [string, NodeJS.ProcessEnv][] = [
      ["progress:\n  database: env:CLINIC_URL\n", { CLINIC_URL: down }],
      ["progress:\n  database: file:url\n", {}],
      ["", { TRAINING_READY_PROGRESS_DATABASE: down }],
      ["", { TRAINING_READY_PROGRESS_DATABASE: `file:${join(home, "url")}` }],
    ];
    for (const [config, environment] of cases) {
      writeFileSync(join(home, "training-ready.yaml"), `version: 1\n${config}`);
      const setting = await databaseSetting(home, environment);
      expect(setting).toMatchObject({ kind: "postgres", url: down, place: "postgres://127.0.0.1:1/db" });
      const error = await openStore(home, { database: setting }).catch((cause: unknown) => cause as Error);
      expect(error).toMatchObject({ code: "E_STORE_DOWN" });
      const { message, stack, cause } = error as Error;
      expect(`${message}${stack}${String(cause)}${(cause as Error).stack}`).not.toContain(secret);
    }
    const bad: [string, NodeJS.ProcessEnv][] = [
      [`progress:\n  database: ${down}\n`, {}],
      ["progress:\n  database: env:MISSING\n", {}],
      ["progress:\n  database: file:missing\n", {}],
      ["", { TRAINING_READY_PROGRESS_DATABASE: `mysql://a:${secret}@h/db` }],
      ["", { TRAINING_READY_PROGRESS_DATABASE: `postgres://a:${secret}@h` }],
      ["", { TRAINING_READY_PROGRESS_DATABASE: "a path" }],
    ];
    for (const [config, environment] of bad) {
      writeFileSync(join(home, "training-ready.yaml"), `version: 1\n${config}`);
      const error = await databaseSetting(home, environment).catch((cause: unknown) => cause as Error);
      expect(error).toMatchObject({ code: "E_DATABASE_SETTING" });
      expect((error as Error).message).not.toContain(secret);
    }
    writeFileSync(join(home, "training-ready.yaml"), "version: 1\nprogress:\n  database: sqlite\n");
    expect(await databaseSetting(home, { TRAINING_READY_PROGRESS_DATABASE: down })).toEqual({
      kind: "sqlite",
    });
  });

  it("that would lose acknowledged records is refused; a lax default is overruled", async () => {
    await server.query(url, "ALTER SYSTEM SET synchronous_commit = off");
    await server.query(url, "SELECT pg_reload_conf()");
    const store = await open();
    expect(store.database.prepare("SHOW synchronous_commit").pluck().get()).toBe("on");
    await server.query(url, "ALTER SYSTEM SET fsync = off");
    await server.query(url, "SELECT pg_reload_conf()");
    await expect.poll(async () => (await server.query(url, "SHOW fsync"))[0]?.["fsync"]).toBe("off");
    await expect(open()).rejects.toMatchObject({ code: "E_DATABASE_SETTING", message: /fsync = off/ });
  });
});
