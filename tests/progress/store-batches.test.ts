import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  careRecords,
  createGroupCommit,
  inferencePrincipal,
  inTransaction,
  openStore,
  sessions,
  type Call,
  type Store,
} from "../../src/progress/index.ts";
import { postgresPrograms, startPostgres, type Postgres } from "./postgres.test-data.ts";

const kinds = ["SQLite", "PostgreSQL"] as const;
describe.each(kinds)("requests that share a commit on %s", (kind) => {
  const test = it.skipIf(kind === "PostgreSQL" && postgresPrograms === undefined);
  let server: Postgres | undefined;
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    if (kind === "PostgreSQL" && postgresPrograms !== undefined) server = await startPostgres();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "batches-"));
    if (kind === "PostgreSQL" && server === undefined) return;
    store = await openStore(folder, {
      database:
        server === undefined
          ? { kind: "sqlite" }
          : { kind: "postgres", url: await server.create(), place: "the test's server" },
    });
  });
  afterEach(() => {
    store?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (call: Call, client: string, session: string) =>
    sessions.recordSession(
      call,
      sessions.sessionSchema.parse({ client_id: client, session_id: session, progress_notes: "Synthetic" }),
    );
  const idsOf = (call: Call, client: string): string[] =>
    sessions.listSessions(call, client, { limit: 200 }).sessions.map((one) => one.session_id);

  test("keeps the good requests of a batch and undoes the bad, each with its own answer", async () => {
    const call = { store, principal: inferencePrincipal(store, "clinic") };
    const commits = createGroupCommit(store);
    const done = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        commits.run(() =>
          inTransaction(store, () => {
            put(call, "c", `s-${index}`);
            if (index % 3 === 0) throw new Error(`no ${index}`);
            if (index % 5 === 1) store.database.prepare("INSERT INTO tenants SELECT * FROM tenants").run(); // breaks its key
          }),
        ),
      ),
    );
    const bad = (index: number): boolean => index % 3 === 0 || index % 5 === 1;
    expect(done.map((one) => one.status)).toEqual(
      done.map((_, index) => (bad(index) ? "rejected" : "fulfilled")),
    );
    expect(idsOf(call, "c").toSorted()).toEqual(
      done.flatMap((_, index) => (bad(index) ? [] : [`s-${index}`])).toSorted(),
    );
    expect(store.verifyLedger()).toMatchObject({ ok: true });
  });

  test("sees in a batch what those before it wrote, though the batch's reads were made ahead", async () => {
    const call = { store, principal: inferencePrincipal(store, "clinic") };
    const commits = createGroupCommit(store);
    const input = (client: string, session: string, notes = "Synthetic") =>
      sessions.sessionSchema.parse({ client_id: client, session_id: session, progress_notes: notes });
    const record = (client: string, session: string, notes?: string) => {
      const one = input(client, session, notes);
      return commits.run(
        () => sessions.recordSession(call, one),
        () => sessions.sessionAhead(call, one),
      );
    };
    const consent = (status: "given" | "withdrawn") => {
      const body = careRecords.consentSchema.parse({ purpose: "care", status });
      return commits.run(() => careRecords.recordConsent(call, "old", body));
    };
    await record("old", "first");
    const batch = [
      record("new", "s-1"), // makes the client
      record("new", "s-2"), // which is there now
      record("new", "s-1"), // a repeat
      record("new", "s-1", "Other words"),
      commits.run(() =>
        inTransaction(store, () => {
          put(call, "new", "undone");
          throw new Error("no");
        }),
      ),
      record("new", "undone", "Now it is stored"),
      consent("withdrawn"),
      record("old", "second"),
      consent("given"),
      record("old", "third"),
    ];
    const codes = await Promise.all(
      batch.map((one) =>
        one.then(
          () => "fine",
          (error: Error & { code?: string }) => error.code ?? error.message,
        ),
      ),
    );
    expect(codes).toEqual("fine fine fine E_CONFLICT no fine fine E_CONSENT fine fine".split(" "));
    expect(idsOf(call, "new").toSorted()).toEqual(["s-1", "s-2", "undone"]);
    expect(idsOf(call, "old").toSorted()).toEqual(["first", "third"]);
    expect(store.database.prepare("SELECT count(*) FROM clients").pluck().get()).toBe(2);
    expect(store.verifyLedger()).toMatchObject({ ok: true });
  });
});
