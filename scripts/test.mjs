// npm test: sets up what is missing, then runs every check; a step's output is shown as it comes.
// The last line counts: `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bin, root, setUp } from "./setup.mjs";

const fast = process.argv.includes("--fast");
setUp();
// Asked for by .ci/run: validators that a user's own test run does without, saying so.
if (process.env.TRAINING_READY_TEST_TOOLS === "all") {
  const { status } = spawnSync(process.execPath, [join(root, "scripts/test-tools.mjs")], {
    stdio: ["ignore", 2, 2],
    timeout: 600_000,
  });
  if (status !== 0)
    process.stdout.write("validators could not all be installed; the tests that ask them are skipped\n");
}

const reports = join(root, "node_modules/.cache/training-ready-tests");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const vitestReport = join(reports, "vitest.json");

let passed = 0;
let failed = 0;
let skipped = 0;

function step(name, command, args, count) {
  const started = Date.now();
  process.stdout.write(`\n— ${name}\n`);
  const environment = { ...process.env, TRAINING_READY_TESTS: fast ? "fast" : "all" };
  // A test starts programs in folders of its own: npm's idea of where the user stands must not reach them.
  for (const key of Object.keys(environment)) if (/^(?:npm_|INIT_CWD$)/.test(key)) delete environment[key];
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: environment,
  });
  const counted = count?.() ?? { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  passed += counted.passed;
  failed += counted.failed;
  skipped += counted.skipped;
  process.stdout.write(
    `${status === 0 ? "ok" : "FAILED"}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
}

function vitestCounts() {
  try {
    const report = JSON.parse(readFileSync(vitestReport, "utf8"));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numFailedTestSuites * (report.numFailedTests === 0 ? 1 : 0),
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

step("format", bin("oxfmt"), ["--check", "src", "tests", "bench", "scripts", "fixtures"]);
step("lint", bin("oxlint"), ["--type-aware", "--deny-warnings"]);
step("types", bin("tsc"), ["--noEmit"]);
step("unused code and dependencies", bin("knip"), []);
step("package", bin("publint"), ["--strict"]);
step(
  "tests",
  bin("vitest"),
  ["run", "--update=none", "--reporter=dot", "--reporter=json", `--outputFile.json=${vitestReport}`],
  vitestCounts,
);

// The trainer's checks need its own environment (PyTorch): made here if it is not there. Not in the fast run.
function pytestCounts(path) {
  const text = readFileSync(path, "utf8");
  const count = (name) => Number(new RegExp(`${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const [tests, failures, errors, skippedTests] = ["tests", "failures", "errors", "skipped"].map(count);
  return {
    passed: tests - failures - errors - skippedTests,
    failed: failures + errors,
    skipped: skippedTests,
  };
}

async function pythonSteps() {
  const { trainerPython } = await import("../dist/training/index.js");
  let python;
  try {
    python = await trainerPython({
      environment: process.env,
      notice: (text) => process.stdout.write(`${text}\n`),
      tests: true,
    });
  } catch (error) {
    failed++;
    process.stdout.write(`\nFAILED: the trainer's environment: ${error.message}\n${error.hint ?? ""}\n`);
    return;
  }
  const report = join(reports, "pytest.xml");
  step("trainer: format", python, [
    "-m",
    "ruff",
    "format",
    "--check",
    "--config",
    "trainer/pyproject.toml",
    "trainer",
  ]);
  step("trainer: lint", python, ["-m", "ruff", "check", "--config", "trainer/pyproject.toml", "trainer"]);
  step("trainer: types", python, ["-m", "mypy", "--config-file", "trainer/pyproject.toml", "-p", "trainer"]);
  step(
    "trainer: tests",
    python,
    ["-m", "pytest", "-q", "-c", "trainer/pyproject.toml", `--junitxml=${report}`, "trainer/tests"],
    () => pytestCounts(report),
  );
}

if (!fast) await pythonSteps();

process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed === 0 ? 0 : 1);
