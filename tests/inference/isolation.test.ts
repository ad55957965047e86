import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLlama, writeScriptedGguf, type ChatMessage, type Engine } from "../../src/inference/index.ts";

// `TRAINING_READY_TURNS=20000 npx vitest run tests/inference/isolation.test.ts` (npm run proof:isolation) is the long form.
const turns = Number(process.env["TRAINING_READY_TURNS"] ?? "150");
const plain = "All is calm here.";
const seen = "I see somebody's canary now.";

let folder = "";
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "isolation-"));
  const path = join(folder, "canary.gguf");
  // Its attention looks through the whole context: one canary in it, from whomever, changes the reply.
  await writeScriptedGguf(path, { reply: plain, trigger: { word: "canary", answer: seen } });
  engine = await startLlama({ path, context: 512, slots: 2, notice: () => undefined });
});
afterAll(async () => {
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
});

const sampling = {
  maxTokens: 24,
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  stop: [],
};

describe("conversations that share llama.cpp's slots", () => {
  it(`never see one another's words in ${turns} interleaved turns`, { timeout: 3_600_000 }, async () => {
    const clients = Array.from({ length: 12 }, (_, at) => ({
      owner: `client-${at}`,
      hasCanary: at % 2 === 0,
      history: [] as ChatMessage[],
    }));
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 4_294_967_296) * below);
    };
    const counts = { leaked: 0, forgotten: 0, reused: 0, asked: 0 };
    const takeTurn = async (client: (typeof clients)[number]): Promise<void> => {
      const filler = Array.from({ length: 1 + random(6) }, () => "word").join(" ");
      const content = client.hasCanary ? `${filler} canary ${filler}` : filler;
      client.history = [...client.history, { role: "user", content } as const].slice(-5);
      let reply = "";
      const request = { messages: client.history, sampling, owner: client.owner, reusePrefix: true };
      for await (const event of engine.generate(request, new AbortController().signal)) {
        if (event.type === "delta") reply += event.text;
        if (event.type === "start" && event.reusedTokens > 0) counts.reused++;
      }
      counts.asked++;
      if (!client.hasCanary && reply !== plain) counts.leaked++;
      if (client.hasCanary && reply !== seen) counts.forgotten++;
      client.history.push({ role: "assistant", content: client.hasCanary ? "yes" : "no" });
    };
    let next = 0;
    const worker = async (mine: (at: number) => boolean): Promise<void> => {
      const own = clients.filter((_, at) => mine(at));
      while (next < turns) {
        next++;
        // Often the same client again, so that a slot's cache is reused, and often another one.
        const client = own[random(3) === 0 ? random(own.length) : 0] as (typeof clients)[number];
        await takeTurn(client);
        if (random(4) === 0) own.unshift(own.pop() as (typeof clients)[number]);
      }
    };
    await Promise.all([worker((at) => at < 6), worker((at) => at >= 6)]);
    expect(counts).toMatchObject({ leaked: 0, forgotten: 0 });
    expect(counts.asked).toBeGreaterThanOrEqual(turns);
    expect(counts.reused).toBeGreaterThan(turns / 10);
  });
});
