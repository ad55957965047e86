import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A Redis of its own that keeps nothing on disk. */
export async function startRedis(port: number): Promise<ChildProcess> {
  const words = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", [...words, "--dir", tmpdir()], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let log = "";
  server.stdout.on("data", (piece: Buffer) => (log += piece.toString()));
  while (!log.includes("Ready to accept")) {
    if (server.exitCode !== null) throw new Error(`redis-server ended: ${log}`);
    await new Promise((wait) => setTimeout(wait, 20));
  }
  return server;
}
