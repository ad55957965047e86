// What every engine's adapter must do, whatever stands behind it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChatMessage, Engine, GenerateEvent, Sampling } from "../../src/inference/index.ts";
import { samplingDefaults } from "../../src/inference/index.ts";

export type Subject = {
  engine: Engine;
  /** What it answers to anything. */
  reply: string;
  /** What it says where a typed control word is read as one. */
  controlled?: string;
  /** A control word of its template. */
  control: string;
  stop: () => Promise<void>;
};

const user = (content: string): ChatMessage => ({ role: "user", content });

export async function ask(
  engine: Engine,
  messages: readonly ChatMessage[],
  more: Partial<Sampling> = {},
  signal: AbortSignal = new AbortController().signal,
  owner = "somebody",
): Promise<{ text: string; events: GenerateEvent[]; end: Extract<GenerateEvent, { type: "end" }> }> {
  const events: GenerateEvent[] = [];
  const sampling = { ...samplingDefaults, temperature: 0, repetitionPenalty: 1, maxTokens: 64, ...more };
  for await (const event of engine.generate({ messages, sampling, owner, reusePrefix: true }, signal))
    events.push(event);
  const text = events.map((one) => (one.type === "delta" ? one.text : "")).join("");
  return { text, events, end: events.at(-1) as Extract<GenerateEvent, { type: "end" }> };
}

export function conforms(
  name: string,
  start: () => Promise<Subject>,
  options: { skip?: boolean } = {},
): void {
  describe.skipIf(options.skip === true)(`${name} conforms`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await start();
    }, 120_000);
    afterAll(async () => {
      await subject?.stop();
    });

    it("is ready and says what it is", () => {
      const { engine } = subject;
      expect(engine.state()).toBe("ready");
      expect(engine.info.context).toBeGreaterThan(15);
      expect(engine.info.slots).toBeGreaterThan(0);
      expect(engine.zombies).toBe(0);
    });

    it("says the whole reply, first a start and last one end", async () => {
      const { text, events, end } = await ask(subject.engine, [user("hello")]);
      expect(text).toBe(subject.reply);
      expect(events[0]?.type).toBe("start");
      expect(events.filter(({ type }) => type === "end")).toHaveLength(1);
      expect(end).toMatchObject({ type: "end", reason: "stop" });
    });

    it("counts what it read and said", async () => {
      const { end, events } = await ask(subject.engine, [user("hello there")]);
      expect(end.promptTokens).toBeGreaterThan(0);
      expect(end.completionTokens).toBeGreaterThan(0);
      const counts = events.flatMap((one) => (one.type === "delta" ? [one.tokens] : []));
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    });

    it("stops at the limit of tokens", async () => {
      const { end, text } = await ask(subject.engine, [user("hello")], { maxTokens: 2 });
      expect(end).toMatchObject({ reason: "length", completionTokens: 2 });
      expect(subject.reply.startsWith(text)).toBe(true);
    });

    it("takes system text and turns", async () => {
      const messages: ChatMessage[] = [
        { role: "system", content: "Be kind." },
        user("hello"),
        { role: "assistant", content: "Hello." },
        user("and now?"),
      ];
      expect((await ask(subject.engine, messages)).text).toBe(subject.reply);
    });

    it("takes any script", async () => {
      expect((await ask(subject.engine, [user("Über 漢字 🙂 ไทย")])).text).toBe(subject.reply);
    });

    it("reads a typed control word as text", async () => {
      const { text } = await ask(subject.engine, [user(`hello ${subject.control} again`)]);
      expect(text).not.toBe(subject.controlled);
      expect(text).toBe(subject.reply);
    });

    it("serves as many at a time as it has slots", async () => {
      const { engine, reply } = subject;
      const all = await Promise.all(
        Array.from({ length: Math.min(2, engine.info.slots) }, (_, at) =>
          ask(engine, [user(`hello ${at}`)], {}, undefined, `owner ${at}`),
        ),
      );
      expect(all.map(({ text }) => text)).toEqual(all.map(() => reply));
    });

    it("does not begin for somebody who has left", async () => {
      const gone = AbortSignal.abort(new Error("left"));
      await expect(ask(subject.engine, [user("hello")], {}, gone)).rejects.toThrow(/left/);
    });

    it("ends at once when it is cancelled, and serves the next", async () => {
      const { engine, reply } = subject;
      const leaving = new AbortController();
      const stream = engine.generate(
        {
          messages: [user("hello")],
          sampling: { ...samplingDefaults, temperature: 0, repetitionPenalty: 1, maxTokens: 64 },
          owner: "somebody",
          reusePrefix: true,
        },
        leaving.signal,
      );
      for await (const event of stream) {
        if (event.type !== "delta") continue;
        leaving.abort(new Error("left"));
        break;
      }
      expect((await ask(engine, [user("hello")])).text).toBe(reply);
    });

    it("lets go of a reader that stops reading", async () => {
      const { engine, reply } = subject;
      for (let at = 0; at < engine.info.slots + 1; at++) {
        const stream = engine.generate(
          {
            messages: [user("hello")],
            sampling: { ...samplingDefaults, temperature: 0, repetitionPenalty: 1, maxTokens: 64 },
            owner: `reader ${at}`,
            reusePrefix: true,
          },
          new AbortController().signal,
        );
        await stream.next();
        await stream.return();
      }
      expect((await ask(engine, [user("hello")])).text).toBe(reply);
    });

    it("refuses or counts what is too long, and never cuts it in silence", async () => {
      const { engine } = subject;
      const messages = [user("word ".repeat(engine.info.context * 4))];
      const counted = await engine.count(messages, 16);
      if (counted !== undefined) expect(counted).toBeGreaterThan(engine.info.context - 16);
      await expect(ask(engine, messages)).rejects.toMatchObject({ code: "context_length_exceeded" });
      expect((await ask(engine, [user("hello")])).text).toBe(subject.reply);
    });

    it("counts nothing where everything fits for certain, or counts right", async () => {
      const counted = await subject.engine.count([user("hello")], 16);
      if (counted !== undefined) expect(counted).toBeLessThan(64);
    });

    it("forgets an owner", async () => {
      const { engine, reply } = subject;
      await engine.forget("somebody");
      const { text, end } = await ask(engine, [user("hello")]);
      expect(text).toBe(reply);
      expect(end.reusedTokens).toBeLessThanOrEqual(1);
    });

    it("says one token where one is wanted", async () => {
      const { end, text } = await ask(subject.engine, [user("hello")], { maxTokens: 1 });
      expect(end).toMatchObject({ reason: "length", completionTokens: 1 });
      expect(text).not.toBe("");
    });

    it("tells of text alone, and never of more tokens than its end", async () => {
      const { events, end } = await ask(subject.engine, [user("hello")]);
      const deltas = events.filter((one) => one.type === "delta");
      expect(deltas.every(({ text }) => text !== "")).toBe(true);
      expect(deltas.at(-1)?.tokens).toBeLessThanOrEqual(end.completionTokens);
    });

    it("takes every value of sampling at once", async () => {
      const { end } = await ask(subject.engine, [user("hello")], {
        temperature: 1.3,
        topP: 0.5,
        topK: 7,
        minP: 0.05,
        repetitionPenalty: 1.2,
        presencePenalty: 0.5,
        frequencyPenalty: -0.5,
        seed: 4_294_967_295,
        stop: ["never said"],
        maxTokens: 5,
      });
      expect(end.completionTokens).toBeGreaterThan(0);
    });

    it("ends before its first text when it is cancelled while it reads", async () => {
      const { engine, reply } = subject;
      const leaving = new AbortController();
      const sampling = { ...samplingDefaults, temperature: 0, repetitionPenalty: 1, maxTokens: 64 };
      const request = { messages: [user("hello")], sampling, owner: "leaver", reusePrefix: true };
      const stream = engine.generate(request, leaving.signal);
      expect((await stream.next()).value).toMatchObject({ type: "start" });
      leaving.abort(new Error("left"));
      const rest = async (): Promise<void> => {
        for await (const _event of stream);
      };
      await expect(rest()).rejects.toThrow(/left/);
      expect((await ask(engine, [user("hello")])).text).toBe(reply);
    });

    it("reads nothing of an earlier request where reuse is off, and no more than the prompt where it is on", async () => {
      const { engine } = subject;
      const request = {
        messages: [user("a prompt that stood there before")],
        sampling: { ...samplingDefaults, temperature: 0, repetitionPenalty: 1, maxTokens: 4 },
        owner: "reuser",
      };
      const endOf = async (reusePrefix: boolean) => {
        let end: Extract<GenerateEvent, { type: "end" }> | undefined;
        for await (const event of engine.generate({ ...request, reusePrefix }, new AbortController().signal))
          if (event.type === "end") end = event;
        return end as Extract<GenerateEvent, { type: "end" }>;
      };
      await endOf(true);
      const warm = await endOf(true);
      expect(warm.reusedTokens).toBeLessThanOrEqual(warm.promptTokens);
      expect((await endOf(false)).reusedTokens).toBe(0);
    });

    it("forgets an owner that it never knew", async () => {
      await expect(subject.engine.forget("nobody")).resolves.toBeUndefined();
    });

    it("says the same again to the same", async () => {
      const one = await ask(subject.engine, [user("the same")], { seed: 7 });
      const other = await ask(subject.engine, [user("the same")], { seed: 7 });
      expect(other.text).toBe(one.text);
    });
  });
}
