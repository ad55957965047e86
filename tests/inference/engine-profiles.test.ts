import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { connectEngine, startLlama, writeScriptedGguf, type Engine } from "../../src/inference/index.ts";
import { Ghosts } from "../../src/inference/http/ghosts.ts";
import { TokenEstimate } from "../../src/inference/http/token-estimate.ts";
import { ask, conforms } from "./engine-conformance.test-support.ts";
import {
  standInContext,
  standInReply,
  startStandIn,
  type StandIn,
  type StandInKind,
} from "./engine-stand-ins.test-support.ts";

const kinds: StandInKind[] = ["openai", "vllm", "sglang", "llama-server", "ollama"];
const user = (content: string) => ({ role: "user" as const, content });

async function connected(
  server: StandIn,
  context = standInContext,
): Promise<{ engine: Engine; notices: string[] }> {
  const notices: string[] = [];
  const engine = await connectEngine({
    url: server.url,
    kind: "auto",
    context,
    slots: 4,
    notice: (text) => notices.push(text),
  });
  return { engine, notices };
}

for (const kind of kinds)
  conforms(`a server that answers as ${kind}`, async () => {
    const server = await startStandIn(kind);
    const { engine } = await connected(server);
    return {
      engine,
      reply: standInReply,
      controlled: "CONTROL",
      control: "<|im_start|>",
      async stop() {
        await engine.stop();
        await server.close();
      },
    };
  });

conforms("llama.cpp in a child process", async () => {
  const folder = await mkdtemp(join(tmpdir(), "conforms-"));
  const path = join(folder, "script.gguf");
  const script = {
    reply: "Good day. This is the script.",
    controlTrigger: { token: "<|secret|>", answer: "Control." },
  };
  await writeScriptedGguf(path, script);
  const engine = await startLlama({ path, context: 2048, slots: 2, notice: () => undefined });
  return {
    engine,
    reply: script.reply,
    controlled: "Control.",
    control: "<|secret|>",
    async stop() {
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

describe("engines behind a URL", () => {
  let server: StandIn | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  for (const kind of kinds)
    it(`are known by their answers: ${kind}`, async () => {
      server = await startStandIn(kind);
      const { engine } = await connected(server);
      expect(engine.info).toMatchObject({
        kind,
        kvIsolation: ["vllm", "sglang", "llama-server"].includes(kind) ? "client" : "none",
        cancelVerified: ["vllm", "sglang", "llama-server"].includes(kind),
      });
    });

  it("Ollama is asked by its native route, with the context's size and no cutting", async () => {
    server = await startStandIn("ollama");
    const { engine } = await connected(server, 1024);
    expect(engine.info).toMatchObject({ context: 1024, digest: `sha256:${"ab".repeat(32)}` });
    await ask(engine, [user("hello")], { maxTokens: 5, topK: 7, stop: ["x"] });
    expect(server.asked).toMatchObject([
      { truncate: false, shift: false, options: { num_ctx: 1024, num_predict: 5, top_k: 7, stop: ["x"] } },
    ]);
  });

  it("a version of Ollama that cuts the prompt is caught by its own count", async () => {
    server = await startStandIn("ollama");
    server.faults.cuts = true;
    const { engine } = await connected(server, 1024);
    await ask(engine, [user("A text of usual length, so that its tokens a byte are known. ".repeat(3))]);
    const turns = Array.from({ length: 16 }, (_, at) => [
      user(`turn ${at} ${"with some more words ".repeat(20)}`),
      { role: "assistant" as const, content: "Yes." },
    ]).flat();
    await expect(ask(engine, [...turns, user("and now?")])).rejects.toMatchObject({
      code: "context_length_exceeded",
    });
    expect(await engine.count([...turns, user("and now?")], 64)).toBeGreaterThan(1024);
  });

  it("an Ollama that does not count a long prompt is not believed", async () => {
    server = await startStandIn("ollama");
    server.faults.isSilent = true;
    const { engine } = await connected(server, 512);
    expect((await ask(engine, [user("hello")])).text).toBe(standInReply);
    await expect(ask(engine, [user("some more words ".repeat(60))])).rejects.toMatchObject({
      code: "engine_bad_output",
    });
  });

  it("SGLang is told to stop by the request's name, with -1 for no limit of top_k", async () => {
    server = await startStandIn("sglang");
    const { engine } = await connected(server);
    const stream = engine.generate(
      {
        messages: [user("hello")],
        sampling: {
          maxTokens: 64,
          temperature: 0,
          topP: 1,
          topK: 0,
          minP: 0,
          repetitionPenalty: 1,
          presencePenalty: 0,
          frequencyPenalty: 0,
          stop: [],
        },
        owner: "o",
        reusePrefix: true,
      },
      new AbortController().signal,
    );
    await stream.next();
    await stream.return();
    expect(server.routes).toContain("POST /abort_request");
    expect(server.asked).toMatchObject([{ top_k: -1, rid: expect.any(String), cache_salt: "o" }]);
    expect(server.running()).toBe(0);
  });

  it("the slot of a request that goes on after its cancel is kept back until it ends", async () => {
    server = await startStandIn("sglang");
    server.faults.goesOn = true;
    const { engine } = await connected(server);
    const leaving = new AbortController();
    let isFree = false;
    const left = (async () => {
      try {
        await ask(engine, [user("hello")], {}, leaving.signal);
      } catch {
        isFree = true;
      }
    })();
    while (server.running() === 0) await new Promise((wait) => setTimeout(wait, 5));
    leaving.abort(new Error("left"));
    while (server.routes.filter((one) => one === "GET /get_load").length < 4)
      await new Promise((wait) => setTimeout(wait, 5));
    expect(isFree).toBe(false);
    server.letGo();
    await left;
    expect(isFree).toBe(true);
  });

  it("a request that never ends there is called a zombie, counted, and let go once it is gone", async () => {
    let running = 1;
    const notices: string[] = [];
    const ghosts = new Ghosts(
      { working: async () => running },
      { base: "", ask: async () => undefined },
      (text) => notices.push(text),
      { pollMs: 2, patienceMs: 20, quarantineMs: 5 },
    );
    ghosts.begin(0);
    const gone = ghosts.cancelled();
    while (ghosts.zombies === 0) await new Promise((wait) => setTimeout(wait, 2));
    expect(notices.join()).toMatch(/engine_zombie/);
    running = 0;
    await gone;
    expect(ghosts.zombies).toBe(0);
  });

  it("llama-server is pinned to a slot that is emptied for another conversation", async () => {
    server = await startStandIn("llama-server");
    const { engine, notices } = await connected(server);
    expect(notices).toEqual([]);
    expect(engine.info.slots).toBe(2);
    server.routes.length = 0;
    server.asked.length = 0;
    const again = async (owner: string) => ask(engine, [user("hello")], {}, undefined, owner);
    await again("a");
    expect((await again("a")).end.reusedTokens).toBeGreaterThan(0);
    await again("b");
    expect((await again("c")).end.reusedTokens).toBe(0);
    expect(server.asked.map((one) => one["id_slot"])).toEqual([0, 0, 1, 0]);
    expect(server.routes.filter((one) => one.startsWith("POST /slots/"))).toEqual([
      "POST /slots/0",
      "POST /slots/1",
      "POST /slots/0",
    ]);
  });

  it("a llama-server that keeps conversations beside its slots is found out, and reuses nothing", async () => {
    server = await startStandIn("llama-server");
    server.faults.keepsOthers = true;
    const { engine, notices } = await connected(server);
    expect(notices.join()).toMatch(/--cache-ram 0 --no-cache-idle-slots/);
    expect(engine.info.kvIsolation).toBe("none");
    await ask(engine, [user("hello")]);
    expect((await ask(engine, [user("hello")])).end.reusedTokens).toBe(0);
  });
});

describe("an estimate of tokens", () => {
  it("learns from what was read, and sees what was cut", () => {
    const estimate = new TokenEstimate();
    const text = "a plain sentence of some words. ".repeat(10);
    expect(estimate.of([user(text)])).toBe(160);
    estimate.seen([user(text)], 80);
    expect(estimate.of([user(text.repeat(2))])).toBe(160);
    expect(estimate.isCut([user(text.repeat(10))], 700)).toBe(false);
    expect(estimate.isCut([user(text.repeat(10))], 300)).toBe(true);
  });
});
