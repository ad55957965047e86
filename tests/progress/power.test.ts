import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inferencePrincipal, openStore, proveReadable, sessions } from "../../src/progress/index.ts";
import { afterPowerLoss } from "./lossy-disk.test-data.ts";
import { canRecord, recordWrites, type DiskEvent } from "./write-log.test-data.ts";

// TRAINING_READY_POWER_LOSSES=200 is the long form.
const losses = Number(process.env["TRAINING_READY_POWER_LOSSES"] ?? 5);
const written = losses > 5 ? 600 : 60;

/** Mulberry32: small, and the same everywhere. */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

describe.skipIf(!canRecord)("a power loss", () => {
  let folder: string;
  let home: string;
  let events: DiskEvent[];
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "power-")));
    home = join(folder, "home");
    mkdirSync(home);
    const program = ["--import", "tsx", resolve(import.meta.dirname, "power-writer.test-data.ts")];
    events = recordWrites(home, join(folder, "log"), [...program, home, String(written)]);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The acknowledged sessions that are not there after a loss before an event. */
  const lostAfter = async (
    until: number,
    seed: number,
    unflushed = (_path: string): boolean => false,
  ): Promise<string[]> => {
    const random = randomOf(seed);
    const left = afterPowerLoss(events, until, home, { random, unflushed });
    const place = join(folder, `after-${seed}`);
    mkdirSync(place);
    left.write(place);
    const begun = performance.now();
    const store = await openStore(place, { database: { kind: "sqlite" } });
    reopened.push(performance.now() - begun);
    const call = { store, principal: inferencePrincipal(store, "clinic") };
    const found = new Set<string>();
    for (const client of ["c0", "c1", "c2"])
      try {
        for (let cursor: string | undefined; ;) {
          const page = sessions.listSessions(call, client, { limit: 200, cursor });
          for (const one of page.sessions)
            if (one.progress_notes === `Synthetic words of ${one.session_id}. `.repeat(20))
              found.add(one.session_id);
          cursor = "next_cursor" in page ? page.next_cursor : undefined;
          if (cursor === undefined) break;
        }
      } catch (error) {
        if ((error as { code?: string }).code !== "E_NOT_FOUND") throw error; // none of the client's is stored
      }
    expect(store.verifyLedger()).toMatchObject({ ok: true });
    proveReadable(store);
    store.close();
    rmSync(place, { recursive: true });
    return left.acknowledged.filter((one) => !found.has(one));
  };
  const reopened: number[] = [];

  it(
    "at any moment loses no acknowledged session, whatever the disk had not flushed",
    { timeout: 120_000 + losses * 5000 },
    async () => {
      // Places right behind an answer.
      const acknowledged = events.flatMap((one, index) => (one.kind === "stored" ? [index + 1] : []));
      expect(acknowledged.length).toBeGreaterThan(written / 4);
      let checked = 0;
      for (let seed = 1; seed <= losses; seed += 1) {
        const random = randomOf(seed * 7919);
        const until =
          seed % 3 === 0
            ? (acknowledged[Math.floor(random() * acknowledged.length)] as number)
            : Math.floor(random() * (events.length + 1));
        expect(await lostAfter(until, seed), `seed ${seed}, event ${until}`).toEqual([]);
        checked += 1;
      }
      const longest = Math.max(...reopened);
      process.stdout.write(
        `${checked} power losses among ${events.length} writes and flushes: 0 acknowledged lost, opened in at most ${longest.toFixed(0)} ms\n`,
      );
      expect(checked).toBe(losses);
    },
  );

  it("is seen by this test where the write-ahead log is not flushed", async () => {
    const middle =
      events.findLastIndex((one) => one.kind === "stored" && one.session.startsWith("single")) + 1;
    let lost = 0;
    for (let seed = 1000; seed < 1004; seed += 1)
      lost += (await lostAfter(middle, seed, (path) => path.endsWith("-wal"))).length;
    expect(lost).toBeGreaterThan(0);
  });
});
