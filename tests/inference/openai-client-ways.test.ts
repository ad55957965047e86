// The official npm client's own ways over real sockets: streams, raw responses, limits of time, retries, repeats, sessions.
import type OpenAI from "openai";
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
  BadRequestError,
  ConflictError,
  InternalServerError,
} from "openai";
import { describe, expect, it } from "vitest";
import { ask, failure, servedClient, textOf, user } from "./openai-client.test-support.ts";
import { startEcho, startRunning } from "./running.test-support.ts";

const on = servedClient();

describe("a stream", () => {
  it("begins with the role, and every chunk has the same id, time and model", async () => {
    const chunks = await on.chunksOf({});
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
  });

  it("says why it ended once, in its last choice, and what the screen found", async () => {
    const chunks = await on.chunksOf({});
    const reasons = chunks.flatMap(({ choices }) => choices.map((one) => one.finish_reason));
    expect(reasons.filter((one) => one !== null)).toEqual(["stop"]);
    expect(chunks.at(-1)).toMatchObject({
      x_safety: { level: "none", signedOff: false },
      x_context: { dropped: 0, reusedTokens: 0 },
    });
  });

  it("has usage in a last chunk without choices if it was asked for, else none", async () => {
    const asked = await on.chunksOf({ stream_options: { include_usage: true } });
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9 } });
    expect(asked.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect((await on.chunksOf({})).every(({ usage }) => usage === undefined)).toBe(true);
  });

  it("says what the whole reply says", async () => {
    const chunks = await on.chunksOf({}, "the same text");
    const streamed = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(streamed.replace(/^echo \d+/, "")).toBe(
      textOf(await on.create({}, "the same text")).replace(/^echo \d+/, ""),
    );
  });

  it("may be split among two readers", async () => {
    const stream = await on.client.chat.completions.create({ ...ask("a b c"), stream: true });
    const read = async (one: AsyncIterable<OpenAI.Chat.ChatCompletionChunk>): Promise<string> => {
      let text = "";
      for await (const chunk of one) text += chunk.choices[0]?.delta.content ?? "";
      return text;
    };
    const [left, right] = await Promise.all(stream.tee().map(read));
    expect(left).toMatch(/a b c\.$/);
    expect(right).toBe(left);
  });

  it("goes on through a readable stream as newline-delimited JSON", async () => {
    const stream = await on.client.chat.completions.create({ ...ask("x"), stream: true });
    const text = await new Response(stream.toReadableStream()).text();
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as OpenAI.Chat.ChatCompletionChunk);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every(({ object }) => object === "chat.completion.chunk")).toBe(true);
  });

  it("is events in UTF-8 that nobody may store, ended by [DONE]", async () => {
    const response = await on.client.chat.completions.create({ ...ask("x"), stream: true }).asResponse();
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toMatch(/\n\ndata: \[DONE\]\n\n$/);
  });

  it("is a refusal with its status where nothing has left yet", async () => {
    const call = on.client.chat.completions.create({ ...ask("x"), temperature: 3, stream: true });
    expect(await failure(call)).toMatchObject({ status: 400, param: "temperature" });
  });
});

describe("the client's own ways", () => {
  it("gives data and response together", async () => {
    const {
      data,
      response,
      request_id: id,
    } = await on.client.chat.completions.create(ask("x")).withResponse();
    expect(textOf(data)).toMatch(/x\.$/);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(id).toMatch(/^req_/);
  });

  it("gives a raw response that is read by hand", async () => {
    const response = await on.client.chat.completions.create(ask("x")).asResponse();
    expect(((await response.json()) as { object: string }).object).toBe("chat.completion");
  });

  it("gives up after its own time limit, and the slot is free again", async () => {
    on.echo.mute.isOn = true;
    const late = on.client.chat.completions.create(ask("x"), { timeout: 150 });
    expect(await failure(late)).toBeInstanceOf(APIConnectionTimeoutError);
    on.echo.mute.isOn = false;
    expect(textOf(await on.create({}))).toMatch(/hi\.$/);
  });

  it("gives up by a signal before the first byte", async () => {
    on.echo.mute.isOn = true;
    const leaving = new AbortController();
    const call = on.client.chat.completions.create({ ...ask("x"), stream: true }, { signal: leaving.signal });
    setTimeout(() => leaving.abort(), 50);
    expect(await failure(call)).toBeInstanceOf(APIUserAbortError);
  });

  it("ends a stream by its controller, without an error in its reader", async () => {
    on.echo.pace.ms = 10;
    const stream = await on.client.chat.completions.create({
      ...ask("a. b. c. d. e. f. g. h."),
      stream: true,
    });
    let seen = 0;
    for await (const _chunk of stream) if (++seen === 2) stream.controller.abort();
    expect(seen).toBe(2);
  });

  it("tries again where the engine fails, as often as it is told, then throws", async () => {
    const gone = await startEcho();
    const alone = await startRunning(gone.url, { name: "tiny" });
    await gone.close();
    let tries = 0;
    const counting: typeof fetch = (url, init) => {
      tries++;
      return fetch(url, init);
    };
    const twice = on.clientOf({ baseURL: `${alone.url}/v1`, maxRetries: 1, fetch: counting });
    const error = await failure(twice.chat.completions.create(ask("x")));
    await alone.close();
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({ code: "engine_unavailable" });
    expect(tries).toBe(2);
  });

  it("does not try again what cannot succeed", async () => {
    let tries = 0;
    const counting: typeof fetch = (url, init) => {
      tries++;
      return fetch(url, init);
    };
    const patient = on.clientOf({ maxRetries: 3, fetch: counting });
    expect(await failure(patient.chat.completions.create({ ...ask("x"), temperature: 9 }))).toBeInstanceOf(
      BadRequestError,
    );
    expect(tries).toBe(1);
  });

  it("sees a server that is not there as a failed connection", async () => {
    const nowhere = on.clientOf({ baseURL: "http://127.0.0.1:9/v1" });
    expect(await failure(nowhere.models.list())).toBeInstanceOf(APIConnectionError);
  });

  it("gets the same reply for the same idempotency key, and says so in a header", async () => {
    const options = { headers: { "Idempotency-Key": "npm-1" } };
    const one = await on.client.chat.completions.create(ask("once"), options);
    const { data: other, response } = await on.client.chat.completions
      .create(ask("once"), options)
      .withResponse();
    expect(textOf(other)).toBe(textOf(one));
    expect(response.headers.get("x-idempotent-replay")).toBe("true");
  });

  it("gets a conflict for an idempotency key with another body", async () => {
    const options = { headers: { "Idempotency-Key": "npm-2" } };
    await on.client.chat.completions.create(ask("one"), options);
    expect(await failure(on.client.chat.completions.create(ask("other"), options))).toBeInstanceOf(
      ConflictError,
    );
  });

  it("joins a reply that is still being made under its key", async () => {
    on.echo.pace.ms = 5;
    const options = { headers: { "Idempotency-Key": "npm-3" } };
    const before = on.echo.asked.length;
    const both = await Promise.all([1, 2].map(() => on.client.chat.completions.create(ask("join"), options)));
    expect(textOf(both[0] as OpenAI.Chat.ChatCompletion)).toBe(textOf(both[1] as OpenAI.Chat.ChatCompletion));
    expect(on.echo.asked.length).toBe(before + 1);
  });

  it("may send headers, an organisation and a query that mean nothing here", async () => {
    const odd = on.clientOf({
      organization: "org-1",
      project: "p-1",
      defaultHeaders: { "x-own": "1" },
      defaultQuery: { "api-version": "1" },
    });
    expect(textOf(await odd.chat.completions.create(ask("x")))).toMatch(/x\.$/);
  });

  it("parses a reply where no format is asked for, and refuses a schema", async () => {
    const parsed = await on.client.chat.completions.parse(ask("x"));
    expect(parsed.choices[0]?.message.parsed ?? null).toBeNull();
    const schema = { type: "json_schema" as const, json_schema: { name: "n", schema: {} } };
    const call = on.client.chat.completions.create({ ...ask("x"), response_format: schema });
    expect(await failure(call)).toMatchObject({ param: "response_format" });
  });

  it("asks twenty at a time, each getting its own", async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) => on.create({}, `number ${at} of all`)),
    );
    expect(all.map(textOf).map((text) => text.replace(/^echo \d+: /, ""))).toEqual(
      all.map((_, at) => `number ${at} of all.`),
    );
  });
});

describe("sessions and safety through the client", () => {
  const inSession = (session: string, content: string) =>
    on.create({ metadata: { client_id: "c-9", session_id: session } }, content);

  it("a session remembers; the AI line comes once, outside what the model is given", async () => {
    const first = await inSession("npm-s", "my dog is called Rex");
    expect(textOf(first)).toMatch(/\bAI\b/);
    const second = await inSession("npm-s", "what is new?");
    expect(second).toMatchObject({ x_session: { id: "npm-s", turn: 2 } });
    expect(textOf(second)).toMatch(/^echo/);
    const heard = on.echo.asked.at(-1)?.messages.map(({ content }) => content) ?? [];
    expect(heard[0]).toBe("my dog is called Rex");
    expect(heard[1]).toMatch(/^echo/);
  });

  it("a session takes one message at a time", async () => {
    const call = on.create({
      messages: [user("a"), { role: "assistant", content: "b" }, user("c")],
      metadata: { session_id: "npm-t" },
    });
    expect(await failure(call)).toMatchObject({ code: "invalid_combination", param: "messages" });
  });

  it("the protocol's steps are not said twice running", async () => {
    const one = await inSession("npm-u", "I am going to kill myself tonight");
    const other = await inSession("npm-u", "I will kill myself tonight");
    expect(textOf(one)).not.toBe(textOf(other));
    expect(other).toMatchObject({ x_safety: { level: "imminent" } });
  });

  it("risk that stands in the second of two parts is read", async () => {
    const parts = [
      { type: "text" as const, text: "Hello." },
      { type: "text" as const, text: "I am going to kill myself tonight." },
    ];
    const reply = await on.create({ messages: [{ role: "user", content: parts }] });
    expect(reply).toMatchObject({ x_safety: { level: "imminent", action: "protocol" } });
  });

  it("a country chooses the emergency number; without one no number is said", async () => {
    const text = "I am going to kill myself tonight";
    expect(textOf(await on.create({ metadata: { country: "IN" } }, text))).toMatch(/112/);
    expect(textOf(await on.create({ metadata: { locale: "en-US" } }, text))).not.toMatch(/\d{3}/);
  });

  it("an earlier turn at imminent risk raises a harmless newest one, not to imminent", async () => {
    const reply = await on.create({
      messages: [user("I am going to kill myself tonight"), { role: "assistant", content: "…" }, user("ok")],
    });
    expect(reply).toMatchObject({ x_safety: { level: "elevated" } });
  });
});
