import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { postgresPrograms, startPostgres } from "./postgres.test-data.ts";
import {
  runProcess,
  serveProcess,
  storedSessions,
  untilMore,
  writeUntilDown,
  type Served,
} from "./serve-process.test-data.ts";

// TRAINING_READY_PROGRESS_KILLS=1000 is the long form: every third kill is of the server, the others of the service.
const kills = Number(process.env["TRAINING_READY_PROGRESS_KILLS"] ?? 2);

it.skipIf(postgresPrograms === undefined)(
  "loses no acknowledged session at kill -9 of the service or an immediate stop of PostgreSQL",
  { timeout: 120_000 + kills * 60_000 },
  async () => {
    const postgres = await startPostgres();
    const home = mkdtempSync(join(tmpdir(), "kills-"));
    const secret = "geheim-77";
    const url = (await postgres.create()).replace("tracker@", `tracker:${secret}@`);
    const environment = { TRAINING_READY_PROGRESS_DATABASE: url };
    const run = (...args: string[]) => runProcess(home, environment, ...args);
    let served: Served | undefined;
    try {
      const words = "principal add --tenant t --kind service --role service --yes".split(" ");
      const added = run("progress", ...words);
      const { token } = added.document as unknown as { token: string };
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const acknowledged = new Set<string>();
      for (let round = 0; round < kills; round += 1) {
        served ??= await serveProcess(home, environment);
        const isServerRound = round % 3 === 1;
        let isOver = false;
        const writing = writeUntilDown(served.url, headers, round, acknowledged, () => isOver);
        await untilMore(acknowledged, 8 + 5 * (round % 7), 1 + (round % 5));
        if (isServerRound) {
          postgres.crash();
          postgres.start();
          // The service goes on by itself.
          await untilMore(acknowledged, 5, 5);
          isOver = true;
          await writing;
        } else {
          served.child.kill("SIGKILL");
          await served.ended;
          await writing;
          served = undefined;
        }
      }
      served ??= await serveProcess(home, environment);
      const second = run("serve", "--only", "progress", "--port", "0");
      expect(second).toMatchObject({ status: 2, document: { error: { code: "E_STORE_BUSY" } } });
      const found = await storedSessions(served.url, headers);
      process.stdout.write(`${kills} kills, ${acknowledged.size} acknowledged, ${found.size} stored\n`);
      expect(acknowledged.size).toBeGreaterThan(20);
      expect([...acknowledged].filter((one) => !found.has(one))).toEqual([]);
      served.child.kill("SIGTERM");
      expect(await served.ended).toBe(0);
      const verified = run("progress", "ledger", "verify");
      expect(verified).toMatchObject({ status: 0, document: { ok: true, firstBroken: null } });
      postgres.crash();
      const down = run("progress", "ledger", "verify");
      expect(down).toMatchObject({ status: 2, document: { error: { code: "E_STORE_DOWN" } } });
      for (const { said } of [added, second, verified, down]) expect(said).not.toContain(secret);
    } finally {
      served?.child.kill("SIGKILL");
      postgres.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
);
