// Random kills of a tiny run: `npx tsx bench/training-kills.ts [KILLS] [SEED]`. Every interrupted run must end with the
// sha256 of weights and optimizer of an uninterrupted one; prints how long TERM took to a durable checkpoint.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drain, sha256 } from "../src/shared/index.ts";
import { createRun, loadRecipe, runTraining, trainerPython, type RunEvent } from "../src/training/index.ts";

const kills = Number(process.argv[2] ?? 10);
let state = Number(process.argv[3] ?? 1) >>> 0;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

const recipe = loadRecipe("tiny", [
  "stages.0.epochs=0.3",
  "stages.1.epochs=0.3",
  "stages.2.epochs=0.3",
  "checkpoint_every_steps=5",
]);
const python = await trainerPython({
  environment: process.env,
  notice: (text) => void process.stderr.write(`${text}\n`),
});
const files = ["final/adapter.safetensors", "latest/optim.safetensors", "base/model.safetensors"];
const hashes = (run: string): string => files.map((file) => sha256(readFileSync(join(run, file)))).join(" ");

const newRun = async (): Promise<string> => {
  const run = join(mkdtempSync(join(tmpdir(), "training-kills-")), "run");
  await createRun({ recipe, run, environment: process.env });
  return run;
};
const attempt = (run: string, signal: AbortSignal, onEvent: (event: RunEvent) => void) =>
  drain(runTraining({ run, python, environment: process.env, signal, log: () => {} }), onEvent);

const whole = await newRun();
await attempt(whole, new AbortController().signal, () => {});
const wanted = hashes(whole);
const stops: number[] = [];
const count = { done: 0, runs: 0, different: 0 };
while (count.done < kills) {
  const run = await newRun();
  for (let finished = false; !finished;) {
    const controller = new AbortController();
    const wait = Math.floor(random() * 12);
    const hard = random() < 0.5;
    let [seen, asked] = [0, 0];
    const end = await attempt(run, controller.signal, (event) => {
      if (event.type !== "step" || asked > 0 || ++seen < wait || count.done >= kills) return;
      asked = Date.now();
      count.done++;
      const { pid } = JSON.parse(readFileSync(join(run, "run.lock"), "utf8")) as { pid: number };
      if (hard) process.kill(pid, "SIGKILL");
      else controller.abort();
    });
    if (end.status === "stopped") stops.push((Date.now() - asked) / 1000);
    finished = end.status === "done";
    if (end.exit !== 0 && end.exit !== 75 && end.exit !== 70)
      throw new Error(`unexpected exit ${end.exit}: ${end.reason}`);
  }
  count.runs++;
  if (hashes(run) !== wanted) count.different++;
  process.stderr.write(`${count.done} of ${kills} kills, ${count.runs} runs, ${count.different} different\n`);
}
stops.sort((a, b) => a - b);
const p99 = stops[Math.min(stops.length - 1, Math.floor(stops.length * 0.99))];
process.stdout.write(`${JSON.stringify({ ...count, terms: stops.length, termSecondsP99: p99 })}\n`);
process.exitCode = count.different === 0 ? 0 : 1;
