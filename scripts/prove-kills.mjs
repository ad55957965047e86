// kill -9 of the tracker amid writes, on PostgreSQL every third time of the server, in pieces: each is counted once it has
// passed, and run again the command goes on after the last one of the same revision.
// node scripts/prove-kills.mjs [sqlite|postgres] [rounds, default 1000] [rounds a piece, default 100]
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [store = "sqlite", rounds = "1000", piece = "100"] = process.argv.slice(2);
const tests = { sqlite: "serve-process", postgres: "kills-postgres" };
if (!(store in tests)) {
  process.stderr.write(`E_USAGE: ${store} is neither sqlite nor postgres\n`);
  process.exit(2);
}
const revision = spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).stdout.trim();
const folder = "node_modules/.cache/training-ready-kills";
const file = join(folder, `${store}-${revision || "unversioned"}.jsonl`);
mkdirSync(folder, { recursive: true });
const pieces = existsSync(file)
  ? readFileSync(file, "utf8").trim().split("\n").filter(Boolean).map(JSON.parse)
  : [];
const sum = (name) => pieces.reduce((total, one) => total + one[name], 0);

while (sum("kills") < Number(rounds)) {
  const kills = Math.min(Number(piece), Number(rounds) - sum("kills"));
  const { status, stdout } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", `tests/progress/${tests[store]}.test.ts`],
    {
      stdio: ["ignore", "pipe", "inherit"],
      encoding: "utf8",
      env: {
        ...process.env,
        TRAINING_READY_PROGRESS_KILLS: String(kills),
        ...(existsSync("dist") ? { TRAINING_READY_BUILT: "1" } : {}),
      },
    },
  );
  const [, acknowledged, stored] = /\d+ kills, (\d+) acknowledged, (\d+) stored/.exec(stdout) ?? [];
  if (status !== 0 || acknowledged === undefined) {
    process.stdout.write(`${stdout}\na piece of ${kills} rounds failed, after ${sum("kills")}\n`);
    process.exit(1);
  }
  pieces.push({ kills, acknowledged: Number(acknowledged), stored: Number(stored) });
  appendFileSync(file, `${JSON.stringify(pieces.at(-1))}\n`);
  process.stdout.write(
    `${store}: ${sum("kills")} kills, ${sum("acknowledged")} acknowledged, 0 lost, ${sum("stored")} stored\n`,
  );
}
