import { mkdtemp, rm, stat, writeFile, readFile } from "node:fs/promises";
import { request } from "node:http";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addKey, defaultLimits, openState, scopesOfRole } from "../../src/inference/index.ts";
import { initSafety, safetyPaths } from "../../src/safety/index.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

let folder = "";
let echo: Echo;
let served: Running;
let admin = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "admin-"));
  echo = await startEcho();
  await initSafety(folder);
  served = await startRunning(echo.url, {
    admin: { host: "127.0.0.1", port: 0 },
    safetyHome: folder,
    state: join(folder, "state"),
  });
  admin = served.admin as string;
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
  await rm(folder, { recursive: true, force: true });
});

const operators = ["/metrics", "/docs", "/admin/review", "/admin/ledger", "/admin/engine"] as const;
const statusOf = async (url: string, method: string, path: string): Promise<number> =>
  (await send(url, method, path)).status;

describe("a door of the operators' own", () => {
  it("takes their routes off the public port, and carries nobody's conversation", async () => {
    for (const path of operators) {
      expect([path, await statusOf(served.url, "GET", path)]).toEqual([path, 404]);
      expect([path, await statusOf(admin, "GET", path)]).toEqual([path, 200]);
    }
    for (const path of ["/cache/clear", "/admin/reload", "/admin/drain", "/admin/restart"])
      expect(await statusOf(served.url, "POST", path)).toBe(404);
    expect(await statusOf(admin, "POST", "/v1/chat/completions")).toBe(404);
    expect(await statusOf(admin, "GET", "/v1/models")).toBe(404);
    for (const url of [served.url, admin]) expect(await statusOf(url, "GET", "/health/ready")).toBe(200);
  });

  it("publishes at each door what is served there", async () => {
    const pathsAt = async (url: string): Promise<string[]> =>
      Object.keys((await send(url, "GET", "/openapi.json")).body["paths"] as object);
    const [open, own] = [await pathsAt(served.url), await pathsAt(admin)];
    expect(open).toContain("/v1/chat/completions");
    expect(open.filter((path) => path.startsWith("/admin") || path === "/metrics")).toEqual([]);
    expect(own).toEqual(expect.arrayContaining(["/metrics", "/admin/reload", "/health"]));
    expect(own.filter((path) => path.startsWith("/v1"))).toEqual([]);
  });

  it("says what the engine is and does", async () => {
    await send(served.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "hello" }] },
    });
    expect((await send(admin, "GET", "/admin/engine")).body).toMatchObject({
      kind: "openai",
      model: "echo",
      state: "ready",
      slots: 8,
      active: 0,
      queued: 0,
    });
    expect((await send(admin, "GET", "/metrics")).body["text"]).toMatch(/inference_replies_total\{.*\} 1/);
  });

  it("reads changed safety files anew, and keeps the old ones where they are refused", async () => {
    const { policy } = safetyPaths(folder);
    const before = await readFile(policy, "utf8");
    const policyNow = async (): Promise<unknown> => (await send(served.url, "GET", "/health")).body["policy"];
    const first = await policyNow();
    await writeFile(policy, `${before}\nunknown_key: 1\n`);
    const refused = await send(admin, "POST", "/admin/reload");
    expect([refused.status, refused.body["error"]]).toMatchObject([409, { code: "reload_refused" }]);
    expect(await policyNow()).toBe(first);
    await writeFile(policy, before.replace("I am an AI", "I am an artificial intelligence (AI)"));
    const done = await send(admin, "POST", "/admin/reload");
    expect([done.status, done.body]).toMatchObject([200, { status: "reloaded", signedOff: false }]);
    expect(await policyNow()).toBe(done.body["policy"]);
    expect(done.body["policy"]).not.toBe(first);
    await writeFile(policy, before);
  });

  it("obeys no page in a browser, and nobody restarts a process that serves alone", async () => {
    const page = await send(admin, "POST", "/admin/drain", { headers: { origin: "http://evil.example" } });
    expect([page.status, page.body["error"]]).toMatchObject([403, { code: "host_not_allowed" }]);
    const alone = await send(admin, "POST", "/admin/restart");
    expect([alone.status, alone.body["error"]]).toMatchObject([409, { code: "single_process" }]);
    expect(await statusOf(served.url, "GET", "/health/ready")).toBe(200);
  });

  it("asks for the scopes that its routes need, once there are keys", async () => {
    const state = await openState(join(folder, "state"), { mustExist: true }); // as another process does
    const keyOf = (role: "client" | "operator"): string =>
      addKey(state, {
        name: role,
        tenant: "clinic",
        role,
        scopes: scopesOfRole[role],
        clients: null,
        limits: defaultLimits,
        expiresAt: null,
      }).token;
    const [client, operator] = [keyOf("client"), keyOf("operator")];
    state.close();
    for (const [method, path, done] of [
      ["GET", "/metrics", 200],
      ["GET", "/admin/engine", 200],
      ["POST", "/admin/reload", 200],
      ["POST", "/cache/clear", 200],
      ["POST", "/admin/restart", 409],
    ] as const) {
      const statuses = [
        (await send(admin, method, path)).status,
        (await send(admin, method, path, { token: client })).status,
        (await send(admin, method, path, { token: operator })).status,
      ];
      expect([path, ...statuses]).toEqual([path, 401, 403, done]);
    }
  });
});

describe("a Unix socket as that door", () => {
  const ask = (socketPath: string, method: string, path: string): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path, headers: { host: "localhost" } }, (response) => {
        let body = "";
        response.on("data", (piece: Buffer) => (body += piece.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.once("error", reject);
      sent.end();
    });

  it("listens on a Unix socket of this user alone, and a drain asked there ends the service in good order", async () => {
    const socket = join(folder, "admin.sock");
    const killed = spawnSync(process.execPath, [
      "-e",
      `require("node:net").createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, "SIGKILL"))`,
    ]);
    expect([killed.signal, (await stat(socket)).isSocket()]).toEqual(["SIGKILL", true]);
    const asked = new AbortController();
    const one = await startRunning(echo.url, { admin: { socket }, onDrainAsked: () => asked.abort() });
    expect(one.admin).toBe(`unix:${socket}`);
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await ask(socket, "GET", "/metrics")).status).toBe(200);
    echo.pace.ms = 60;
    const before = echo.asked.length;
    const running = send(one.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "one two three four five six seven eight nine ten" }] },
    });
    await expect.poll(() => echo.asked.length, { timeout: 30_000 }).toBe(before + 1);
    const drained = await ask(socket, "POST", "/admin/drain");
    expect([drained.status, JSON.parse(drained.body)]).toMatchObject([
      202,
      { status: "draining", active: 1 },
    ]);
    expect(asked.signal.aborted).toBe(true); // upon which `serve` closes
    const refused = await send(one.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "hello" }] },
    });
    expect([refused.status, refused.body["error"]]).toMatchObject([503, { code: "draining" }]);
    const closing = one.close();
    expect((await running).status).toBe(200);
    echo.pace.ms = 0;
    await closing;
    await expect(stat(socket)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
