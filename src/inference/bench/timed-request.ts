import { serverEvents } from "../http/server-events.ts";

/** One streamed reply as its reader saw it. Times are milliseconds since the request was due. */
export type Timed = {
  ok: boolean;
  code: string;
  /** First content that is not empty: no role, no comment, no reasoning. */
  ttftMs: number | null;
  /** Last content; what a server sends after it (usage, [DONE]) is not the reader's wait. */
  totalMs: number;
  /** Tokens of content, by the server's own usage. */
  tokens: number;
  /** (end of content - first content) over the tokens after the first. */
  itlMs: number | null;
};

/** When each piece of content came, and how many characters had come by then. */
export type Mark = { atMs: number; characters: number };

type Json = Record<string, unknown>;
const limitMs = 120_000;

async function* stampedBy(
  body: AsyncIterable<Uint8Array>,
  stamp: () => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of body) {
    stamp();
    yield bytes;
  }
}

/** Completion tokens less those of reasoning, which servers count among them and show as no content. */
function contentTokens(usage: unknown): number | undefined {
  const { completion_tokens: all, completion_tokens_details: details } = (usage ?? {}) as Json;
  if (typeof all !== "number") return undefined;
  const reasoning = (details as Json | null | undefined)?.["reasoning_tokens"];
  return typeof reasoning === "number" ? Math.max(0, all - reasoning) : all;
}

/** Sends one chat request and reads its stream; the clock runs from `dueAt`, so that waiting for a turn counts. */
export async function timedRequest(
  base: string,
  options: { model: string; prompt: string; maxTokens: number; dueAt: number; marks?: Mark[] },
): Promise<Timed> {
  const { dueAt, marks } = options;
  let first: number | undefined;
  let last = 0;
  let chunks = 0;
  let characters = 0;
  let tokens: number | undefined;
  let arrivedAt = 0;
  const since = (): number => performance.now() - dueAt;
  const failed = (code: string): Timed => ({
    ok: false,
    code,
    ttftMs: first ?? null,
    totalMs: since(),
    tokens: tokens ?? chunks,
    itlMs: null,
  });
  try {
    const response = await fetch(`${base}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: options.model,
        messages: [{ role: "user", content: options.prompt }],
        max_tokens: options.maxTokens,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      }),
      signal: AbortSignal.timeout(limitMs),
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return failed(`http_${response.status}`);
    }
    let isDone = false;
    // The clock is read when bytes come from the socket, so that our own parsing is no part of the wait.
    const stamped = stampedBy(response.body, () => (arrivedAt = since()));
    for await (const data of serverEvents(stamped)) {
      if (data === "[DONE]") {
        isDone = true;
        break;
      }
      const chunk = JSON.parse(data) as Json;
      if (chunk["error"] !== undefined) return failed("stream_error");
      const text = ((chunk["choices"] as Json[] | undefined)?.[0]?.["delta"] as Json | undefined)?.[
        "content"
      ];
      if (typeof text === "string" && text !== "") {
        last = arrivedAt;
        first ??= last;
        chunks++;
        characters += text.length;
        marks?.push({ atMs: last, characters });
      }
      tokens = contentTokens(chunk["usage"]) ?? tokens;
    }
    if (!isDone || first === undefined) return failed(isDone ? "empty" : "cut");
    const counted = tokens ?? chunks;
    return {
      ok: true,
      code: "ok",
      ttftMs: first,
      totalMs: last,
      tokens: counted,
      itlMs: counted > 1 ? (last - first) / (counted - 1) : null,
    };
  } catch (error) {
    return failed((error as Error).name === "TimeoutError" ? "timeout" : "connection");
  }
}
