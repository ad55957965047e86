// Two real services before one engine, joined by a real Redis on loopback.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addKey, defaultLimits, joinRedis, openState, scopesOfRole } from "../../src/inference/index.ts";
import { startServe, stopServe, type Served } from "./service.test-support.ts";
import { freePort, hasRedis, startRedis } from "./redis.test-support.ts";
import { send, startEcho, startRunning, type Echo, type Reply } from "./running.test-support.ts";

const pause = (ms: number): Promise<void> => new Promise((wait) => setTimeout(wait, ms));

describe.skipIf(!hasRedis)("services that are joined by Redis", () => {
  let folder = "";
  let port = 0;
  let redis: ChildProcess;
  let echo: Echo;
  let one: Served;
  let other: Served;
  const tokens: Record<string, string> = {};
  let place: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "joined-"));
    port = await freePort();
    redis = await startRedis(port);
    echo = await startEcho();
    const state = await openState(folder);
    for (const [name, limits] of [
      ["few", { requests: 6 }],
      ["many", { requests: 0, streams: 0 }],
      ["lonely", { requests: 6 }],
    ] as const)
      tokens[name] = addKey(state, {
        name,
        tenant: "clinic",
        role: "client",
        scopes: scopesOfRole.client,
        clients: null,
        limits: { ...defaultLimits, ...limits },
        expiresAt: null,
      }).token;
    state.close();
    place = ["--engine", echo.url, "--state", folder, "--redis", `redis://127.0.0.1:${port}`, "--slots", "1"];
    [one, other] = await Promise.all([startServe(place), startServe(place)]);
  }, 60_000);
  afterAll(async () => {
    for (const served of [one, other]) if (served !== undefined) await stopServe(served);
    await echo?.close();
    redis?.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  const chat = (
    served: Served,
    content: string,
    more: { session?: string; idempotency?: string; key?: string } = {},
  ): Promise<Reply> =>
    send(served.url, "POST", "/v1/chat/completions", {
      token: tokens[more.key ?? "many"] as string,
      body: {
        messages: [{ role: "user", content }],
        ...(more.session === undefined ? {} : { metadata: { client_id: "c", session_id: more.session } }),
      },
      headers: more.idempotency === undefined ? {} : { "idempotency-key": more.idempotency },
    });
  const health = async (served: Served): Promise<Record<string, unknown>> =>
    (await send(served.url, "GET", "/health")).body;
  const text = ({ body }: Reply): string =>
    (body["choices"] as { message: { content: string } }[])[0]?.message.content ?? "";

  it("see each other", async () => {
    await expect
      .poll(() => health(one), { timeout: 20_000 })
      .toMatchObject({
        redis: { state: "ok", processes: 2 },
      });
    await expect
      .poll(() => health(other), { timeout: 20_000 })
      .toMatchObject({
        redis: { state: "ok", processes: 2 },
      });
  });

  it("count a key's requests together", async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 8; at++)
      statuses.push((await chat(at % 2 === 0 ? one : other, "hello", { key: "few" })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    const refused = await chat(one, "hello", { key: "few" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const grave = await chat(other, "I am going to kill myself tonight", { key: "few" });
    expect([grave.status, grave.body["x_safety"]]).toMatchObject([200, { level: "imminent" }]);
  });

  it("repeat one another's replies, and wait for one that comes", async () => {
    const before = echo.asked.length;
    const first = await chat(one, "what is new", { idempotency: "a" });
    const again = await chat(other, "what is new", { idempotency: "a" });
    expect(text(again)).toBe(text(first));
    expect(again.headers.get("x-idempotent-replay")).toBe("true");
    expect((await chat(other, "something else", { idempotency: "a" })).status).toBe(409);
    echo.pace.ms = 60;
    const [slow, joined] = await Promise.all([
      chat(one, "a slow one comes here", { idempotency: "b" }),
      pause(80).then(() => chat(other, "a slow one comes here", { idempotency: "b" })),
    ]);
    echo.pace.ms = 0;
    expect(text(joined)).toBe(text(slow));
    expect(echo.asked.length - before).toBe(2);
  });

  it("answer a session's turns one at a time, in order, from one memory", async () => {
    echo.pace.ms = 300;
    const running = chat(one, "first of all this", { session: "s" });
    await expect.poll(async () => (await health(one))["active"], { timeout: 10_000 }).toBeGreaterThan(0);
    await pause(60);
    const clash = await chat(other, "and this", { session: "s" });
    echo.pace.ms = 0;
    expect([clash.status, clash.body["error"]]).toMatchObject([409, { code: "session_busy" }]);
    expect((await running).status).toBe(200);
    const next = await chat(other, "and then this", { session: "s" });
    expect(next.body["x_session"]).toEqual({ id: "s", turn: 2 });
    expect(JSON.stringify(echo.asked.at(-1))).toContain("first of all this");
  });

  it("stop a turn that another makes", async () => {
    echo.pace.ms = 300;
    const running = chat(one, "a turn that is to be stopped before it has come to its end", { session: "t" });
    await expect
      .poll(
        async () =>
          (await send(other.url, "GET", "/v1/sessions/t?client_id=c", { token: tokens["many"] as string }))
            .status,
        {
          timeout: 10_000,
        },
      )
      .toBe(200);
    const { body } = await send(other.url, "POST", "/v1/sessions/t/turns/1/cancel?client_id=c", {
      token: tokens["many"] as string,
    });
    expect(body).toMatchObject({ status: "cancelled" });
    expect((await running).status).toBe(409);
    echo.pace.ms = 0;
  });

  it("agree on the one tenant of an engine that shares its prompt cache", async () => {
    const url = `redis://127.0.0.1:${port}`;
    const options = { url, engine: "http://127.0.0.1:9", secret: undefined, notice: () => undefined };
    const first = await joinRedis(options);
    const second = await joinRedis(options);
    try {
      const [here, there] = [first.tenancy(), second.tenancy()];
      expect(await here.mayUse("clinic")).toBe(true);
      expect(await there.mayUse("school")).toBe(false);
      expect(await there.mayUse("clinic")).toBe(true);
      // What another tenant was refused leaves no trace.
      expect(await there.mayUse("school")).toBe(false);
      expect(await here.mayUse("clinic")).toBe(true);
    } finally {
      await first.close();
      await second.close();
    }
  });

  it("share the engine's slots", async () => {
    echo.most.atOnce = 0;
    echo.pace.ms = 20;
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, at) => chat(at % 2 === 0 ? one : other, `hello number ${at}`)),
    );
    echo.pace.ms = 0;
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(echo.most.atOnce).toBe(1);
  });

  it("leave no words and no names of people in Redis", async () => {
    const { Redis } = await import("ioredis");
    const client = new Redis(port, "127.0.0.1");
    const keys = await client.keys("*");
    const all: string[] = [...keys];
    for (const key of keys) {
      const type = await client.type(key);
      if (type === "hash") all.push(JSON.stringify(await client.hgetall(key)));
      if (type === "zset") all.push(...(await client.zrange(key, "0", "-1")));
    }
    client.disconnect();
    expect(keys.length).toBeGreaterThan(2);
    expect(all.join("\n")).not.toMatch(/what is new|clinic|slow one/);
  });

  it("bar a process that shares nothing from their folder", async () => {
    await expect(startRunning(echo.url, { state: folder })).rejects.toMatchObject({ code: "E_STORE_BUSY" });
  });

  it("go on alone, with their share of the limits, while Redis is away, and come back", async () => {
    redis.kill("SIGKILL");
    await once(redis, "exit");
    const grave = await chat(one, "I am going to kill myself tonight");
    expect([grave.status, grave.body["x_safety"]]).toMatchObject([200, { action: "protocol" }]);
    const statuses: number[] = [];
    for (let at = 0; at < 5; at++) statuses.push((await chat(one, "hello", { key: "lonely" })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(await health(one)).toMatchObject({ status: "ok", redis: { state: "down" } });
    expect((await chat(other, "on we go", { session: "u" })).status).toBe(200);
    expect(one.stderr()).toMatch(
      /redis: does not answer; this process goes on alone with 1\/2 of each limit/,
    );
    redis = await startRedis(port);
    await expect
      .poll(async () => (await chat(one, "hello"), await health(one)), { timeout: 20_000 })
      .toMatchObject({ redis: { state: "ok" } });
    expect(one.stderr()).toMatch(/redis: answers again/);
  }, 60_000);

  it("end in good order", async () => {
    expect(await stopServe(one)).toBe(0);
    expect(await stopServe(other)).toBe(0);
  });
});

describe("--redis", () => {
  it("is refused where nothing answers, and with a model of one's own", async () => {
    const echo = await startEcho();
    const redis = "redis://127.0.0.1:9";
    await expect(startRunning(echo.url, { redis })).rejects.toMatchObject({ code: "E_SERVE_REDIS" });
    await expect(startRunning(undefined, { model: "none.gguf", redis })).rejects.toMatchObject({
      code: "E_SERVE_OPTIONS",
    });
    await echo.close();
  }, 60_000);
});
