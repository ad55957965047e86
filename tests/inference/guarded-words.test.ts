import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { calm, startGuard } from "./guard.test-support.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

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
});
