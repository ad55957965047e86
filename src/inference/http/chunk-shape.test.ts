import { expect, test } from "vitest";
import { openaiProfile } from "./openai-profiles.ts";

async function* bodyOf(events: readonly string[]): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(events.map((data) => `data: ${data}\n\n`).join(""));
}

async function read(events: readonly string[]) {
  const all = { text: "", chunks: 0, reason: undefined as string | undefined, prompt: undefined as unknown };
  for await (const piece of openaiProfile.read(bodyOf(events))) {
    all.text += piece.text;
    all.chunks += piece.chunks;
    all.reason = piece.reason ?? all.reason;
    all.prompt = piece.usage?.prompt ?? all.prompt;
  }
  return all;
}

const chunk = (content: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ id: "c1", choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });

test("chunks that differ in their text alone are read as JSON has it", async () => {
  const texts = ["plain", ' "quoted" ', "back\\slash", "é ✓ 🙂", "line\nend", "\u2028", "", "content"];
  expect(await read([...texts.map((text) => chunk(text)), "[DONE]"])).toMatchObject({
    text: texts.join(""),
    chunks: texts.length - 1,
  });
});

test("a chunk that begins and ends alike and says more between is read whole", async () => {
  const more =
    '{"id":"c1","choices":[{"index":0,"delta":{"content":"b","role":"assistant","content":"c"},"finish_reason":null}]}';
  expect(await read([chunk("a"), more, chunk("d"), "[DONE]"])).toMatchObject({ text: "acd", chunks: 3 });
});

test("what comes last still counts: the reason and the usage", async () => {
  const finish = JSON.stringify({
    choices: [{ index: 0, delta: { content: "." }, finish_reason: "length" }],
  });
  const usage = JSON.stringify({ choices: [], usage: { prompt_tokens: 7 } });
  expect(await read([chunk("a"), chunk("b"), finish, usage, "[DONE]"])).toEqual({
    text: "ab.",
    chunks: 3,
    reason: "length",
    prompt: 7,
  });
});

test("broken JSON in the shape of the chunks before is refused", async () => {
  await expect(read([chunk("a"), chunk("b").replace('"b"', '"b'), "[DONE]"])).rejects.toThrow(SyntaxError);
  await expect(read([chunk("a"), chunk("b").replace('"b"', '"\\x"'), "[DONE]"])).rejects.toThrow(SyntaxError);
});

test("the place that is learnt is that of the reply's text, not of another field called content", async () => {
  const odd = (content: string): string =>
    JSON.stringify({ logprobs: { content: "same" }, choices: [{ delta: { content } }] });
  expect(await read([odd("same"), odd("other"), "[DONE]"])).toMatchObject({ text: "sameother", chunks: 2 });
});
