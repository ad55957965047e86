import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readVerdict } from "../../src/inference/guard/verdict.ts";
import { calm, startGuard } from "./guard.test-support.ts";
import {
  send,
  startEcho,
  startRunning,
  type Echo,
  type Reply,
  type Running,
} from "./running.test-support.ts";

describe("a guard model's answer", () => {
  const answers: [string, ReturnType<typeof readVerdict>][] = [
    ["safe", { outcome: "safe", isSure: true, level: "none", categories: [] }],
    ["\n\nunsafe\nS11", { outcome: "flagged", isSure: true, level: "elevated", categories: ["suicide"] }],
    [
      "unsafe\nS1,S10",
      { outcome: "flagged", isSure: true, level: "elevated", categories: ["hate", "violence"] },
    ],
    ["unsafe\nS6", { outcome: "flagged", isSure: true, level: "watch", categories: [] }],
    ["Safety: Safe\nCategories: None", { outcome: "safe", isSure: true, level: "none", categories: [] }],
    [
      "Safety: Unsafe\nCategories: Suicide & Self-Harm",
      { outcome: "flagged", isSure: true, level: "elevated", categories: ["suicide"] },
    ],
    [
      "Safety: Controversial\nCategories: Suicide & Self-Harm",
      { outcome: "flagged", isSure: false, level: "watch", categories: ["suicide"] },
    ],
    ["I am not sure about this", undefined],
    ["", undefined],
  ];
  for (const [answer, verdict] of answers)
    it(`is read: ${JSON.stringify(answer)}`, () => expect(readVerdict(answer)).toEqual(verdict));
});

describe("a service with a guard", () => {
  let echo: Echo;
  let guard: Awaited<ReturnType<typeof startGuard>>;
  let served: Running;

  beforeAll(async () => {
    echo = await startEcho();
    guard = await startGuard();
    served = await startRunning(echo.url, { guard: guard.url, guardMs: 300 });
  });
  afterEach(() => {
    Object.assign(guard.says, calm());
    echo.pace.ms = 0;
    echo.mute.isOn = false;
  });
  afterAll(async () => {
    await served?.close();
    await guard?.close();
    await echo?.close();
  });

  const chat = (content: string, session?: string): Promise<Reply> =>
    send(served.url, "POST", "/v1/chat/completions", {
      body: {
        messages: [{ role: "user", content }],
        ...(session === undefined ? {} : { metadata: { client_id: "c", session_id: session } }),
      },
    });
  const said = ({ body }: Reply): string =>
    (body["choices"] as { message: { content: string } }[])[0]?.message.content ?? "";
  const watched = "I feel so hopeless lately, nothing helps";

  it("lets through what the guard calls safe, and says so", async () => {
    const reply = await chat("hello");
    expect(reply.body["x_safety"]).toMatchObject({ level: "none", action: "none", guard: "safe" });
    expect(said(reply)).toMatch(/^echo \d+: hello\.$/);
    expect(guard.read.at(-2)?.messages).toEqual([{ role: "user", content: "hello" }]);
    expect(guard.read.at(-1)?.messages).toEqual([
      { role: "user", content: "hello" },
      { role: "assistant", content: said(reply) },
    ]);
  });

  it("answers what it flags with a reviewed text, and shows none of the model's", async () => {
    guard.says.text = "unsafe\nS11";
    const reply = await chat("I have my reasons to say goodbye to the garden", "g-1");
    expect(reply.body["x_safety"]).toMatchObject({
      level: "elevated",
      action: "resources",
      categories: ["suicide"],
      guard: "flagged",
    });
    expect(said(reply)).not.toMatch(/echo/);
    const { body } = await send(served.url, "GET", "/v1/sessions/g-1?client_id=c");
    expect(body).toMatchObject({ turns: [{ status: "done", assistant: said(reply) }] });
    const next = await chat("hello again", "g-1");
    expect(next.status).toBe(200);
  });

  it("does so too where the engine fails meanwhile", async () => {
    guard.says.text = "unsafe\nS11";
    echo.mute.isOn = true;
    expect((await chat("the same again")).body["x_safety"]).toMatchObject({ guard: "flagged" });
  });

  it("goes on without a guard that is late, and marks it", async () => {
    guard.says.afterMs = 2000;
    const startedAt = performance.now();
    const reply = await chat("hello");
    expect(performance.now() - startedAt).toBeLessThan(1900);
    expect(reply.body["x_safety"]).toMatchObject({ level: "none", guard: "guard_timeout" });
    expect(said(reply)).toMatch(/echo/);
  });

  it("gives the reviewed text where the screen watches and the guard is late", async () => {
    guard.says.afterMs = 2000;
    const reply = await chat(watched);
    expect(reply.body["x_safety"]).toMatchObject({
      level: "watch",
      action: "resources",
      guard: "guard_timeout",
    });
    expect(said(reply)).not.toMatch(/echo/);
  });

  it("says that a language is not known to the screen, and offers help beside the reply", async () => {
    guard.says.text = "safe";
    const reply = await chat("Я сегодня плохо спал");
    expect(reply.body["x_safety"]).toMatchObject({ level: "none", screenLanguage: "unsupported" });
    expect(reply.body["x_notice"]).toEqual(expect.any(String));
    const plain = await chat("I slept badly today");
    expect(plain.body["x_safety"]).not.toHaveProperty("screenLanguage");
  });

  it("takes an answer that is no verdict for none", async () => {
    guard.says.text = "What a lovely day";
    expect((await chat("hello")).body["x_safety"]).toMatchObject({ guard: "guard_timeout" });
  });

  it("raises to watch what is unsafe, yet no danger to the person", async () => {
    guard.says.text = "unsafe\nS10";
    const reply = await chat("hello");
    expect(reply.body["x_safety"]).toMatchObject({ level: "watch", action: "support", categories: ["hate"] });
    expect(reply.body["x_notice"]).toEqual(expect.any(String));
  });

  it("asks nobody at imminent risk", async () => {
    const before = guard.read.length;
    const reply = await chat("I am going to kill myself tonight");
    expect(reply.body["x_safety"]).toMatchObject({ level: "imminent", action: "protocol" });
    expect(guard.read.length).toBe(before);
  });

  it("shows itself in health and counts in metrics", async () => {
    expect((await send(served.url, "GET", "/health")).body).toMatchObject({
      guard: { kind: "vllm", model: "guard", state: "ready" },
    });
    const { body } = await send(served.url, "GET", "/metrics");
    expect(body["text"]).toMatch(/inference_guard_total\{outcome="flagged"\} \d/);
  });

  it("does without a guard that is gone, as if it were late", async () => {
    const own = await startGuard();
    const service = await startRunning(echo.url, { guard: own.url, guardMs: 300 });
    await own.close();
    const { body } = await send(service.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "hello" }] },
    });
    expect(body["x_safety"]).toMatchObject({ guard: "guard_timeout" });
    await service.close();
  });
});

describe("with a store", () => {
  it("a flagged turn is a review item before its reply leaves", async () => {
    const echo = await startEcho();
    const guard = await startGuard();
    guard.says.text = "unsafe\nS11";
    const { mkdtemp, rm } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const folder = await mkdtemp(`${tmpdir()}/guarded-`);
    const served = await startRunning(echo.url, { guard: guard.url, guardMs: 1000, state: folder });
    const { body } = await send(served.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "one quiet morning by the lake" }] },
    });
    expect(body["x_safety"]).toMatchObject({ guard: "flagged" });
    const review = await send(served.url, "GET", "/admin/review");
    expect(review.body).toMatchObject({
      data: [
        { items: [{ level: "elevated", categories: ["suicide"], said: "one quiet morning by the lake" }] },
      ],
    });
    await served.close();
    await guard.close();
    await echo.close();
    await rm(folder, { recursive: true, force: true });
  });
});
