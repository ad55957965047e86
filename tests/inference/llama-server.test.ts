// llama.cpp's own server, where one is found: named by TRAINING_READY_LLAMA_SERVER, on PATH, or built by
// `npm run build:llama-server`. Without one these tests are skipped, and the report says so.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine, writeScriptedGguf, type Engine } from "../../src/inference/index.ts";
import { ask, conforms } from "./engine-conformance.test-support.ts";
import { findLlamaServer, startLlamaServer } from "./llama-server.test-support.ts";
import { post, startServe, stopServe } from "./service.test-support.ts";

const binary = findLlamaServer();
const script = {
  reply: "Good day. This is the script.",
  controlTrigger: { token: "<|secret|>", answer: "Control." },
};
const user = (content: string) => ({ role: "user" as const, content });

async function started(
  words?: readonly string[],
): Promise<{ engine: Engine; url: string; notices: string[]; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "llama-server-"));
  const model = join(folder, "script.gguf");
  await writeScriptedGguf(model, script);
  const server = await startLlamaServer({
    binary: binary as string,
    model,
    slots: 2,
    folder,
    ...(words === undefined ? {} : { words }),
  });
  const notices: string[] = [];
  const engine = await connectEngine({
    url: server.url,
    kind: "auto",
    context: 2048,
    slots: 4,
    notice: (text) => notices.push(text),
  });
  return {
    engine,
    url: server.url,
    notices,
    async stop() {
      await engine.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

conforms(
  "llama.cpp's own server",
  async () => {
    const { engine, stop } = await started();
    return { engine, stop, reply: script.reply, controlled: "Control.", control: "<|secret|>" };
  },
  { skip: binary === undefined },
);

describe.skipIf(binary === undefined)("llama.cpp's own server", () => {
  let running: Awaited<ReturnType<typeof started>>;
  beforeAll(async () => {
    running = await started();
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
  });

  it("is known by its answers, passes the canary and can erase slots", () => {
    expect(running.notices).toEqual([]);
    expect(running.engine.info).toMatchObject({
      kind: "llama-server",
      slots: 2,
      exactTokens: true,
      kvIsolation: "client",
      cancelVerified: true,
    });
  });

  it("counts a prompt as it will read it", async () => {
    const { engine } = running;
    const messages = [user("some words that come again ".repeat(68))];
    const counted = await engine.count(messages, 64);
    const { end } = await ask(engine, messages, {}, undefined, "counter");
    expect(counted).toBe(end.promptTokens);
  });

  it("reuses an owner's own prefix and nobody else's", async () => {
    const { engine } = running;
    const said = [user("a long message that is worth keeping ".repeat(10))];
    await ask(engine, said, {}, undefined, "one");
    expect((await ask(engine, said, {}, undefined, "one")).end.reusedTokens).toBeGreaterThan(50);
    await ask(engine, [user("hello")], {}, undefined, "two");
    expect((await ask(engine, said, {}, undefined, "three")).end.reusedTokens).toBe(0);
  });

  it("started as it is by default it is found to keep conversations, and reuses nothing here", async () => {
    const own = await started([]);
    try {
      expect(own.notices.join("\n")).toMatch(/--cache-ram 0 --no-cache-idle-slots/);
      expect(own.engine.info.kvIsolation).toBe("none");
    } finally {
      await own.stop();
    }
  });

  it("stands behind the service, with the screen before it", async () => {
    const served = await startServe(["--engine", running.url]);
    try {
      expect(served.document).toMatchObject({ engine: "llama-server", context: 2048, slots: 2 });
      const plain = await post(served.url, "/v1/chat/completions", { messages: [user("hello")] });
      expect([plain.status, plain.body]).toMatchObject([
        200,
        { choices: [{ message: { content: script.reply } }], x_safety: { level: "none" } },
      ]);
      const long = await post(served.url, "/v1/chat/completions", {
        messages: [user("word ".repeat(9000))],
      });
      expect([long.status, long.body["error"]]).toMatchObject([
        400,
        { code: "context_length_exceeded", context: 2048 },
      ]);
    } finally {
      await stopServe(served);
    }
  });
});
