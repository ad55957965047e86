// One service before one echo, and the official npm client on a real socket before both.
import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { startEcho, startRunning, type Echo, type Running } from "./running.test-support.ts";

export type Body = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;
export const user = (content: string) => ({ role: "user" as const, content });
export const ask = (content: string): Body => ({ model: "tiny", messages: [user(content)] });
export const textOf = (reply: OpenAI.Chat.ChatCompletion): string => reply.choices[0]?.message.content ?? "";

/** The error that a call ends in. */
export async function failure(call: PromiseLike<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error("no error came");
}

export type Clients = {
  readonly echo: Echo;
  readonly client: OpenAI;
  clientOf: (more?: Partial<ConstructorParameters<typeof OpenAI>[0]>) => OpenAI;
  create: (more: Record<string, unknown>, content?: string) => Promise<OpenAI.Chat.ChatCompletion>;
  chunksOf: (more: Record<string, unknown>, content?: string) => Promise<OpenAI.Chat.ChatCompletionChunk[]>;
};

/** Starts service, engine and client for the tests of a file. */
export function servedClient(): Clients {
  let echo: Echo;
  let served: Running;
  let client: OpenAI;
  const clientOf: Clients["clientOf"] = (more = {}) =>
    new OpenAI({ baseURL: `${served.url}/v1`, apiKey: "none-is-needed-here", maxRetries: 0, ...more });
  beforeAll(async () => {
    echo = await startEcho();
    served = await startRunning(echo.url, { name: "tiny" });
    client = clientOf();
  });
  afterAll(async () => {
    await served?.close();
    await echo?.close();
  });
  beforeEach(() => {
    echo.pace.ms = 0;
    echo.breaks.after = Infinity;
    echo.mute.isOn = false;
  });
  return {
    get echo() {
      return echo;
    },
    get client() {
      return client;
    },
    clientOf,
    create: (more, content = "hi") => client.chat.completions.create({ ...ask(content), ...more }),
    async chunksOf(more, content = "One two three. Four five.") {
      const stream = await client.chat.completions.create({ ...ask(content), ...more, stream: true });
      const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    },
  };
}
