// Durable writes and pages of the progress store, beside the same disk's own flush.
// npx tsx bench/progress-store.ts [sessions of the large client, default 100000] [folder, default the system's temporary one] [postgres: on a server of its own]
import { spawnSync } from "node:child_process";
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import {
  createGroupCommit,
  addPrincipal,
  inferencePrincipal,
  openStore,
  sessions,
  type Call,
} from "../src/progress/index.ts";
import { progressApp } from "../src/service/index.ts";
import { createLog } from "../src/shared/index.ts";
import { postgresPrograms, startPostgres } from "../tests/progress/postgres.test-data.ts";

const large = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(process.argv[3] || tmpdir(), "progress-bench-"));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const quantile = (times: number[], q: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))] ?? NaN;
const shown = (times: number[]): string =>
  `p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`;

function flushes(count: number): number[] {
  const file = openSync(join(folder, "flush"), "w");
  const block = Buffer.alloc(4096, 1);
  const times = Array.from({ length: count }, () => {
    const start = performance.now();
    writeSync(file, block);
    fsyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return times;
}

/** What the server does with nothing before it: its own flush, and the inserts of a write, one a commit. */
function plainServer(url: string): void {
  const bin = postgresPrograms as string;
  const words = ["-s", "1", "-f", join(folder, "fsync-test")];
  const flush = spawnSync(join(bin, "pg_test_fsync"), words, { encoding: "utf8" }).stdout;
  say(`pg_test_fsync, one 8 kB write: ${/fdatasync\s+([\d.]+ ops\/sec)/.exec(flush)?.[1] ?? "not measured"}`);
  const script = join(folder, "insert.sql");
  writeFileSync(
    script,
    "BEGIN;\nINSERT INTO plain (body) VALUES (repeat('x', 600));\nINSERT INTO plain (body) VALUES (repeat('y', 300));\nCOMMIT;\n",
  );
  const table = "CREATE TABLE plain (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT)";
  spawnSync(join(bin, "psql"), [url, "-qc", table]);
  for (const clients of [1, 64]) {
    const shape = ["-n", "-M", "prepared", "-T", "5", "-c", String(clients), "-j", "1", "-f", script, url];
    const told = spawnSync(join(bin, "pgbench"), shape, { encoding: "utf8" }).stdout;
    const [, latency = "?"] = /latency average = ([\d.]+ ms)/.exec(told) ?? [];
    const [, rate = "?"] = /tps = (\d+)/.exec(told) ?? [];
    say(
      `pgbench, two plain inserts a transaction, ${clients} sessions: ${rate} transactions/s, mean ${latency}`,
    );
  }
}

const server = process.argv[4] === "postgres" ? await startPostgres() : undefined;
const database =
  server === undefined
    ? ({ kind: "sqlite" } as const)
    : ({ kind: "postgres", url: await server.create(), place: "bench" } as const);
const store = await openStore(join(folder, "home"), { database });
const call: Call = { store, principal: inferencePrincipal(store, "bench") };
const note = "Synthetic words of a session. ".repeat(10);
const wanted = (client: string, index: number) =>
  sessions.sessionSchema.parse({
    client_id: client,
    session_id: `${client}-${index}`,
    progress_notes: note,
    authored_at: new Date(Date.UTC(2020, 0, 1) + index * 60_000).toISOString(),
  });

say(`disk flush of 4 kB: ${shown(flushes(300))}`);
if (server !== undefined) plainServer(await server.create());

{
  const times: number[] = [];
  const start = performance.now();
  for (let index = 0; index < 300; index += 1) {
    const begun = performance.now();
    sessions.recordSession(call, wanted("single", index));
    times.push(performance.now() - begun);
  }
  say(`one write a commit: ${Math.round(300_000 / (performance.now() - start))} writes/s, ${shown(times)}`);
}
for (const clients of [1, 1000]) {
  const commits = createGroupCommit(store);
  const count = 20_000;
  const times: number[] = [];
  let next = 0;
  const one = async (index: number): Promise<void> => {
    const input = wanted(`group-${clients}-${index % clients}`, index);
    const begun = performance.now();
    await commits.run(
      () => sessions.recordSession(call, input),
      () => sessions.sessionAhead(call, input),
    );
    times.push(performance.now() - begun);
  };
  const start = performance.now();
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: 256 }, async () => {
      while (next < count) await one(next++);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  say(
    `group commit, 128 a flush, ledger on, sealed, ${clients} clients, 256 callers: ${Math.round((count * 1000) / (performance.now() - start))} writes/s, ${shown(times)}, ${Math.round((user + system) / count)} µs of CPU each`,
  );
}
{
  const app = progressApp({ store, log: createLog({ write: () => undefined }) });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1/sessions`;
  const { token } = addPrincipal(store, { tenant: "bench", kind: "service", role: "service", clients: [] });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  for (const workers of [1, 64]) {
    const times: number[] = [];
    const until = performance.now() + 5000;
    let next = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: workers }, async () => {
        while (performance.now() < until) {
          const begun = performance.now();
          const body = JSON.stringify(wanted(`http-${workers}`, next++));
          const reply = await fetch(url, { method: "POST", headers, body });
          await reply.arrayBuffer();
          if (reply.status === 200) times.push(performance.now() - begun);
        }
      }),
    );
    say(
      `over HTTP, ${workers} at a time, client in the same process: ${Math.round((times.length * 1000) / (performance.now() - start))} writes/s, ${shown(times)}`,
    );
  }
  await app.close();
}

const fill = (client: string, count: number): void => {
  for (let from = 0; from < count; from += 2000)
    store.database
      .transaction(() => {
        for (let index = from; index < Math.min(count, from + 2000); index += 1)
          sessions.recordSession(call, wanted(client, index));
      })
      .immediate();
};
fill("small", 1000);
fill("large", large);
const pages: Record<string, number[]> = { small: [], large: [] };
for (let round = 0; round < 200; round += 1)
  for (const client of ["small", "large"]) {
    const start = performance.now();
    sessions.listSessions(call, client, { limit: 50 });
    pages[client]?.push(performance.now() - start);
  }
const flush = flushes(200);
say(`a page of 50 of 1,000 sessions: ${shown(pages["small"] ?? [])}`);
say(`a page of 50 of ${large} sessions: ${shown(pages["large"] ?? [])}`);
say(
  `ratio of medians ${(quantile(pages["large"] ?? [], 0.5) / quantile(pages["small"] ?? [], 0.5)).toFixed(2)}; flush beside it ${shown(flush)}`,
);
store.close();
server?.close();
rmSync(folder, { recursive: true, force: true });
