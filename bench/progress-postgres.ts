// The tracker's own tests, on a PostgreSQL of Debian's package instead of SQLite. npx tsx bench/progress-postgres.ts [test files]
import { spawnSync } from "node:child_process";
import { startPostgres } from "../tests/progress/postgres.test-data.ts";

const files =
  "access bad-input care caseload-pages deidentified export-stream fhir fleet import leaks notes old-api report".split(
    " ",
  );
const named = process.argv.slice(2);
const postgres = await startPostgres();
const server = await postgres.create();
const { status } = spawnSync(
  "npx",
  ["vitest", "run", ...(named.length > 0 ? named : files.map((one) => `tests/progress/${one}.test.ts`))],
  { stdio: "inherit", env: { ...process.env, TRAINING_READY_TEST_POSTGRES: server } },
);
postgres.close();
process.exitCode = status ?? 1;
