// Runs that must end within a window: `npx tsx bench/training-window.ts [RUNS] [WINDOW_SECONDS] [BEFORE]`, BEFORE
// runs having been made already. Every second one is planned to fit; the others have far too many epochs and are cut by
// the clock. Each must end before its deadline, with its rate decayed and final weights that export as GGUF with
// parity. Prints how much of the window was used.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drain, TrainingReadyError } from "../src/shared/index.ts";
import { writeSyntheticDataSet } from "../src/training/synthetic-data.test-support.ts";
import {
  createRun,
  exportRun,
  loadRecipe,
  planRun,
  prepareOrder,
  runTraining,
  trainerPython,
  type RunEvent,
} from "../src/training/index.ts";

const runs = Number(process.argv[2] ?? 100);
const windowSeconds = Number(process.argv[3] ?? 60);
const before = Number(process.argv[4] ?? 0);
const python = await trainerPython({ environment: process.env, notice: () => {} });
const common = [
  "sample_tokens=0",
  `window_hours=${windowSeconds / 3600}`,
  "stages.0.epochs=0.05",
  "stages.0.tokens_per_step=2048",
  "stages.1.epochs=0.4",
  "stages.1.tokens_per_step=2048",
  "stages.2.tokens_per_step=2048",
];

const data = writeSyntheticDataSet(mkdtempSync(join(tmpdir(), "training-window-")), { records: 80 });

// Measured once, so that no run's window pays for it.
const first = join(mkdtempSync(join(tmpdir(), "training-window-")), "run");
await createRun({
  recipe: loadRecipe("tiny"),
  run: first,
  data,
  environment: process.env,
});
const work = (run: string) => ({
  run,
  python,
  environment: process.env,
  signal: new AbortController().signal,
  log: () => {},
});
await planRun({ ...work(first), apply: false });

const count = { runs: 0, late: 0, undecayed: 0, unexported: 0, refused: 0, planned: 0, cut: 0 };
const used: { cut: number[]; planned: number[] } = { cut: [], planned: [] };
for (let number = before; number < before + runs; number++) {
  const isCut = number % 2 === 1;
  const folder = mkdtempSync(join(tmpdir(), "training-window-"));
  const run = join(folder, "run");
  const began = Date.now();
  const recipe = loadRecipe("tiny", [...common, `seed=${number + 1}`, `stages.2.epochs=${isCut ? 400 : 6}`]);
  const { deadline } = await createRun({ recipe, run, data, environment: process.env });
  const end = Date.parse(deadline as string);
  if (isCut) await prepareOrder(work(run));
  const rates: { stage: string; lr: number }[] = [];
  let [over, lastStep] = [0, 0];
  const take = (event: RunEvent): void => {
    if (event.type === "step") {
      rates.push({ stage: event.stage, lr: event.lr });
      lastStep = Date.parse(event.t);
    }
    if (event.type === "run-end") over = Date.parse(event.t);
  };
  const result = await drain(runTraining(work(run)), take).catch((error: unknown) => {
    if (error instanceof TrainingReadyError && error.code === "E_TRAIN_WINDOW")
      return { status: "refused", steps: 0, reason: error.message };
    throw error;
  });
  const closed = Date.now();
  count.runs++;
  if (result.status !== "done") {
    count.refused++;
    process.stderr.write(`run ${number + 1}: ${result.reason}\n`);
    continue;
  }
  if (isCut) count.cut++;
  else count.planned++;
  if (over > end || closed > end) count.late++;
  const last = rates.filter((one) => one.stage === rates.at(-1)?.stage).map((one) => one.lr);
  const peak = Math.max(...last);
  const falling = last.slice(last.lastIndexOf(peak) + 1);
  // The last step of a decay over n steps has 1/n of the peak.
  if (falling.length === 0 || (falling.at(-1) as number) > (1.5 * peak) / falling.length) count.undecayed++;
  used[isCut ? "cut" : "planned"].push((closed - began) / 1000 / windowSeconds);
  const exported = await exportRun({ ...work(run), format: "gguf", out: join(folder, "gguf") }).catch(
    (error: Error) => error,
  );
  if (exported instanceof Error) process.stderr.write(`run ${number + 1}: ${exported.message}\n`);
  if (exported instanceof Error || exported.parity?.ok !== true) count.unexported++;
  process.stderr.write(
    `run ${number + 1} (${isCut ? "cut" : "planned"}): ${result.steps} steps, ${((end - closed) / 1000).toFixed(1)} s left of ${windowSeconds}, last rate ${(((last.at(-1) ?? 0) / peak) * 100).toFixed(1)} % of the peak over ${falling.length} steps, ${((over - lastStep) / 1000).toFixed(2)} s from the last step to the end of the log, ${((closed - over) / 1000).toFixed(2)} s more to the end of the process and its report; ${JSON.stringify(count)}\n`,
  );
  rmSync(folder, { recursive: true, force: true });
}
const shares = (values: number[]) => ({
  least: Math.min(...values),
  mean: values.reduce((sum, one) => sum + one, 0) / values.length,
  most: Math.max(...values),
});
process.stdout.write(
  `${JSON.stringify({ windowSeconds, ...count, usedCut: shares(used.cut), usedPlanned: shares(used.planned) })}\n`,
);
process.exitCode = count.late + count.undecayed + count.unexported + count.refused === 0 ? 0 : 1;
