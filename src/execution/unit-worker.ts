import { parentPort } from "node:worker_threads";
import { TrainingReadyError } from "../shared/index.ts";

type Request = { index: number; module: string; name: string; unit: unknown };

/** An error as it crosses threads. */
export type SentError = { code?: string; message: string; hint?: string; exitCode?: number; stack?: string };

export type Reply = { index: number; result: unknown } | { index: number; error: SentError };

function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  const shown = stack === undefined ? { message } : { message, stack };
  if (!(error instanceof TrainingReadyError)) return shown;
  return { ...shown, code: error.code, hint: error.hint, exitCode: error.exitCode };
}

const port = parentPort;
port?.on("message", ({ index, module, name, unit }: Request) => {
  void (async () => {
    let reply: Reply;
    try {
      const loaded = (await import(module)) as Record<string, (unit: unknown) => Promise<unknown>>;
      const run = loaded[name];
      if (run === undefined) throw new Error(`${module} exports no ${name}`);
      reply = { index, result: await run(unit) };
    } catch (error) {
      reply = { index, error: sentError(error) };
    }
    port.postMessage(reply);
  })();
});
