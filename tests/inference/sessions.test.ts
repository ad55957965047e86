import { mkdtemp, readFile, rm } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eraseState, openState } from "../../src/inference/index.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

const imminent = "I am going to kill myself tonight";
type Choice = { message: { content: string } };
const said = ({ body }: { body: Record<string, unknown> }): string =>
  (body["choices"] as Choice[])[0]?.message.content ?? "";

let echo: Echo;
let folder = "";
let served: Running;

const open = async (): Promise<Running> => startRunning(echo.url, { state: join(folder, "state") });
const chat = (
  text: string,
  session: string,
  more: { headers?: Record<string, string>; client?: string } = {},
) =>
  send(served.url, "POST", "/v1/chat/completions", {
    ...(more.headers === undefined ? {} : { headers: more.headers }),
    body: {
      messages: [{ role: "user", content: text }],
      metadata: { session_id: session, client_id: more.client ?? "c-1" },
    },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sessions-"));
  echo = await startEcho();
  served = await open();
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a session", () => {
  it("opens with the line that says it is an AI, and not again", async () => {
    expect(said(await chat("hello", "s-1"))).toMatch(/^You are talking with an AI/);
    expect(said(await chat("and now?", "s-1"))).toMatch(/^echo/);
  });

  it("gives the model what was said, without that line", async () => {
    const { messages } = echo.asked.at(-1) ?? { messages: [] };
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(JSON.stringify(messages)).not.toMatch(/talking with an AI/);
  });

  it("is remembered over a restart, and no word of it lies open on the disk", async () => {
    await chat("canary-8812 is here", "s-2");
    await served.close();
    for (const name of readdirSync(join(folder, "state")).filter((one) => one.endsWith(".db")))
      expect((await readFile(join(folder, "state", name))).includes("canary-8812")).toBe(false);
    served = await open();
    await chat("still there?", "s-2");
    expect(JSON.stringify(echo.asked.at(-1))).toMatch(/canary-8812/);
  });

  it("is shown, and erased for good", async () => {
    const path = "/v1/sessions/s-2?client_id=c-1";
    const { body } = await send(served.url, "GET", path);
    expect(body).toMatchObject({
      id: "s-2",
      client_id: "c-1",
      turns: [
        { turn: 1, status: "done", user: "canary-8812 is here", level: "none" },
        { turn: 2, user: "still there?" },
      ],
    });
    expect((await send(served.url, "DELETE", path)).body).toMatchObject({ deleted: true });
    expect((await send(served.url, "GET", path)).status).toBe(404);
    await chat("anybody?", "s-2");
    expect(JSON.stringify(echo.asked.at(-1))).not.toMatch(/canary-8812/);
  });

  it("is nobody else's", async () => {
    expect((await send(served.url, "GET", "/v1/sessions/s-1?client_id=c-9")).status).toBe(404);
    await chat("please repeat that", "s-1", { client: "c-9" });
    expect(echo.asked.at(-1)?.messages).toHaveLength(1);
  });

  it("takes settings when it is begun, and is begun once", async () => {
    const body = { session_id: "s-3", client_id: "c-1", country: "IN", system_prompt: "Be brief." };
    expect((await send(served.url, "POST", "/v1/sessions", { body })).status).toBe(201);
    expect((await send(served.url, "POST", "/v1/sessions", { body })).status).toBe(409);
    await chat("hi", "s-3");
    expect(echo.asked.at(-1)?.messages[0]).toEqual({ role: "system", content: "Be brief." });
    expect(said(await chat(imminent, "s-3"))).toMatch(/112/);
    const wrong = await send(served.url, "POST", "/v1/sessions", { body: { sesion_id: "x" } });
    expect([wrong.status, wrong.body["error"]]).toMatchObject([400, { param: "sesion_id" }]);
  });

  it("never says the same protocol text twice running, over a restart too", async () => {
    const first = said(await chat(imminent, "s-4"));
    await served.close();
    served = await open();
    const second = said(await chat(imminent, "s-4"));
    const third = said(await chat(imminent, "s-4"));
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("goes on without its reader, who reads on from where it stopped", async () => {
    echo.pace.ms = 30;
    const leaving = new AbortController();
    const response = await fetch(`${served.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        stream: true,
        messages: [{ role: "user", content: "one two. three four. five six. seven eight. nine ten" }],
        metadata: { session_id: "s-5" },
      }),
      signal: leaving.signal,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (!/two/.test(text)) text += Buffer.from((await reader.read()).value ?? []).toString();
    const last = [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? "";
    leaving.abort();
    const again = await send(served.url, "GET", "/v1/sessions/s-5/turns/1/stream", {
      headers: { "last-event-id": last },
    });
    echo.pace.ms = 0;
    const contents = (stream: string): string =>
      [...stream.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join("");
    const rest = contents(String(again.body["text"]));
    expect(rest).toMatch(/ten\.$/);
    expect(rest).not.toMatch(/one/);
    expect((contents(text) + rest).match(/seven/g)).toHaveLength(1);
    expect(String(again.body["text"])).toMatch(/\[DONE\]/);
    const { body } = await send(served.url, "GET", "/v1/sessions/s-5");
    expect(body).toMatchObject({ turns: [{ status: "done" }] });
  });

  it("stops when it is told to, and keeps what was said", async () => {
    echo.pace.ms = 40;
    const pending = chat("one two three four five six seven eight nine ten", "s-6");
    await expect
      .poll(async () => (await send(served.url, "GET", "/v1/sessions/s-6?client_id=c-1")).status, {
        timeout: 30_000,
      })
      .toBe(200);
    const cancel = await send(served.url, "POST", "/v1/sessions/s-6/turns/1/cancel?client_id=c-1");
    expect(cancel.body).toMatchObject({ turn: 1, status: "cancelled" });
    const answer = await pending;
    echo.pace.ms = 0;
    expect([answer.status, answer.body["error"]]).toMatchObject([409, { code: "turn_cancelled" }]);
    const { body } = await send(served.url, "GET", "/v1/sessions/s-6?client_id=c-1");
    const [turn] = body["turns"] as { status: string }[];
    expect(["cancelled", "failed"]).toContain(turn?.status);
    expect((await chat("again", "s-6")).status).toBe(200);
  });

  it("takes one turn at a time", async () => {
    echo.pace.ms = 30;
    const [one, two] = await Promise.all([chat("one two three four five six", "s-7"), chat("and me", "s-7")]);
    echo.pace.ms = 0;
    expect([one.status, two.status].toSorted((a, b) => a - b)).toEqual([200, 409]);
  });
});

describe("an Idempotency-Key", () => {
  const headers = { "idempotency-key": "k-1" };

  it("gives the same reply for the same request, and 409 for another", async () => {
    const first = await chat("hello there", "s-8", { headers });
    const asked = echo.asked.length;
    const second = await chat("hello there", "s-8", { headers });
    expect(said(second)).toBe(said(first));
    expect(second.headers.get("x-idempotent-replay")).toBe("true");
    expect(echo.asked).toHaveLength(asked);
    const other = await chat("something else", "s-8", { headers });
    expect([other.status, other.body["error"]]).toMatchObject([409, { code: "idempotency_conflict" }]);
    const turns = (await send(served.url, "GET", "/v1/sessions/s-8?client_id=c-1")).body["turns"];
    expect(turns).toHaveLength(1);
  });

  it("is another one's for another client", async () => {
    const other = await chat("hello there", "s-8", { headers, client: "c-2" });
    expect(other.headers.get("x-idempotent-replay")).toBeNull();
  });

  it("joins a repeat to the reply that is being made", async () => {
    echo.pace.ms = 20;
    const before = echo.asked.length;
    const once = { headers: { "idempotency-key": "k-2" } };
    const [one, two] = await Promise.all([
      chat("a b c d e f g", "s-9", once),
      chat("a b c d e f g", "s-9", once),
    ]);
    echo.pace.ms = 0;
    expect(said(one)).toBe(said(two));
    expect(echo.asked).toHaveLength(before + 1);
  });

  it("does not keep a reply at risk", async () => {
    const risky = { headers: { "idempotency-key": "k-3" } };
    const first = said(await chat(imminent, "s-10", risky));
    expect(said(await chat(imminent, "s-10", risky))).not.toBe(first);
  });

  it("sets cache_hit on the old route and is forgotten by POST /cache/clear", async () => {
    const ask = () =>
      send(served.url, "POST", "/api/v1/inference", { headers, body: { user_input: "what is new?" } });
    expect((await ask()).body).toMatchObject({ cache_hit: false });
    expect((await ask()).body).toMatchObject({ cache_hit: true });
    expect((await send(served.url, "POST", "/cache/clear")).body["cleared"]).toBeGreaterThan(0);
    expect((await ask()).body).toMatchObject({ cache_hit: false });
  });
});

describe("the trail of risk", () => {
  it("holds what clinicians are to look at, and takes a decision and a second opinion", async () => {
    const { body } = await send(served.url, "GET", "/admin/review");
    const groups = body["data"] as { session_id: string; items: Record<string, unknown>[] }[];
    const group = groups.find((one) => one.session_id === "s-4");
    expect(group?.items).toHaveLength(3);
    expect(group?.items[0]).toMatchObject({ level: "imminent", said: imminent, status: "open" });
    const path = `/admin/review/${String(group?.items[0]?.["id"])}`;
    const wrong = await send(served.url, "POST", path, { body: { decision: "fine" } });
    expect(wrong.status).toBe(400);
    const decided = await send(served.url, "POST", path, { body: { decision: "right" } });
    expect(decided.body).toMatchObject({ status: "decided", decided_by: "local" });
    expect((await send(served.url, "POST", path, { body: { decision: "too_high" } })).status).toBe(409);
  });

  it("takes a person's report of a reply", async () => {
    const path = "/v1/sessions/s-1/turns/1/report?client_id=c-1";
    expect((await send(served.url, "POST", path, { body: { why: "x" } })).status).toBe(400);
    const report = await send(served.url, "POST", path, { body: { reason: "it was rude" } });
    expect([report.status, report.body]).toMatchObject([201, { status: "open" }]);
    const { body } = await send(served.url, "GET", "/admin/review");
    const groups = body["data"] as { session_id: string; items: unknown[] }[];
    expect(groups.find((one) => one.session_id === "s-1")?.items).toMatchObject([
      { action: "reported", withheld: "it was rude", said: "hello" },
    ]);
    expect((await send(served.url, "POST", "/v1/sessions/s-1/turns/99/report?client_id=c-1")).status).toBe(
      404,
    );
  });

  it("publishes the protocol: the texts that are sent, numbers by country alone", async () => {
    const page = await send(served.url, "GET", "/protocol");
    const text = String(page.body["text"]);
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(text).toMatch(/Draft: no clinician has signed/);
    const first = said(await chat(imminent, "s-protocol"));
    expect(text.replaceAll("&#39;", "'")).toContain(first);
    expect(text).not.toMatch(/\b112\b/);
    expect(String((await send(served.url, "GET", "/protocol?country=IN")).body["text"])).toMatch(/\b112\b/);
    expect((await send(served.url, "GET", "/protocol?country=india")).status).toBe(400);
  });

  it("is a whole chain", async () => {
    const { body } = await send(served.url, "GET", "/admin/ledger");
    expect(body).toMatchObject({ ok: true });
    expect(body["rows"]).toBeGreaterThan(5);
  });

  it("waits in the emergency file while the disk refuses; the crisis reply is sent, the model is not asked", async () => {
    const state = served.state();
    if (state === undefined) throw new Error("no state");
    state.database.pragma("query_only = ON");
    const first = await chat(imminent, "s-11");
    const second = await chat(imminent, "s-11");
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(said(second)).not.toBe(said(first));
    const plain = await send(served.url, "POST", "/v1/chat/completions", {
      body: { messages: [{ role: "user", content: "hello" }] },
    });
    expect([plain.status, plain.body["error"]]).toMatchObject([503, { code: "store_unavailable" }]);
    const health = await send(served.url, "GET", "/health");
    expect([health.status, health.body]).toMatchObject([200, { store: "down" }]);
    state.database.pragma("query_only = OFF");
    await expect
      .poll(async () => (await send(served.url, "GET", "/health")).body["store"], { timeout: 30_000 })
      .toBe("ok");
    const { body } = await send(served.url, "GET", "/admin/review");
    const groups = body["data"] as { session_id: string; items: unknown[] }[];
    expect(groups.find((one) => one.session_id === "s-11")?.items).toHaveLength(2);
    expect((await send(served.url, "GET", "/admin/ledger")).body).toMatchObject({ ok: true });
  });
});

describe("a client", () => {
  it("is erased by another process while the service runs, and may begin anew", async () => {
    const client = "c-erased";
    await chat(imminent, "s-1", { client });
    const state = await openState(join(folder, "state"));
    const name = { tenant: "local", client };
    expect(eraseState(state, name)).toMatchObject({ sessions: 1, reviews: 1 });
    expect(() => eraseState(state, name)).toThrowError(expect.objectContaining({ code: "E_NOT_FOUND" }));
    state.close();
    expect((await send(served.url, "GET", `/v1/sessions/s-1?client_id=${client}`)).status).toBe(404);
    await chat("hello again", "s-1", { client });
    await served.close();
    served = await open();
    const { body } = await send(served.url, "GET", `/v1/sessions/s-1?client_id=${client}`);
    expect(body).toMatchObject({ turns: [{ user: "hello again" }] });
    expect((await send(served.url, "GET", "/admin/ledger")).body).toMatchObject({ ok: true });
  });
});

describe("a page in a browser that gave this address another name", () => {
  it("is not served without a key", async () => {
    const { port } = new URL(served.url);
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port, path: "/admin/review", headers: { host: "evil.example" } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      sent.on("error", reject);
      sent.end();
    });
    expect(status).toBe(403);
  });
});

describe("metrics", () => {
  it("are Prometheus text without anybody's id", async () => {
    await chat(imminent, "s-4");
    const { body, headers } = await send(served.url, "GET", "/metrics");
    expect(headers.get("content-type")).toMatch(/version=0\.0\.4/);
    const text = String(body["text"]);
    expect(text).toMatch(/^inference_replies_total\{action="protocol",level="imminent"\} \d+$/m);
    expect(text).toMatch(
      /^inference_request_seconds_bucket\{route="\/v1\/chat\/completions",le="\+Inf"\} \d+$/m,
    );
    expect(text).not.toMatch(/c-1|s-4/);
  });
});
