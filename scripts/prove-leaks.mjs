// Requests by everybody at everybody's records, in pieces with seeds of their own, until so many were asked.
// node scripts/prove-leaks.mjs [cases, default 1000000] [first seed, default 1] [cases a piece, default 25000]
import { spawnSync } from "node:child_process";

const [cases = 1_000_000, first = 1, piece = 25_000] = process.argv.slice(2).map(Number);
let asked = 0;
for (let seed = first; asked < cases; seed += 1) {
  const count = Math.min(piece, cases - asked);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "tests/progress/leaks.test.ts", "--reporter=dot"],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        TRAINING_READY_LEAK_CASES: String(count),
        TRAINING_READY_LEAK_SEED: String(seed),
      },
    },
  );
  if (status !== 0) {
    process.stdout.write(`a leak, or no end, at seed ${seed} of ${count} cases\n`);
    process.exit(1);
  }
  asked += count;
  process.stdout.write(`${asked} requests, seeds ${first} to ${seed}: 0 leaks\n`);
}
