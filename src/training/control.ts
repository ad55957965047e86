import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { jsonLine, TrainingReadyError } from "../shared/index.ts";
import { readEventsFrom } from "./events.ts";
import { checkRun, runPaths, workerOf } from "./run-folder.ts";

/** Asks the run's worker to save and stop, and waits until it has. Throws `E_TRAIN_NOT_RUNNING`, `E_TRAIN_RUN_BUSY`. */
export async function stopRun(
  run: string,
  options: { timeoutMs: number },
): Promise<{ id: string; seconds: number }> {
  checkRun(run);
  const worker = workerOf(run);
  if (worker === undefined)
    throw new TrainingReadyError("E_TRAIN_NOT_RUNNING", `no worker lives in ${run}`, { exitCode: 1 });
  const paths = runPaths(run);
  let { offset } = readEventsFrom(paths.events, 0);
  const id = randomUUID();
  const started = Date.now();
  await appendFile(paths.control, jsonLine({ v: 1, id, type: "stop" }));
  while (Date.now() - started < options.timeoutMs) {
    const read = readEventsFrom(paths.events, offset);
    offset = read.offset;
    if (read.events.some((event) => event.type === "run-end") || workerOf(run) === undefined)
      return { id, seconds: (Date.now() - started) / 1000 };
    await sleep(100);
  }
  throw new TrainingReadyError(
    "E_TRAIN_RUN_BUSY",
    `process ${worker.pid} did not stop within ${options.timeoutMs / 1000} s`,
    {
      hint: "It stops between micro-batches; look at `train status`.",
    },
  );
}
