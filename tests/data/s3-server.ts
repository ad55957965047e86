import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { signedHeaders, type S3Access } from "../../src/storage/s3-store.ts";

// Where `npm run proof:platforms` puts it.
const installed = fileURLToPath(
  new URL("../../node_modules/.cache/training-ready-platform-tools/bin/moto_server", import.meta.url),
);
const moto = process.env["TRAINING_READY_MOTO"] ?? (existsSync(installed) ? installed : "moto_server");
export const hasS3 = spawnSync(moto, ["--help"], { stdio: "ignore" }).status === 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** A real S3 server on loopback with one bucket, `data`. */
export async function startS3(): Promise<{
  access: S3Access;
  put: (path: string, body?: string) => Promise<number>;
  stop: () => void;
}> {
  const port = await freePort();
  const server = spawn(moto, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const access: S3Access = { accessKeyId: "test", secretAccessKey: "test", region: "us-east-1", endpoint };
  const put = async (path: string, body?: string): Promise<number> => {
    const url = new URL(endpoint + path);
    const headers = signedHeaders({ method: "PUT", url, headers: {} }, access, new Date());
    return (await fetch(url, { method: "PUT", headers, ...(body === undefined ? {} : { body }) })).status;
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await fetch(endpoint);
      break;
    } catch (error) {
      if (attempt > 150) {
        server.kill();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  if ((await put("/data")) !== 200) throw new Error("the S3 server made no bucket");
  return { access, put, stop: () => void server.kill() };
}
