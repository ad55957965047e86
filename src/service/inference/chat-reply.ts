import type { ServerResponse } from "node:http";
import { asApiError, errorBody } from "./api-error.ts";
import type { ChatCall } from "./chat-request.ts";
import type { ContextNote, ReplyEvent } from "./generate-reply.ts";

type End = Extract<ReplyEvent, { type: "end" }>;
type Identity = { id: string; model: string; requestId: string };

const heartbeatMs = 15_000;
const openAfterMs = 10_000;
const slowReaderMs = 30_000;

const usageOf = (context: ContextNote, completionTokens: number): Record<string, unknown> => ({
  prompt_tokens: context.promptTokens,
  completion_tokens: completionTokens,
  total_tokens: context.promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: context.reusedTokens },
});

const notes = (end: End): Record<string, unknown> => ({
  x_safety: end.safety,
  x_context: end.context,
  ...(end.notice === undefined ? {} : { x_notice: end.notice }),
  ...(end.session === undefined ? {} : { x_session: end.session }),
  ...(end.progress === undefined ? {} : { metadata: { progress: end.progress } }),
});

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...headers,
  });
  response.end(text);
}

/** Collects a reply and its end. */
export async function whole(events: AsyncIterable<ReplyEvent>): Promise<{ text: string; end: End }> {
  let text = "";
  for await (const event of events) {
    if (event.type === "end") return { text, end: event };
    text += event.text;
  }
  throw new Error("a reply without an end");
}

/** A `chat.completion` object. */
export async function sendWhole(
  response: ServerResponse,
  events: AsyncIterable<ReplyEvent>,
  { id, model }: Identity,
): Promise<void> {
  const { text, end } = await whole(events);
  sendJson(response, 200, {
    id,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, refusal: null },
        logprobs: null,
        finish_reason: end.finish,
      },
    ],
    usage: usageOf(end.context, end.completionTokens),
    ...notes(end),
  });
}

/** Lets pieces that come in one turn of the loop leave in one system call. */
function gathered(response: ServerResponse): void {
  if (response.writableCorked > 0) return;
  response.cork();
  setImmediate(() => response.uncork());
}

/** Waits until a slow reader has taken what was written; gives up on one that does not read. */
async function writeAll(response: ServerResponse, text: string, giveUp: () => void): Promise<void> {
  if (response.destroyed) return;
  gathered(response);
  if (response.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(() => {
      giveUp();
      response.destroy();
      done();
    }, slowReaderMs);
    response.once("drain", done);
    response.once("close", done);
  });
}

/** Server-sent `chat.completion.chunk` objects. A refusal before the first byte is thrown; a later one is an error event. */
export async function sendStream(
  response: ServerResponse,
  events: AsyncGenerator<ReplyEvent, void>,
  call: Pick<ChatCall, "includesUsage">,
  identity: Identity,
  giveUp: () => void,
  /** Place of the first event, where a reader that comes back may go on; without it events have no ids. */
  from?: number,
): Promise<void> {
  const { id, model, requestId } = identity;
  const created = Math.floor(Date.now() / 1000);
  const write = (text: string): Promise<void> => writeAll(response, text, giveUp);
  let place = from ?? 0;
  const eventId = (): string => (from === undefined ? "" : `id: ${place}\n`);
  // What is the same in every chunk is written out once.
  const head = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},`;
  const noUsage = call.includesUsage ? '"usage":null,' : "";
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}): Promise<void> => {
    const { usage, ...rest } = more;
    const own = usage === undefined ? noUsage : `"usage":${JSON.stringify(usage)},`;
    const tail = Object.keys(rest).length === 0 ? "" : `,${JSON.stringify(rest).slice(1, -1)}`;
    return write(`${eventId()}${head}${own}"choices":${JSON.stringify(choices)}${tail}}\n\n`);
  };
  const textChunk = (text: string): Promise<void> =>
    write(
      `${eventId()}${head}${noUsage}"choices":[{"index":0,"delta":{"content":${JSON.stringify(text)}},"logprobs":null,"finish_reason":null}]}\n\n`,
    );
  const choice = (delta: Record<string, unknown>, finish: string | null = null): unknown[] => [
    { index: 0, delta, logprobs: null, finish_reason: finish },
  ];
  let isOpen = false;
  const open = async (): Promise<void> => {
    if (isOpen) return;
    isOpen = true;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-request-id": requestId,
    });
    response.emit("streaming"); // from here on an error is an event: see workers/last-words.ts
    await chunk(choice({ role: "assistant", content: "" }));
  };
  // A long wait for the first word: the reader is told that somebody is there.
  const opener = setTimeout(() => void open(), openAfterMs);
  const heart = setInterval(() => {
    if (isOpen && !response.writableNeedDrain) response.write(": waiting\n\n");
  }, heartbeatMs);
  try {
    for await (const event of events) {
      clearTimeout(opener);
      await open();
      place++;
      if (event.type === "text") {
        const written = textChunk(event.text);
        if (response.writableNeedDrain) await written;
        continue;
      }
      await chunk(choice({}, event.finish), notes(event));
      if (call.includesUsage)
        await chunk([], { usage: usageOf(event.context, event.completionTokens), ...notes(event) });
      await write("data: [DONE]\n\n");
    }
    response.end();
  } catch (error) {
    if (!isOpen) throw error;
    if (!response.destroyed)
      response.end(`event: error\ndata: ${JSON.stringify(errorBody(asApiError(error), requestId))}\n\n`);
  } finally {
    clearTimeout(opener);
    clearInterval(heart);
  }
}
