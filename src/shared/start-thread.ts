import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** Starts a thread from a module: TypeScript needs the loader that reads it, a built program does not. */
export function startThread(file: URL, options: WorkerOptions = {}): Worker {
  if (!file.href.endsWith(".ts")) return new Worker(file, options);
  const tsx = pathToFileURL(createRequire(file).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(file.href)});
  });`;
  return new Worker(start, { ...options, eval: true });
}
