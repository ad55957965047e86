import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeScriptedGguf } from "../../src/inference/index.ts";
import { bodySchemas } from "../../src/service/inference/body-schemas.ts";
import { parseChatRequest } from "../../src/service/inference/chat-request.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

const imminent = "I am going to kill myself tonight";
let echo: Echo;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-input-"));
  echo = await startEcho();
});
afterAll(async () => {
  await echo?.close();
  await rm(folder, { recursive: true, force: true });
});

const chat = (served: Running, text: string, more: Record<string, unknown> = {}) =>
  send(served.url, "POST", "/v1/chat/completions", {
    body: { messages: [{ role: "user", content: text }], ...more },
  });
const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }): [number, unknown] => [
  status,
  (body["error"] as { code?: string } | undefined)?.code,
];

describe("an engine", () => {
  it("that sends nothing is a timeout, and the slot is free again", async () => {
    const limits = { firstTokenMs: 300, nextTokenMs: 300, totalMs: 5000 };
    const served = await startRunning(echo.url, { limits, slots: 1 });
    echo.mute.isOn = true;
    expect(codeOf(await chat(served, "hello"))).toEqual([504, "engine_timeout"]);
    echo.mute.isOn = false;
    expect((await chat(served, "hello")).status).toBe(200);
    await served.close();
  });

  it("whose slots and queue are full is 503 with a time to wait, for all but the imminent", async () => {
    const served = await startRunning(echo.url, { slots: 1, queue: { most: 1, waitMs: 60_000 } });
    echo.pace.ms = 100;
    const first = chat(served, "one two three four five six seven eight nine ten");
    const health = async (): Promise<unknown> => (await send(served.url, "GET", "/health")).body;
    await expect
      .poll(async () => echo.asked.length > 0 && health(), { timeout: 30_000 })
      .toMatchObject({
        active: 1,
      });
    const second = chat(served, "waits");
    await expect.poll(health, { timeout: 30_000 }).toMatchObject({ queued: 1 });
    const third = await chat(served, "too many");
    expect(codeOf(third)).toEqual([503, "overloaded"]);
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await chat(served, imminent)).body["x_safety"]).toMatchObject({ level: "imminent" });
    echo.pace.ms = 0;
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    await served.close();
  });

  it("whose model says bytes that are no text is a bad output", async () => {
    const path = join(folder, "bytes.gguf");
    await writeScriptedGguf(path, {
      reply: "So it begins",
      bytes: Array.from({ length: 40 }, (_, at) => 0x80 + at),
    });
    const served = await startRunning(undefined, { model: path });
    expect(codeOf(await chat(served, "hello", { temperature: 0, max_tokens: 60 }))).toEqual([
      502,
      "engine_bad_output",
    ]);
    await served.close();
  });
});

describe("a service", () => {
  it("does not start on a port in use, nor on a state that another one serves", async () => {
    const served = await startRunning(echo.url, { state: join(folder, "state") });
    const port = Number(new URL(served.url).port);
    await expect(startRunning(echo.url, { port })).rejects.toMatchObject({ code: "E_PORT" });
    await expect(startRunning(echo.url, { state: join(folder, "state") })).rejects.toMatchObject({
      code: "E_STORE_BUSY",
    });
    await served.close();
  });

  it("does not start on a state folder that cannot be one, or whose keys are gone", async () => {
    await writeFile(join(folder, "file"), "x");
    await expect(startRunning(echo.url, { state: join(folder, "file") })).rejects.toMatchObject({
      code: "E_STORE_DOWN",
    });
    await rm(join(folder, "state", "keys"), { recursive: true });
    await expect(startRunning(echo.url, { state: join(folder, "state") })).rejects.toMatchObject({
      code: "E_KEY_MISSING",
    });
  });

  it("does not bind beyond this machine", async () => {
    await expect(startRunning(echo.url, { host: "0.0.0.0" })).rejects.toMatchObject({ code: "E_SERVE_HOST" });
  });

  it("on a full disk refuses what needs the model and still sends the protocol reply", async () => {
    const served = await startRunning(echo.url, { state: join(folder, "full") });
    const database = served.state()?.database;
    if (database === undefined) throw new Error("no state");
    const pages = database.pragma("page_count", { simple: true }) as number;
    database.pragma(`max_page_count = ${pages}`);
    const metadata = { client_id: "c-1", session_id: "s-1" };
    const text = "long ".repeat(4000);
    expect(codeOf(await chat(served, text, { metadata }))).toEqual([503, "store_unavailable"]);
    const grave = await chat(served, imminent, { metadata });
    expect([grave.status, grave.body["x_safety"]]).toMatchObject([200, { level: "imminent" }]);
    expect((await send(served.url, "GET", "/health")).body).toMatchObject({ store: "down" });
    database.pragma("max_page_count = 1000000");
    await expect
      .poll(async () => (await send(served.url, "GET", "/health")).body["store"], { timeout: 30_000 })
      .toBe("ok");
    const { body } = await send(served.url, "GET", "/admin/review");
    expect(body["data"]).toMatchObject([{ client_id: "c-1", items: [{ said: imminent }] }]);
    await served.close();
    expect(await readFile(join(folder, "full", "inference.db"), "latin1")).not.toMatch(/kill myself/);
  });

  it("that stops refuses with 503, but for the imminent, and finishes what runs", async () => {
    const served = await startRunning(echo.url);
    echo.pace.ms = 60;
    const before = echo.asked.length;
    const running = chat(served, "one two three four five six seven eight nine ten eleven twelve");
    await expect.poll(() => echo.asked.length, { timeout: 30_000 }).toBe(before + 1);
    const closing = served.close();
    const [plain, grave, ready] = await Promise.all([
      chat(served, "hello"),
      chat(served, imminent),
      send(served.url, "GET", "/health/ready"),
    ]);
    expect(codeOf(plain)).toEqual([503, "draining"]);
    expect(grave.body["x_safety"]).toMatchObject({ level: "imminent" });
    expect([ready.status, ready.body]).toMatchObject([503, { status: "draining" }]);
    echo.pace.ms = 0;
    expect((await running).status).toBe(200);
    await closing;
  });

  it("says in an error neither text nor path nor stack, also in its log", async () => {
    const served = await startRunning(echo.url);
    const canary = "canary-5519";
    const replies = await Promise.all([
      send(served.url, "POST", "/v1/chat/completions", { body: `{"messages": "${canary}` }),
      chat(served, canary, { temperature: canary }),
      chat(served, canary, { [canary.replace("-", "_")]: 1 }),
      chat(served, canary, { metadata: { session_id: `../${canary}` } }),
      chat(served, canary, { messages: [{ role: canary, content: canary }] }),
      send(served.url, "GET", `/v1/models/${canary}`),
      send(served.url, "GET", `/v1/sessions/${canary}?client_id=${canary}`),
    ]);
    for (const { status, body } of replies) {
      expect(status).toBeGreaterThanOrEqual(400);
      const { message, hint } = body["error"] as { message: string; hint: string };
      expect(`${message} ${hint}`).not.toMatch(/canary-5519|\/(?:root|home|tmp|src)\/| at /);
    }
    expect(served.log.join("\n")).not.toMatch(canary);
    await served.close();
  });
});

describe("the published schema of a chat request", () => {
  const request = (more: Record<string, unknown>) => ({
    messages: [{ role: "user", content: "hi" }],
    ...more,
  });
  const accepts = (body: unknown): boolean => {
    try {
      parseChatRequest(body);
      return true;
    } catch {
      return false;
    }
  };
  const cases: Record<string, unknown>[] = [
    ...[1, 0, 1_000_001, 1.5, "5", null].map((value) => ({ max_tokens: value })),
    ...[0, 2, 2.1, -0.1].map((value) => ({ temperature: value })),
    ...[0, 0.1, 1, 1.1].map((value) => ({ top_p: value })),
    ...[0, 1000, 1001].map((value) => ({ top_k: value })),
    ...[0, 0.5, 2, 3].map((value) => ({ repetition_penalty: value })),
    ...[-2, 2, 2.5].map((value) => ({ presence_penalty: value })),
    ...[0, 4_294_967_295, 4_294_967_296].map((value) => ({ seed: value })),
    ...["x", ["a", "b"], ["a", "b", "c", "d", "e"], [""]].map((value) => ({ stop: value })),
    ...[1, 2].map((value) => ({ n: value })),
    ...[[], [{}]].map((value) => ({ tools: value })),
    ...["none", "required"].map((value) => ({ tool_choice: value })),
    ...[false, true].map((value) => ({ logprobs: value })),
    ...[{ type: "text" }, { type: "json_object" }].map((value) => ({ response_format: value })),
    ...["auto", "priority"].map((value) => ({ service_tier: value })),
    ...[false, true].map((value) => ({ store: value })),
    ...["a.b", "../a", "a..b"].map((value) => ({ metadata: { session_id: value } })),
    { metadata: { country: "IN" } },
    { metadata: { country: "in" } },
    { reasoning_effort: "low" },
    { web_search_options: {} },
    { unknown: 1 },
    { messages: [] },
    { messages: [{ role: "tool", content: "x" }] },
    { messages: [{ role: "user", content: [{ type: "text", text: "x" }] }] },
    { messages: [{ role: "user", content: [{ type: "image_url" }] }] },
  ];

  it("takes and refuses what the service takes and refuses", () => {
    const differing = cases.filter((one) => {
      // A value of null is left out by the service; the schema describes what to send.
      const value = Object.values(one)[0];
      if (value === null) return false;
      return accepts(request(one)) !== bodySchemas.ChatRequest.safeParse(request(one)).success;
    });
    expect(differing).toEqual([]);
    expect(cases.filter((one) => accepts(request(one))).length).toBeGreaterThan(15);
  });
});
