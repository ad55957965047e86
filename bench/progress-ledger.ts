// How long the walk along the ledger takes. npx tsx bench/progress-ledger.ts [entries, default 1000000]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { openStore } from "../src/progress/index.ts";
import { appendLedger } from "../src/vault/index.ts";

const entries = Number(process.argv[2] ?? 1_000_000);
const home = mkdtempSync(join(tmpdir(), "ledger-bench-"));
const store = await openStore(home);
const append = (from: number, to: number): void => {
  for (let index = from; index < to; index += 1)
    appendLedger(
      store.database,
      {
        tenant: "tenant",
        principal: `principal-${index % 50}`,
        action: "sessions:read",
        objectKind: "client",
        objectId: `client-${index % 1000}`,
        client: `client-${index % 1000}`,
        outcome: "allowed",
        policy: "1",
      },
      index,
    );
};
for (let from = 0; from < entries; from += 10_000) {
  const to = Math.min(entries, from + 10_000);
  store.database.transaction(() => append(from, to)).immediate();
}
store.checkpoint();
const before = process.cpuUsage();
const start = performance.now();
const found = store.verifyLedger();
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${found.rows} entries, ${found.ok ? "whole" : "broken"}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU\n`,
);
store.close();
rmSync(home, { recursive: true, force: true });
