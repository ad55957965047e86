import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import {
  databaseVariable,
  finishRotation,
  inferencePrincipal,
  openStore,
  proveReadable,
  rotateClients,
  rotationStart,
  sessions,
  type Call,
  type Store,
} from "../../src/progress/index.ts";
import { postgresPrograms, startPostgres, type Postgres } from "./postgres.test-data.ts";

// TRAINING_READY_ROTATION_KILLS=200 and TRAINING_READY_ROTATION_CLIENTS=100000 are the long form.
const kills = Number(process.env["TRAINING_READY_ROTATION_KILLS"] ?? 3);
const many = Number(process.env["TRAINING_READY_ROTATION_CLIENTS"] ?? 0);
const isOnServer = kills > 3 && many === 0 && postgresPrograms !== undefined;
const timeout = 120_000 + kills * 20_000 + many * 20;

let server: Postgres | undefined;
beforeAll(async () => {
  if (isOnServer) server = await startPostgres();
});
afterAll(() => server?.close());
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "rotation-"));
});
afterEach(() => {
  delete process.env[databaseVariable];
  rmSync(home, { recursive: true, force: true });
});

/** Fills a store with so many clients, each with a few sessions. */
async function fill(clients: number, each: number): Promise<void> {
  const store = await openStore(home);
  const call: Call = { store, principal: inferencePrincipal(store, "clinic") };
  for (let from = 0; from < clients; from += 500)
    store.database
      .transaction(() => {
        for (let client = from; client < Math.min(clients, from + 500); client += 1)
          for (let index = 0; index < each; index += 1)
            sessions.recordSession(
              call,
              sessions.sessionSchema.parse({
                client_id: `c${client}`,
                session_id: `s${index}`,
                progress_notes: `Synthetic ${client}-${index}`,
              }),
            );
      })
      .immediate();
  store.close();
}

/** Starts the rotation in a process of its own and kills it so long after it has begun; how many it has finished. */
async function killedAfter(ms: number): Promise<number> {
  const script = resolve(import.meta.dirname, "rotation-runner.test-data.ts");
  const times = many > 0 ? "once" : "forever";
  const child = spawn(process.execPath, ["--import", "tsx", script, home, times], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((done, fail) => {
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString("utf8");
      if (said.startsWith("begun\n")) done();
    });
    child.once("exit", () => fail(new Error("it ended before it had begun")));
  });
  await new Promise((done) => setTimeout(done, ms));
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await ended;
  return said.split("done\n").length - 1;
}

/** The pauses before the kills: the same each time, spread over several rotations. */
const pauseOf = (round: number, longest: number): number => ((round * 7919) % 1009) * (longest / 1009);

const notesOf = (store: Store, client: string): string[] =>
  sessions
    .listSessions({ store, principal: inferencePrincipal(store, "clinic") }, client, {})
    .sessions.map((one) => one.progress_notes ?? "")
    .toSorted();

for (const kind of ["SQLite", "PostgreSQL in the long form"])
  it.skipIf(kind !== "SQLite" && !isOnServer)(
    `keys on ${kind} that are renewed under kill -9 leave no record unreadable, and are renewed to the end when run again`,
    { timeout },
    async () => {
      if (kind !== "SQLite") process.env[databaseVariable] = await server?.create();
      const clients = many > 0 ? many : 12;
      const each = many > 0 ? 1 : 6;
      await fill(clients, each);
      const rootKey = join(home, "progress/keys/root.key");
      const former = join(home, "former.key");
      let [finished, between, changed] = [0, 0, 0];
      for (let round = 0; round < kills; round += 1) {
        copyFileSync(rootKey, former);
        finished += await killedAfter(pauseOf(round, many > 0 ? 4000 : 150));
        const isRootChanged =
          existsSync(`${rootKey}.next`) || !readFileSync(rootKey).equals(readFileSync(former));
        if (isRootChanged) changed += 1;
        else copyFileSync(former, rootKey); // what was kept before is as good until the end
        const store = await openStore(home, { mustExist: true });
        const open = store.database
          .prepare("SELECT count(*) FROM rotations WHERE finished_at IS NULL")
          .pluck()
          .get() as number;
        between += open;
        expect(open).toBeLessThanOrEqual(1);
        for (const client of many > 0
          ? [0, round, clients - 1]
          : Array.from({ length: clients }, (_, one) => one))
          expect(notesOf(store, `c${client}`)).toEqual(
            Array.from({ length: each }, (_, index) => `Synthetic ${client}-${index}`),
          );
        if (many === 0) expect(proveReadable(store)).toEqual({ clients, values: clients * (each + 1) });
        store.close();
      }
      const store = await openStore(home, { mustExist: true });
      const since = rotationStart(store);
      const left = rotateClients(store, since).clients;
      finishRotation(store);
      expect(
        store.database.prepare("SELECT count(*) FROM client_keys WHERE made_at < ?").pluck().get(since),
      ).toBe(0);
      expect(proveReadable(store)).toEqual({ clients, values: clients * (each + 1) });
      expect(store.verifyLedger()).toMatchObject({ ok: true });
      store.close();
      process.stdout.write(
        `${kind}: ${kills} kills, ${between} amid the renewal of ${clients} clients' keys, ${changed} after a change of the root key, ${finished} renewals ended before; ${left} clients were left\n`,
      );
      expect(between + finished).toBeGreaterThan(0);
    },
  );
