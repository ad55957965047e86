import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { llamaServerPath } from "../../scripts/llama-server-path.ts";

/** A llama.cpp server: named by the environment, from PATH, or built by `npm run build:llama-server`. */
export function findLlamaServer(): string | undefined {
  const named = process.env["TRAINING_READY_LLAMA_SERVER"];
  if (named !== undefined) return named;
  const onPath = spawnSync("which", ["llama-server"], { encoding: "utf8" }).stdout.trim();
  if (onPath !== "") return onPath;
  const built = llamaServerPath();
  return existsSync(built) ? built : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export async function startLlamaServer(options: {
  binary: string;
  model: string;
  slots: number;
  /** Where slots could be saved; without it none can be erased. */
  folder?: string;
  words?: readonly string[];
}): Promise<{ url: string; child: ChildProcess; stop: () => Promise<void> }> {
  const { binary, model, slots, folder, words = ["--cache-ram", "0", "--no-cache-idle-slots"] } = options;
  const port = await freePort();
  const child = spawn(
    binary,
    [
      "--model",
      model,
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--threads",
      "1",
      "--ctx-size",
      String(2048 * slots),
      "--parallel",
      String(slots),
      ...(folder === undefined ? [] : ["--slot-save-path", join(folder, "/")]),
      ...words,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr?.on("data", (piece: Buffer) => (log = (log + piece.toString()).slice(-4000)));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`llama-server ended: ${log}`);
    const isReady = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  return {
    url,
    child,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
