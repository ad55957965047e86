// FHIR exports of random clients by two validators, in pieces with seeds of their own, until so many were looked at.
// node scripts/prove-fhir.mjs [exports, default 10000] [first seed, default 1] [exports a piece, default 1000]
import { spawnSync } from "node:child_process";

const [exports = 10_000, first = 1, piece = 1000] = process.argv.slice(2).map(Number);
let seen = 0;
for (let seed = first; seen < exports; seed += 1) {
  const count = Math.min(piece, exports - seen);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "tests/progress/fhir.test.ts", "--reporter=dot"],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, FHIR_EXPORTS: String(count), FHIR_SEED: String(seed), FHIR_STRICT: "1" },
    },
  );
  if (status !== 0) {
    process.stdout.write(`an export that does not hold, or no end, at seed ${seed} of ${count}\n`);
    process.exit(1);
  }
  seen += count;
  process.stdout.write(`${seen} exports, seeds ${first} to ${seed}: all hold by both validators\n`);
}
