import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addKey,
  openState,
  RateLimits,
  replayKey,
  revokeKey,
  scopesOfRole,
  type ApiKey,
} from "../../src/inference/index.ts";
import { send, startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

let echo: Echo;
let served: Running;
let folder = "";

/** Adds a key as another process does, while the service runs. */
async function key(wanted: Partial<ApiKey> = {}): Promise<{ id: string; token: string }> {
  const state = await openState(folder);
  try {
    return addKey(state, {
      name: "test",
      tenant: "clinic",
      role: "client",
      scopes: scopesOfRole[wanted.role ?? "client"],
      clients: null,
      limits: { requests: 0, tokens: 0, streams: 0 },
      expiresAt: null,
      ...wanted,
    });
  } finally {
    state.close();
  }
}

const chat = (token: string | undefined, more: Record<string, unknown> = {}) =>
  send(served.url, "POST", "/v1/chat/completions", {
    ...(token === undefined ? {} : { token }),
    body: { messages: [{ role: "user", content: "hello" }], ...more },
  });
const refusal = async (
  reply: Promise<{ status: number; body: Record<string, unknown> }>,
): Promise<[number, unknown]> => {
  const { status, body } = await reply;
  return [status, (body["error"] as { code?: string } | undefined)?.code];
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keys-"));
  echo = await startEcho("vllm"); // keeps the tenants below apart
  served = await startRunning(echo.url, { state: folder });
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("API keys", () => {
  it("are asked for from the first one on, and count at once in a running service", async () => {
    expect((await chat(undefined)).status).toBe(200);
    const { token } = await key();
    expect(await refusal(chat(undefined))).toEqual([401, "invalid_api_key"]);
    expect((await chat(token)).status).toBe(200);
    expect((await send(served.url, "GET", "/health")).status).toBe(200);
  });

  it("lie on the disk as a MAC alone", async () => {
    const { token } = await key();
    const secret = token.split("_")[2] ?? "";
    for (const file of ["inference.db", "inference.db-wal"])
      expect((await readFile(join(folder, file))).includes(secret)).toBe(false);
  });

  it("end when they are revoked or expire", async () => {
    const first = await key();
    const late = await key({ expiresAt: Date.now() - 1 });
    expect(await refusal(chat(late.token))).toEqual([401, "invalid_api_key"]);
    expect((await chat(first.token)).status).toBe(200);
    const state = await openState(folder);
    revokeKey(state, first.id);
    state.close();
    expect(await refusal(chat(first.token))).toEqual([401, "invalid_api_key"]);
  });

  it("are not guessed by their id", async () => {
    const { token } = await key();
    expect(await refusal(chat(`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`))).toEqual([
      401,
      "invalid_api_key",
    ]);
    expect(await refusal(chat("sk-anything"))).toEqual([401, "invalid_api_key"]);
  });

  it("do what their scopes say and no more", async () => {
    const { token } = await key();
    const system = {
      messages: [
        { role: "system", content: "be brief" },
        { role: "user", content: "hi" },
      ],
    };
    expect(await refusal(chat(token, system))).toEqual([403, "missing_scope"]);
    expect(await refusal(send(served.url, "GET", "/metrics", { token }))).toEqual([403, "missing_scope"]);
    expect(await refusal(send(served.url, "GET", "/admin/review", { token }))).toEqual([
      403,
      "missing_scope",
    ]);
    expect(await refusal(send(served.url, "POST", "/cache/clear", { token }))).toEqual([
      403,
      "missing_scope",
    ]);
    expect(await refusal(send(served.url, "GET", "/admin/ledger", { token }))).toEqual([
      403,
      "missing_scope",
    ]);
    const operator = (await key({ role: "operator" })).token;
    expect((await send(served.url, "GET", "/metrics", { token: operator })).status).toBe(200);
    expect(await refusal(chat(operator))).toEqual([403, "missing_scope"]);
    const clinician = (await key({ role: "clinician" })).token;
    expect((await chat(clinician, system)).status).toBe(200);
    const chatOnly = (await key({ scopes: ["chat"] })).token;
    const inSession = { metadata: { session_id: "s-1" } };
    expect(await refusal(chat(chatOnly, inSession))).toEqual([403, "missing_scope"]);
  });

  it("speak for their own clients, whose sessions no other key's tenant sees", async () => {
    const bound = (await key({ clients: ["c-1"] })).token;
    expect(await refusal(chat(bound, { metadata: { client_id: "c-2" } }))).toEqual([404, "client_not_found"]);
    await chat(bound, { metadata: { session_id: "mine" } });
    const read = (token: string) => send(served.url, "GET", "/v1/sessions/mine?client_id=c-1", { token });
    expect((await read(bound)).body).toMatchObject({ client_id: "c-1", turns: [{ user: "hello" }] });
    const elsewhere = (await key({ tenant: "other" })).token;
    expect(await refusal(read(elsewhere))).toEqual([404, "session_not_found"]);
    const two = (await key({ clients: ["c-1", "c-2"] })).token;
    expect(await refusal(chat(two))).toEqual([400, "missing_parameter"]);
  });

  it("have limits, which no imminent turn meets", async () => {
    const { token } = await key({ limits: { requests: 2, tokens: 0, streams: 0 } });
    expect((await chat(token)).status).toBe(200);
    expect((await chat(token)).status).toBe(200);
    const third = await chat(token);
    expect([third.status, third.body["error"]]).toMatchObject([429, { code: "rate_limit_exceeded" }]);
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    const grave = { messages: [{ role: "user", content: "I am going to kill myself tonight" }] };
    expect((await chat(token, grave)).body["x_safety"]).toMatchObject({ level: "imminent" });
  });
});

describe("rate limits", () => {
  it("fill over a minute, count tokens afterwards and bound replies at a time", () => {
    let now = 0;
    const rate = new RateLimits(() => now);
    const limits = { requests: 60, tokens: 100, streams: 2 };
    const one = rate.admit("a", limits);
    const two = rate.admit("a", limits);
    expect(rate.admit("a", limits)).toMatchObject({ ok: false, what: "streams" });
    expect(rate.admit("b", limits)).toMatchObject({ ok: true });
    if (one.ok) one.done(150);
    if (two.ok) two.done(0);
    expect(rate.admit("a", limits)).toMatchObject({ ok: false, what: "tokens", retryAfterSeconds: 31 });
    now += 31_000;
    expect(rate.admit("a", limits)).toMatchObject({ ok: true });
  });
});

describe("the key of a kept reply", () => {
  it("differs wherever any part of its place differs", () => {
    const secret = Buffer.alloc(32, 7);
    const seen = new Set<string>();
    const parts = ["", "a", "b", 'a","', "a,b"];
    for (const tenant of parts)
      for (const principal of parts)
        for (const client of parts)
          for (const session of parts)
            for (const idempotencyKey of parts)
              seen.add(replayKey(secret, { tenant, principal, client, session, idempotencyKey }));
    expect(seen.size).toBe(parts.length ** 5);
  });
});
