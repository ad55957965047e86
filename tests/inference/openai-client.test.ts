import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

const imminent = "I am going to kill myself tonight";
let echo: Echo;
let served: Running;
let client: OpenAI;

beforeAll(async () => {
  echo = await startEcho();
  served = await startRunning(echo.url, { name: "tiny" });
  client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: "none-is-needed-here", maxRetries: 0 });
});
afterAll(async () => {
  await served?.close();
  await echo?.close();
});

const user = (content: string) => ({ role: "user" as const, content });
const ask = (content: string) => ({ model: "tiny", messages: [user(content)] });

/** The error that a call ends in. */
async function failure(call: PromiseLike<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error("no error came");
}

describe("the official client", () => {
  it("gets a whole reply with usage and an id of the request", async () => {
    const reply = await client.chat.completions.create(ask("hello"));
    expect(reply.choices[0]?.message.content).toMatch(/^echo \d+: hello\.$/);
    expect(reply).toMatchObject({ object: "chat.completion", model: "tiny", usage: { prompt_tokens: 9 } });
    expect(reply._request_id).toMatch(/^req_/);
    expect(reply).toMatchObject({ x_safety: { level: "none", signedOff: false }, x_context: { dropped: 0 } });
  });

  it("streams, and its helpers put the pieces together", async () => {
    echo.pace.ms = 3;
    const stream = client.chat.completions.stream({
      ...ask("One two three. Four five six. Seven eight nine"),
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    stream.on("content", (delta) => pieces.push(delta));
    const final = await stream.finalChatCompletion();
    echo.pace.ms = 0;
    expect(pieces.length).toBeGreaterThan(1);
    expect(final.choices[0]).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } });
    expect(pieces.join("")).toBe(final.choices[0]?.message.content);
    expect((await stream.totalUsage()).completion_tokens).toBeGreaterThan(0);
  });

  it("iterates over chunks and may stop in the middle", async () => {
    echo.pace.ms = 20;
    const stream = await client.chat.completions.create({ ...ask("a b c d e f g h"), stream: true });
    let seen = 0;
    for await (const chunk of stream) {
      expect(chunk.object).toBe("chat.completion.chunk");
      if (++seen === 3) break;
    }
    echo.pace.ms = 0;
    expect(seen).toBe(3);
    await expect
      .poll(async () => ((await (await fetch(`${served.url}/health`)).json()) as { active: number }).active, {
        timeout: 30_000,
      })
      .toBe(0);
  });

  it("sends content in parts, roles and sampling values", async () => {
    const reply = await client.chat.completions.create({
      model: "tiny",
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "in" },
            { type: "text", text: "parts" },
          ],
        },
      ],
      max_completion_tokens: 20,
      temperature: 0,
      top_p: 0.5,
      presence_penalty: 0.1,
      frequency_penalty: -0.1,
      seed: 7,
      stop: ["never-said"],
      n: 1,
      logprobs: false,
      tools: [],
      response_format: { type: "text" },
      user: "c-1",
      metadata: { session_id: "s-parts", country: "IN" },
    });
    expect(reply.choices[0]?.message.content).toMatch(/in\nparts/);
  });

  it("gets the protocol reply, streamed too", async () => {
    const reply = await client.chat.completions.create(ask(imminent));
    expect(reply).toMatchObject({ x_safety: { level: "imminent", action: "protocol" } });
    const stream = await client.chat.completions.create({ ...ask(imminent), stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe(reply.choices[0]?.message.content);
  });

  it("lists and finds models", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toEqual(["tiny"]);
    expect((await client.models.retrieve("tiny")).object).toBe("model");
    expect(await failure(client.models.retrieve("other"))).toBeInstanceOf(NotFoundError);
  });

  const refused: [string, Record<string, unknown>, string, string][] = [
    ["tools", { tools: [{ type: "function", function: { name: "f" } }] }, "unsupported_parameter", "tools"],
    ["JSON mode", { response_format: { type: "json_object" } }, "unsupported_parameter", "response_format"],
    ["two replies", { n: 2 }, "unsupported_parameter", "n"],
    ["log probabilities", { logprobs: true }, "unsupported_parameter", "logprobs"],
    ["a temperature too high", { temperature: 2.5 }, "out_of_range", "temperature"],
    ["effort", { reasoning_effort: "high" }, "unsupported_parameter", "reasoning_effort"],
    ["a mistyped name", { max_token: 3 }, "unknown_parameter", "max_token"],
    [
      "an image",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] }] },
      "unsupported_parameter",
      "messages.0.content.0.type",
    ],
    [
      "a tool's message",
      { messages: [{ role: "tool", content: "x", tool_call_id: "t" }, user("x")] },
      "unsupported_parameter",
      "messages.0.role",
    ],
  ];
  for (const [name, more, code, param] of refused)
    it(`is told what is wrong: ${name}`, async () => {
      const body = { ...ask("hi"), ...more } as unknown as Parameters<
        typeof client.chat.completions.create
      >[0];
      const error = await failure(client.chat.completions.create(body));
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ status: 400, code, param, type: "invalid_request_error" });
      expect(error.requestID).toMatch(/^req_/);
    });

  it("tells a token of ours that is not valid from no token", async () => {
    const wrong = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: "tri_0", maxRetries: 0 });
    expect(await failure(wrong.models.list())).toBeInstanceOf(AuthenticationError);
  });

  it("sees an engine's failure in mid-stream as an error", async () => {
    const broken = await startRunning(echo.url);
    echo.breaks.after = 2;
    const stream = await new OpenAI({
      baseURL: `${broken.url}/v1`,
      apiKey: "x",
      maxRetries: 0,
    }).chat.completions.create({
      ...ask("a. b. c. d. e. f."),
      model: "echo",
      stream: true,
    });
    const read = async (): Promise<void> => {
      for await (const _chunk of stream);
    };
    const error = await failure(read());
    echo.breaks.after = Infinity;
    await broken.close();
    expect(error).toMatchObject({ code: "engine_unavailable", type: "engine_error" });
  });
});
