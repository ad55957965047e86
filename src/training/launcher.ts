import { setTimeout as sleep } from "node:timers/promises";
import type { ErrorCode } from "../shared/index.ts";
import { errorCatalogue, TrainingReadyError, type ExitCode } from "../shared/index.ts";
import { appendRunEvent, readEventsFrom, type RunEvent } from "./events.ts";
import { runPaths } from "./run-folder.ts";
import { startWorker, type WorkerExit } from "./worker-processes.ts";

/** How the worker's exit status becomes the command's: training.md part 4. */
export function commandExit(status: number): ExitCode {
  if (status === 0) return 0;
  return status === 64 || status === 66 || status === 72 ? 1 : 2;
}

/** What every piece of work on a run needs. */
export type RunOptions = {
  run: string;
  python: string;
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** A line of the worker's stderr that is no error of its own. */
  log: (line: string) => void;
};

/** What a worker left behind: its exit status, and the error that it named. */
export type WorkerEnd = { exit: number; error?: TrainingReadyError };

function namedError(status: number, lines: readonly string[], end: RunEvent | undefined): TrainingReadyError {
  const named = end?.type === "run-end" && end.code !== undefined ? end : undefined;
  const at = lines.findLastIndex((line) => /^E_[A-Z_]+: /.test(line));
  const spoken = /^(E_[A-Z_]+): (.*)$/.exec(lines[at] ?? "");
  const code = named?.code ?? spoken?.[1] ?? "E_TRAIN_WORKER";
  const message = named?.reason ?? spoken?.[2] ?? `the worker ended with status ${status}`;
  const hint = named?.hint ?? (spoken ? lines[at + 1] : undefined);
  const known = (code in errorCatalogue ? code : "E_TRAIN_WORKER") as ErrorCode;
  return new TrainingReadyError(known, message, { exitCode: commandExit(status), ...(hint ? { hint } : {}) });
}

/**
 * Runs one worker command on a run folder and hands on each event that it appends. Signals and cancelling are
 * forwarded as TERM; the worker saves and ends by itself.
 */
export async function* runWorker(
  options: RunOptions & {
    command: string;
    words?: readonly string[];
    threads: number;
    processes?: number;
  },
): AsyncGenerator<RunEvent, WorkerEnd> {
  const { run } = options;
  const paths = runPaths(run);
  let offset = readEventsFrom(paths.events, 0).offset;
  const lines: string[] = [];
  let rest = "";
  const onText = (chunk: string): void => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      lines.push(line);
      if (lines.length > 200) lines.shift();
      // The named error and its hint are the command's to print.
      const isError = /^E_[A-Z_]+: /.test(line) || /^E_[A-Z_]+: /.test(lines.at(-2) ?? "");
      if (!isError) options.log(line);
    }
  };
  const worker = await startWorker({
    python: options.python,
    words: [options.command, "--run", run, ...(options.words ?? [])],
    environment: {
      ...options.environment,
      OMP_NUM_THREADS: String(options.threads),
      MKL_NUM_THREADS: String(options.threads),
      PYTHONUNBUFFERED: "1",
      TRAINING_READY_STARTED: String(Date.now() / 1000),
      TOKENIZERS_PARALLELISM: "false",
    },
    processes: options.processes ?? 1,
    onText,
  });
  let ended: WorkerExit | undefined;
  const over = worker.over.then((exit) => void (ended = exit));
  const stop = (): void => worker.stop("SIGTERM");
  options.signal.addEventListener("abort", stop, { once: true });
  process.on("SIGUSR1", stop);
  if (options.signal.aborted) stop();
  let last: RunEvent | undefined;
  try {
    for (;;) {
      await Promise.race([over, sleep(150)]);
      const isOver = ended !== undefined;
      const read = readEventsFrom(paths.events, offset);
      offset = read.offset;
      for (const event of read.events) {
        last = event;
        yield event;
      }
      if (isOver) break;
    }
  } finally {
    options.signal.removeEventListener("abort", stop);
    process.removeListener("SIGUSR1", stop);
    if (ended === undefined) stop();
  }
  const { code, signal } = ended as unknown as WorkerExit;
  if (code === 0) return { exit: 0 };
  // A second signal can end a worker that has saved and said so.
  if (code === null && last?.type === "run-end" && last.status !== "failed") {
    const exit = last.status === "done" ? 0 : 75;
    return exit === 0 ? { exit } : { exit, error: namedError(exit, lines, last) };
  }
  if (code === null) {
    const message = `the worker was ended by ${signal ?? "a signal"}`;
    const body = {
      type: "run-end" as const,
      status: "failed",
      reason: message,
      code: "E_TRAIN_WORKER",
      hint: errorCatalogue.E_TRAIN_WORKER.hint,
      exit: 70,
    };
    await appendRunEvent(paths.events, last?.run ?? "run", body);
    return { exit: 70, error: new TrainingReadyError("E_TRAIN_WORKER", message) };
  }
  return { exit: code, error: namedError(code, lines, last) };
}
