import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { errorCatalogue, TrainingReadyError, type ErrorCode, type ExitCode } from "../shared/index.ts";
import type { SentError } from "./unit-worker.ts";

/** The error that a thread sent. */
export function received({ code, message, hint, exitCode }: SentError): Error {
  if (code === undefined || !Object.hasOwn(errorCatalogue, code)) return new Error(message);
  return new TrainingReadyError(code as ErrorCode, message, {
    ...(hint === undefined ? {} : { hint }),
    exitCode: (exitCode ?? 2) as ExitCode,
  });
}

/** From sources a thread needs the loader that reads TypeScript; a built program does not. */
export function startWorker(): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? "./unit-worker.ts" : "./unit-worker.js", import.meta.url);
  if (!isSource) return new Worker(file);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(file.href)});
  });`;
  return new Worker(start, { eval: true });
}
