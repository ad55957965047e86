// What the official npm client may send: what reaches the engine, what passes unused, what is refused.
import { BadRequestError, NotFoundError } from "openai";
import { describe, expect, it } from "vitest";
import { failure, servedClient, textOf, user } from "./openai-client.test-support.ts";

const on = servedClient();
const lastAsked = (): Record<string, unknown> => on.echo.asked.at(-1) as unknown as Record<string, unknown>;

describe("what the client sets reaches the engine", () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["nothing: the service's defaults", {}, { temperature: 0.7, top_p: 0.9, max_tokens: 256 }],
    ["temperature", { temperature: 0 }, { temperature: 0 }],
    ["top_p", { top_p: 0.25 }, { top_p: 0.25 }],
    ["presence_penalty", { presence_penalty: -2 }, { presence_penalty: -2 }],
    ["frequency_penalty", { frequency_penalty: 2 }, { frequency_penalty: 2 }],
    ["seed", { seed: 4_294_967_295 }, { seed: 4_294_967_295 }],
    ["max_tokens", { max_tokens: 7 }, { max_tokens: 7 }],
    ["max_completion_tokens", { max_completion_tokens: 9 }, { max_tokens: 9 }],
    ["one stop text", { stop: "unsaid" }, { stop: ["unsaid"] }],
    ["four stop texts", { stop: ["q1", "q2", "q3", "q4"] }, { stop: ["q1", "q2", "q3", "q4"] }],
  ];
  for (const [name, more, seen] of cases)
    it(name, async () => {
      await on.create(more);
      expect(lastAsked()).toMatchObject(seen);
    });

  it("a stop text ends the reply before it, also where the engine ignores it", async () => {
    const reply = await on.create({ stop: "three" }, "one two three four");
    expect(textOf(reply)).toMatch(/: one two $/);
    expect(reply.choices[0]?.finish_reason).toBe("stop");
  });

  it("roles in order, developer as system, history whole", async () => {
    await on.client.chat.completions.create({
      model: "tiny",
      messages: [
        { role: "developer", content: "Be brief." },
        user("first"),
        { role: "assistant", content: "reply", refusal: null },
        user("second"),
      ],
    });
    expect(on.echo.asked.at(-1)?.messages).toEqual([
      { role: "system", content: "Be brief." },
      user("first"),
      { role: "assistant", content: "reply" },
      user("second"),
    ]);
  });

  it("a history of 200 turns, stateless, unabridged", async () => {
    const turns = Array.from({ length: 100 }, (_, at) => [
      user(`q${at}`),
      { role: "assistant" as const, content: `a${at}` },
    ]).flat();
    await on.client.chat.completions.create({ model: "tiny", messages: [...turns, user("last")] });
    expect(on.echo.asked.at(-1)?.messages).toHaveLength(201);
  });

  it("text in any script comes back unchanged", async () => {
    const text = "Grüße 漢字 🙂👩‍👩‍👧 ไทย हिन्दी \u202Bעברית\u202C ½ \\ \" ' \t";
    expect(textOf(await on.create({}, text))).toContain(text);
    let streamed = "";
    for (const chunk of await on.chunksOf({}, text)) streamed += chunk.choices[0]?.delta.content ?? "";
    expect(streamed).toContain(text.trimEnd());
  });
});

describe("standard values that change nothing pass", () => {
  const neutral: Record<string, unknown>[] = [
    { logit_bias: {} },
    { store: false },
    { service_tier: "auto" },
    { tool_choice: "none", tools: [] },
    { parallel_tool_calls: true },
    { modalities: ["text"] },
    { top_logprobs: 0, logprobs: false },
    { temperature: null, top_p: null, stop: null, metadata: null },
  ];
  for (const more of neutral)
    it(JSON.stringify(more), async () => {
      expect(textOf(await on.create(more))).toMatch(/^echo \d+: hi\.$/);
    });
});

describe("what is refused names the field", () => {
  const cases: [string, string, Record<string, unknown>][] = [
    ["out_of_range", "temperature", { temperature: -0.1 }],
    ["out_of_range", "top_p", { top_p: 0 }],
    ["out_of_range", "top_p", { top_p: 1.01 }],
    ["out_of_range", "presence_penalty", { presence_penalty: 2.1 }],
    ["out_of_range", "frequency_penalty", { frequency_penalty: -2.1 }],
    ["out_of_range", "max_tokens", { max_tokens: 0 }],
    ["invalid_type", "max_tokens", { max_tokens: "5" }],
    ["out_of_range", "seed", { seed: -1 }],
    ["out_of_range", "stop", { stop: ["a", "b", "c", "d", "e"] }],
    ["out_of_range", "stop", { stop: "" }],
    ["out_of_range", "stop.1", { stop: ["a", "b".repeat(257)] }],
    ["unsupported_parameter", "logit_bias", { logit_bias: { "50256": -100 } }],
    ["unsupported_parameter", "modalities", { modalities: ["text", "audio"] }],
    ["unsupported_parameter", "store", { store: true }],
    ["unsupported_parameter", "service_tier", { service_tier: "priority" }],
    ["unsupported_parameter", "prediction", { prediction: { type: "content", content: "x" } }],
    ["unsupported_parameter", "web_search_options", { web_search_options: {} }],
    ["unsupported_parameter", "tool_choice", { tool_choice: "required" }],
    ["unsupported_parameter", "functions", { functions: [{ name: "f" }] }],
    ["unsupported_parameter", "verbosity", { verbosity: "low" }],
    ["invalid_combination", "stream_options", { stream_options: { include_usage: true } }],
    ["invalid_combination", "max_tokens", { max_tokens: 3, max_completion_tokens: 4 }],
    ["out_of_range", "messages", { messages: [] }],
    ["missing_parameter", "messages", { messages: undefined }],
    ["unknown_role", "messages.0.role", { messages: [{ role: "usr", content: "x" }] }],
    ["last_not_user", "messages.1.role", { messages: [user("x"), { role: "assistant", content: "y" }] }],
    ["invalid_type", "messages.0.content", { messages: [{ role: "user", content: null }] }],
    ["unsupported_parameter", "messages.0.name", { messages: [{ ...user("x"), name: "Ann" }] }],
    ["invalid_country", "metadata.country", { metadata: { country: "in" } }],
    ["invalid_locale", "metadata.locale", { metadata: { locale: "english please" } }],
    ["invalid_id", "metadata.session_id", { metadata: { session_id: "../x" } }],
    ["unknown_parameter", "metadata.sesion_id", { metadata: { sesion_id: "s" } }],
    ["invalid_id", "user", { user: "a b" }],
  ];
  for (const [code, param, more] of cases)
    it(`${param}: ${JSON.stringify(more).slice(0, 60)}`, async () => {
      const error = await failure(on.create(more));
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ status: 400, code, param });
    });

  it("a NUL in the text", async () => {
    expect(await failure(on.create({}, "a\0b"))).toMatchObject({ status: 400, param: "messages.0.content" });
  });

  it("half a character in the text", async () => {
    expect(await failure(on.create({}, "a\ud800b"))).toMatchObject({
      status: 400,
      param: "messages.0.content",
    });
  });

  it("a body of more than a megabyte is 413", async () => {
    expect(await failure(on.create({}, "x".repeat(1_100_000)))).toMatchObject({
      status: 413,
      code: "request_too_large",
    });
  });

  it("routes that are not served are typed errors: embeddings, old completions, responses, files", async () => {
    const calls = [
      () => on.client.embeddings.create({ model: "tiny", input: "x" }),
      () => on.client.completions.create({ model: "tiny", prompt: "x" }),
      () => on.client.responses.create({ model: "tiny", input: "x" }),
      () => on.client.files.list(),
    ];
    for (const call of calls) expect(await failure(call())).toBeInstanceOf(NotFoundError);
  });

  it("another model", async () => {
    expect(await failure(on.create({ model: "gpt-4o" }))).toMatchObject({ status: 404, param: "model" });
  });
});
