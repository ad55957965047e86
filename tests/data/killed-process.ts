import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const program = new URL("../../src/cli/main.ts", import.meta.url).href;
const script = `import(${JSON.stringify(program)}).then((m) => m.main(process.argv.slice(1)))`;

/** Starts a command as a process of its own. */
export function startCommand(
  folder: string,
  words: string[],
  env: Record<string, string> = {},
): ChildProcess {
  return spawn(process.execPath, ["--import", loader, "-e", script, "--", ...words], {
    cwd: folder,
    env: { ...process.env, TRAINING_READY_CACHE: join(folder, "cache"), INIT_CWD: folder, ...env },
    stdio: "ignore",
  });
}

export const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.on("exit", resolve));

/** Runs a command; with `killAfter` it is killed outright after so many milliseconds. Null: it was killed. */
export async function runKilled(
  folder: string,
  words: string[],
  env: Record<string, string>,
  killAfter?: number,
): Promise<number | null> {
  const child = startCommand(folder, words, env);
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  const code = await ended(child);
  clearTimeout(timer);
  return code;
}

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A real Redis on loopback that answers. */
export async function startRedis(port: number): Promise<ChildProcess> {
  const words = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", [...words, "--dir", tmpdir()], { stdio: "ignore" });
  const { Redis } = await import("ioredis");
  const client = new Redis(port, "127.0.0.1", { retryStrategy: () => 100, maxRetriesPerRequest: 200 });
  client.on("error", () => undefined); // until it listens
  await client.ping();
  client.disconnect();
  return server;
}
