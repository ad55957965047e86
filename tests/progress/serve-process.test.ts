import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  runProcess,
  serveProcess,
  storedSessions,
  untilMore,
  writeUntilDown,
  type Served,
} from "./serve-process.test-data.ts";

const running = new Set<Served>();
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "serve-"));
});
afterEach(() => {
  for (const { child } of running) child.kill("SIGKILL");
  running.clear();
  rmSync(home, { recursive: true, force: true });
});

const run = (...args: string[]) => runProcess(home, {}, ...args);
const serve = async (): Promise<Served> => {
  const served = await serveProcess(home);
  running.add(served);
  return served;
};

// TRAINING_READY_PROGRESS_KILLS=1000 is the long form.
const kills = Number(process.env["TRAINING_READY_PROGRESS_KILLS"] ?? 3);

it(
  "loses no acknowledged session at kill -9, and its ledger stays whole",
  { timeout: 120_000 + kills * 30_000 },
  async () => {
    const { token } = run(
      "progress",
      "principal",
      "add",
      "--tenant",
      "t",
      "--kind",
      "service",
      "--role",
      "service",
      "--yes",
    ).document as unknown as { token: string };
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const acknowledged = new Set<string>();
    for (let round = 0; round < kills; round += 1) {
      const { child, url, ended } = await serve();
      const writing = writeUntilDown(url, headers, round, acknowledged);
      // Killed amid the writing, once so many were acknowledged.
      await untilMore(acknowledged, 8 + 5 * (round % 7), 1 + (round % 5));
      child.kill("SIGKILL");
      await ended;
      await writing;
    }
    const { child, url, ended } = await serve();
    const found = await storedSessions(url, headers);
    process.stdout.write(`${kills} kills, ${acknowledged.size} acknowledged, ${found.size} stored\n`);
    expect(acknowledged.size).toBeGreaterThan(20);
    expect([...acknowledged].filter((one) => !found.has(one))).toEqual([]);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(run("progress", "ledger", "verify")).toMatchObject({
      status: 0,
      document: { ok: true, firstBroken: null },
    });
    const checkpoints = readFileSync(join(home, "progress/ledger-checkpoints.jsonl"), "utf8")
      .trim()
      .split("\n");
    const database = new Database(join(home, "progress/progress.db"));
    const { last } = database.prepare("SELECT max(seq) AS last FROM ledger").get() as { last: number };
    expect(JSON.parse(checkpoints.at(-1) as string)).toMatchObject({ seq: last });
    database.exec("DROP TRIGGER ledger_no_update; UPDATE ledger SET action = 'sessions:reae' WHERE seq = 7");
    database.close();
    expect(run("progress", "ledger", "verify")).toMatchObject({
      status: 1,
      document: { ok: false, firstBroken: 7 },
    });
  },
);

it("lets one process serve a store, binds no open address without keys, and refuses a lost key", async () => {
  const { child, ended } = await serve();
  expect(run("serve", "--only", "progress", "--port", "0")).toMatchObject({
    status: 2,
    document: { error: { code: "E_STORE_BUSY" } },
  });
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(run("serve", "--only", "progress", "--port", "0", "--host", "0.0.0.0")).toMatchObject({
    status: 2,
    document: { error: { code: "E_EXPOSED" } },
  });
  rmSync(join(home, "progress/keys/root.key"));
  expect(run("serve", "--only", "progress", "--port", "0")).toMatchObject({
    status: 1,
    document: { error: { code: "E_KEY_MISSING" } },
  });
});
