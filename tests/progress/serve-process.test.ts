import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const script = `import(${JSON.stringify(join(root, "src/cli/main.ts"))}).then((m) => m.main(process.argv.slice(1)))`;
const words = (args: string[]) => ["--import", "tsx", "-e", script, "--", ...args];
const running = new Set<ChildProcess>();
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "serve-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  rmSync(home, { recursive: true, force: true });
});

function run(...args: string[]) {
  const done = spawnSync(process.execPath, words([...args, "--home", home, "--json"]), {
    cwd: root,
    encoding: "utf8",
  });
  return { status: done.status, document: JSON.parse(done.stdout) as Record<string, never> };
}

async function serve(): Promise<{ child: ChildProcess; url: string; ended: Promise<number | null> }> {
  const child = spawn(
    process.execPath,
    words(["serve", "--only", "progress", "--home", home, "--port", "0", "--json"]),
    {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  running.add(child);
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  const line = await new Promise<string>((done, fail) => {
    child.stdout.once("data", (data: Buffer) => done(data.toString("utf8")));
    child.once("exit", () => fail(new Error("serve ended before it printed its address")));
  });
  const { url } = JSON.parse(line) as { url: string };
  return { child, url, ended };
}

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
      const write = async (worker: number): Promise<void> => {
        for (let index = 0; ; index += 1) {
          const session_id = `r${round}-w${worker}-${index}`;
          try {
            const reply = await fetch(`${url}/api/v1/sessions`, {
              method: "POST",
              headers,
              body: JSON.stringify({ client_id: "c", session_id, progress_notes: "synthetic" }),
            });
            if (reply.status === 200)
              acknowledged.add(((await reply.json()) as { session_id: string }).session_id);
          } catch {
            return; // killed: not acknowledged
          }
        }
      };
      const writers = [0, 1, 2].map(write);
      // Killed amid the writing, once so many were acknowledged.
      const enough = acknowledged.size + 8 + 5 * (round % 7);
      while (acknowledged.size < enough) await new Promise((done) => setTimeout(done, 1 + (round % 5)));
      child.kill("SIGKILL");
      await ended;
      await Promise.all(writers);
    }
    const { child, url, ended } = await serve();
    const found = new Set<string>();
    for (let cursor = ""; ;) {
      const reply = await fetch(`${url}/api/v1/sessions/c?limit=200${cursor}`, { headers });
      const page = (await reply.json()) as { sessions: { session_id: string }[]; next_cursor?: string };
      for (const one of page.sessions) found.add(one.session_id);
      if (page.next_cursor === undefined) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
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
