import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { packageRoot } from "./package-root.ts";

export type WorkerExit = { code: number | null; signal: NodeJS.Signals | null };

export type WorkerProcesses = {
  /** The first process's end, once all have ended. */
  over: Promise<WorkerExit>;
  stop(signal: NodeJS.Signals): void;
};

const patienceMs = 120_000; // for the others, once one has ended badly: they may save, or wait for it in a sum

/** Done, or stopped as all of them agreed. */
const isOrderly = (code: number | null): boolean => code === 0 || code === 75;

async function freePort(): Promise<number> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** What torchrun gives each of its processes, on one machine. */
function rankEnvironment(rank: number, world: number, port: number): NodeJS.ProcessEnv {
  return {
    RANK: String(rank),
    LOCAL_RANK: String(rank),
    WORLD_SIZE: String(world),
    LOCAL_WORLD_SIZE: String(world),
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT: String(port),
  };
}

/** Starts the worker, `processes` times where several share each step; only the first writes events. */
export async function startWorker(options: {
  python: string;
  words: readonly string[];
  environment: NodeJS.ProcessEnv;
  processes: number;
  onText: (text: string) => void;
}): Promise<WorkerProcesses> {
  const { processes } = options;
  const port = processes > 1 ? await freePort() : 0;
  // Processes of one machine meet on loopback; a name service that knows the host is not needed.
  const loopback = process.platform === "darwin" ? "lo0" : "lo";
  const children: ChildProcess[] = [];
  const ends: Promise<WorkerExit>[] = [];
  const stop = (signal: NodeJS.Signals): void => children.forEach((child) => void child.kill(signal));
  let reaper: NodeJS.Timeout | undefined;
  for (let rank = 0; rank < processes; rank++) {
    const child = spawn(options.python, ["-m", "trainer", ...options.words], {
      cwd: packageRoot,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...(processes > 1 ? { GLOO_SOCKET_IFNAME: loopback } : {}),
        ...options.environment,
        ...(processes > 1 ? rankEnvironment(rank, processes, port) : {}),
      },
    });
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", options.onText);
    children.push(child);
    ends.push(
      new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => {
          if (!isOrderly(code) && processes > 1 && reaper === undefined) {
            stop("SIGTERM");
            reaper = setTimeout(() => stop("SIGKILL"), patienceMs);
          }
          resolve({ code, signal });
        });
      }),
    );
  }
  const over = Promise.all(ends).then((all) => {
    clearTimeout(reaper);
    const first = all[0] as WorkerExit;
    // A process that was killed says more than the first's complaint about it.
    return isOrderly(first.code) ? first : (all.find((one) => one.code === null) ?? first);
  });
  return { over, stop };
}
