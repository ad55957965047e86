// What the service adds to llama.cpp in its child process, and how much of a conversation's prompt is read again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLlama, writeScriptedGguf } from "../src/inference/index.ts";
import { quantile, say } from "./figures.ts";
import { chatRequest, startService, type Started } from "./service-processes.ts";

const url = (service: Started): string => `${service.url}/v1/chat/completions`;
const asked = { temperature: 0, top_p: 1, top_k: 0, repetition_penalty: 1 };

/** Tokens a second through the service and of the engine alone, in turns before the same file. */
async function speed(model: string, tokens: number, pairs: number, blocks: number): Promise<void> {
  const service = await startService(["--model", model]);
  const engine = await startLlama({ path: model, context: 2048, slots: 1, notice: () => undefined });
  const sampling = {
    maxTokens: tokens,
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repetitionPenalty: 1,
    presencePenalty: 0,
    frequencyPenalty: 0,
    stop: [],
  };
  const request = {
    messages: [{ role: "user" as const, content: "go" }],
    sampling,
    owner: "raw",
    reusePrefix: true,
  };
  const through = async (): Promise<number> => {
    const startedAt = performance.now();
    await (
      await fetch(url(service), chatRequest("go", { stream: true, max_tokens: tokens, ...asked }))
    ).text();
    return performance.now() - startedAt;
  };
  const raw = async (): Promise<number> => {
    const startedAt = performance.now();
    for await (const _event of engine.generate(request, new AbortController().signal));
    return performance.now() - startedAt;
  };
  await through();
  await raw();
  const times = { service: [] as number[], raw: [] as number[] };
  const [ratios, noise]: [number[], number[]] = [[], []];
  for (let at = 0; at < pairs; at++) {
    const [one, other, again] = [await through(), await raw(), await raw()];
    times.service.push(one);
    times.raw.push(other);
    ratios.push(other / one);
    noise.push(other / again);
  }
  await service.stop();
  await engine.stop();
  const rawMs = quantile(times.raw, 0.5);
  say("embedded", {
    blocks,
    tokens,
    pairs,
    microsecondsPerToken: Math.round((rawMs * 1000) / tokens),
    tokensPerSecond: {
      service: Math.round((tokens * 1000) / quantile(times.service, 0.5)),
      raw: Math.round((tokens * 1000) / rawMs),
    },
    ratio: Number(quantile(ratios, 0.5).toFixed(3)),
    engineOverItself: Number(quantile(noise, 0.5).toFixed(3)),
  });
}

const persona =
  "You are a calm and friendly companion. Answer briefly, in plain words. Ask one open question at a time. Never diagnose and never prescribe. If someone is in danger, say where help is found. You are an AI and say so when asked. Keep to what the person wants to talk about, and be honest about what you do not know.";

/** Prompt tokens reused by turn, and the most that could be: all but those of the new user's turn. */
async function reuse(model: string): Promise<void> {
  const service = await startService(["--model", model]);
  await fetch(`${service.url}/v1/sessions`, {
    ...chatRequest(""),
    body: JSON.stringify({ session_id: "s", client_id: "c", system_prompt: persona }),
  });
  const byTurn: { prompt: number; reused: number; share: number; most: number | null }[] = [];
  let before = 0;
  for (let turn = 0; turn < 12; turn++) {
    const response = await fetch(
      url(service),
      chatRequest("Tell me a little more about that, please, as before.", {
        max_tokens: 60,
        metadata: { session_id: "s", client_id: "c" },
      }),
    );
    const { x_context: context, usage } = (await response.json()) as {
      x_context: { promptTokens: number; reusedTokens: number; dropped: number };
      usage: { completion_tokens: number };
    };
    const { promptTokens: prompt, reusedTokens: reused } = context;
    // What stood in the prompt before or was said since had been computed, unless the window moved.
    const most = before > 0 && before <= prompt ? Number((before / prompt).toFixed(3)) : null;
    byTurn.push({ prompt, reused, share: Number((reused / prompt).toFixed(3)), most });
    before = prompt + usage.completion_tokens;
  }
  await service.stop();
  say("reuse", { byTurn });
}

/** `PROOF_BLOCKS` blocks of zeros, or 1 and 6, make a token cost what it costs in a model of that size; `PROOF_MODEL` is another file. */
export async function embedded(pairs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "embedded-"));
  const given = process.env["PROOF_MODEL"];
  const sizes = (process.env["PROOF_BLOCKS"] ?? "1,6").split(",").map(Number);
  const scripted = async (blocks: number): Promise<string> => {
    const path = join(folder, `endless-${blocks}.gguf`);
    await writeScriptedGguf(path, {
      reply: "one two three four five six seven eight.",
      isEndless: true,
      ...(blocks > 1 ? { blocks, feedForward: 8192 } : {}),
    });
    return path;
  };
  if (given !== undefined) await speed(given, 100, pairs, 0);
  else
    for (const blocks of sizes)
      await speed(
        await scripted(blocks),
        blocks > 1 ? 100 : 400,
        blocks > 1 ? Math.ceil(pairs / 4) : pairs,
        blocks,
      );
  await reuse(given ?? (await scripted(1)));
  await rm(folder, { recursive: true, force: true });
}
