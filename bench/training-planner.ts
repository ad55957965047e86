// How near the planner comes: `npx tsx bench/training-planner.ts [--plan PART_OF_A_NAME] [DATA_SET [BASE]]`. Plans are
// measured on this machine, then carried out; prints planned beside measured time (clock and processor) and memory, and
// where the time went. Without a data set it writes a synthetic one of 400 conversations. Run it on an idle machine.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drain } from "../src/shared/index.ts";
import { writeSyntheticDataSet } from "../src/training/synthetic-data.test-support.ts";
import { createRun, loadRecipe, planRun, runTraining, trainerPython } from "../src/training/index.ts";

const { values, positionals } = parseArgs({
  options: { plan: { type: "string", default: "" } },
  allowPositionals: true,
});
const [
  data = writeSyntheticDataSet(mkdtempSync(join(tmpdir(), "training-planner-")), { records: 400 }),
  base,
] = positionals;
const python = await trainerPython({ environment: process.env, notice: () => {} });
const ownBase = base === undefined ? {} : { base };

const plans: { name: string; recipe: string; set: string[]; base?: string }[] = [
  { name: "tiny as it is", recipe: "tiny", set: [] },
  { name: "tiny, longer rows", recipe: "tiny", set: ["length=1024", "micro_rows=2"] },
  {
    name: "tiny, one row at once, many checkpoints",
    recipe: "tiny",
    set: ["micro_rows=1", "checkpoint_every_steps=10"],
  },
  {
    name: "tiny, three epochs of experts",
    recipe: "tiny",
    set: ["stages.0.epochs=0.5", "stages.1.epochs=1", "stages.2.epochs=3"],
  },
  ...(base === undefined
    ? []
    : [
        { name: "lora", recipe: "lora", set: ["tokens_per_step=4096", "length=512", "epochs=2"], ...ownBase },
        {
          name: "experts, full recompute",
          recipe: "moe",
          set: ["tokens_per_step=4096", "length=512", "epochs=1", "recompute=full"],
          ...ownBase,
        },
      ]),
];

const errors: number[] = [];
for (const { name, recipe, set, ...more } of plans.filter((one) => one.name.includes(values.plan))) {
  const run = join(mkdtempSync(join(tmpdir(), "training-planner-")), "run");
  await createRun({
    recipe: loadRecipe(recipe, [...set, "device=cpu"]),
    run,
    data,
    environment: process.env,
    ...more,
  });
  const work = { run, python, environment: process.env, signal: new AbortController().signal, log: () => {} };
  const began = Date.now();
  const plan = await planRun({ ...work, apply: false, measure: true });
  const planning = (Date.now() - began) / 1000;
  const { seconds } = JSON.parse(readFileSync(join(run, "calibration.json"), "utf8")) as { seconds: number };
  const started = Date.now();
  let [cpu, memory] = [0, 0];
  const end = await drain(runTraining(work), (event) => {
    if (event.type === "run-end") cpu = event.cpu_seconds ?? 0;
    if (event.type === "step") memory = Math.max(memory, event.mem);
  });
  const clock = (Date.now() - started) / 1000;
  if (end.status !== "done") throw new Error(`${name}: ${end.reason}`);
  const error = plan.seconds.p50 / clock - 1;
  errors.push(Math.abs(error));
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  process.stdout.write(
    `${name}: planned ${plan.seconds.p50.toFixed(1)} s (${plan.seconds.p10.toFixed(1)} to ${plan.seconds.p90.toFixed(1)}), took ${clock.toFixed(1)} s: ${percent(error)}; ` +
      `processor planned ${(plan.processorSeconds ?? 0).toFixed(1)} s, took ${cpu.toFixed(1)} s: ${percent((plan.processorSeconds ?? 0) / cpu - 1)}; ` +
      `steps ${plan.steps} and ${end.steps}; memory ${percent(plan.memoryBytes / memory - 1)}; planning ${planning.toFixed(1)} s, measuring ${seconds.toFixed(1)} s of it; busy ${percent(plan.busy ?? 0)}\n`,
  );
}
errors.sort((a, b) => a - b);
process.stdout.write(
  `largest error ${(100 * (errors.at(-1) ?? 0)).toFixed(1)} %, median ${(100 * (errors[Math.floor(errors.length / 2)] ?? 0)).toFixed(1)} %\n`,
);
