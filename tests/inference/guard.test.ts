import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readVerdict } from "../../src/inference/guard/verdict.ts";
import {
  send,
  startEcho,
  startRunning,
  type Echo,
  type Reply,
  type Running,
} from "./running.test-support.ts";

/** What the guard answers to a person's turn, and to what the model said. */
type Says = { text: string; afterMs: number; toReply: (said: string) => string; replyAfterMs: number };
const calm = (): Says => ({ text: "safe", afterMs: 0, toReply: () => "safe", replyAfterMs: 0 });

/** A guard model's server that gives one answer, late if so wished, and remembers what it read. */
async function startGuard(): Promise<{
  url: string;
  says: Says;
  read: { messages: { role: string; content: string }[] }[];
  close: () => Promise<void>;
}> {
  const says = calm();
  const read: { messages: { role: string; content: string }[] }[] = [];
  const server: Server = createServer((request, response) => {
    if (request.url === "/v1/models") {
      response.end(JSON.stringify({ data: [{ id: "guard", owned_by: "vllm", max_model_len: 4096 }] }));
      return;
    }
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      if (request.method !== "POST") {
        response.writeHead(404).end();
        return;
      }
      const asked = JSON.parse(body) as (typeof read)[number];
      read.push(asked);
      const last = asked.messages.at(-1);
      const isReply = last?.role === "assistant";
      const answer = isReply ? says.toReply(last.content) : says.text;
      response.writeHead(200, { "content-type": "text/event-stream" });
      setTimeout(
        () => {
          response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: answer } }] })}\n\n`);
          response.end(
            `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
          );
        },
        isReply ? says.replyAfterMs : says.afterMs,
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    says,
    read,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

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

describe("a guard of the model's words", () => {
  let echo: Echo;
  let guard: Awaited<ReturnType<typeof startGuard>>;
  // The one has all the time it needs, so that a busy machine decides nothing; the other is there to be late.
  let patient: Running;
  let hasty: Running;
  const limitMs = 1000;

  beforeAll(async () => {
    echo = await startEcho();
    guard = await startGuard();
    patient = await startRunning(echo.url, { guard: guard.url, guardMs: 60_000 });
    hasty = await startRunning(echo.url, { guard: guard.url, guardMs: limitMs });
  });
  afterEach(() => {
    Object.assign(guard.says, calm());
    echo.pace.ms = 0;
  });
  afterAll(async () => {
    await patient?.close();
    await hasty?.close();
    await guard?.close();
    await echo?.close();
  });

  type Chunk = {
    choices: { delta: { content?: string }; finish_reason: string | null }[];
    x_safety?: object;
  };
  const streamed = async (
    served: Running,
    content: string,
    onText: (text: string) => void = () => undefined,
  ) => {
    const response = await fetch(`${served.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ stream: true, messages: [{ role: "user", content }] }),
    });
    let text = "";
    let open = "";
    let last: Chunk | undefined;
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      open += Buffer.from(bytes).toString();
      const events = open.split("\n\n");
      open = events.pop() ?? "";
      for (const data of events
        .map((event) => event.replace(/^data: /, ""))
        .filter((one) => one !== "[DONE]")) {
        last = JSON.parse(data) as Chunk;
        const piece = last.choices[0]?.delta.content ?? "";
        text += piece;
        if (piece !== "") onText(piece);
      }
    }
    return { text, reason: last?.choices[0]?.finish_reason, safety: last?.x_safety };
  };
  const sentences = (count: number): string =>
    Array.from({ length: count }, (_, at) => `Sentence number ${at} is short.`).join(" ");

  it("lets nothing out that no reading has covered", async () => {
    echo.pace.ms = 2;
    const covered: string[] = [];
    guard.says.toReply = (said) => {
      covered.push(said);
      return "safe";
    };
    let shown = "";
    const { text, safety } = await streamed(patient, sentences(8), (piece) => {
      shown += piece;
      expect(covered.some((said) => said.startsWith(shown))).toBe(true);
    });
    expect(text).toMatch(/Sentence number 7 is short\.+$/);
    expect(covered.length).toBeGreaterThan(1);
    expect(safety).toMatchObject({ guard: "safe", action: "none" });
  });

  it("ends a reply that it calls unsafe with the reviewed replacement", async () => {
    echo.pace.ms = 2;
    guard.says.toReply = (said) => (said.includes("number 4") ? "unsafe\nS11" : "safe");
    const { text, reason, safety } = await streamed(patient, sentences(8));
    expect(text).not.toContain("number 4");
    expect(text).toMatch(/^echo \d+: Sentence number 0/);
    expect(reason).toBe("content_filter");
    expect(safety).toMatchObject({ action: "replaced", policy: "guard:suicide", guard: "flagged" });
  });

  it("shows none of a reply that is unsafe from its first word", async () => {
    guard.says.toReply = () => "unsafe\nS6";
    const { text, safety } = await streamed(patient, "hello");
    expect(text).not.toMatch(/echo/);
    expect(text.trim()).toBe(text);
    expect(safety).toMatchObject({ policy: "guard:unsafe" });
  });

  it("lets controversial words through and says that it flagged them", async () => {
    guard.says.toReply = () => "Safety: Controversial\nCategories: Violent";
    const { text, safety } = await streamed(patient, "hello");
    expect(text).toMatch(/^echo \d+: hello\.$/);
    expect(safety).toMatchObject({ action: "none", guard: "flagged" });
  });

  it("is waited for once, and still ends a reply later where the screen sees no risk", async () => {
    echo.pace.ms = 30;
    let readings = 0;
    guard.says.replyAfterMs = 3 * limitMs;
    guard.says.toReply = () => {
      if (++readings === 2) guard.says.replyAfterMs = 0;
      return readings > 2 ? "unsafe\nS11" : "safe";
    };
    const { text, reason, safety } = await streamed(hasty, sentences(14));
    expect(text).toMatch(/^echo \d+: Sentence/);
    expect(text).not.toContain("number 13");
    expect(reason).toBe("content_filter");
    expect(safety).toMatchObject({ policy: "guard:suicide" });
  });

  it("that is late is marked, and the words go on", async () => {
    guard.says.replyAfterMs = 3 * limitMs;
    const { text, reason, safety } = await streamed(hasty, "hello");
    expect(text).toMatch(/^echo \d+: hello\.$/);
    expect(reason).toBe("stop");
    expect(safety).toMatchObject({ guard: "guard_timeout" });
  });

  it("that is late where the screen watches leaves the reviewed text alone", async () => {
    guard.says.replyAfterMs = 3 * limitMs;
    const { text, reason, safety } = await streamed(hasty, "I feel so hopeless lately, nothing helps");
    expect(text).not.toMatch(/echo/);
    expect(reason).toBe("content_filter");
    expect(safety).toMatchObject({ level: "watch", action: "replaced", policy: "guard_timeout" });
  });
});

describe("with a store", () => {
  it("what a guard kept from a person stands in the review, withheld words too", async () => {
    const echo = await startEcho();
    const guard = await startGuard();
    guard.says.toReply = () => "unsafe\nS1";
    const { mkdtemp, rm } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const folder = await mkdtemp(`${tmpdir()}/guarded-words-`);
    const served = await startRunning(echo.url, { guard: guard.url, guardMs: 60_000, state: folder });
    await send(served.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "one quiet morning by the lake" }] },
    });
    const review = await send(served.url, "GET", "/admin/review");
    expect(review.body).toMatchObject({
      data: [
        {
          items: [{ action: "replaced", policy: "guard:violence", withheld: expect.stringMatching(/^echo/) }],
        },
      ],
    });
    await served.close();
    await guard.close();
    await echo.close();
    await rm(folder, { recursive: true, force: true });
  });

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
