import { serverEvents } from "../server-events.ts";

/** One streamed reply as its reader saw it. Times are milliseconds since the request was due. */
export type Timed = {
  ok: boolean;
  code: string;
  ttftMs: number | null;
  totalMs: number;
  tokens: number;
  /** (end of content - first content) over the tokens after the first, by the server's own usage. */
  itlMs: number | null;
};

type Json = Record<string, unknown>;
const limitMs = 120_000;

/** Sends one chat request and reads its stream; the clock runs from `dueAt`, so that waiting for a turn counts. */
export async function timedRequest(
  base: string,
  options: { model: string; prompt: string; maxTokens: number; dueAt: number },
): Promise<Timed> {
  const { dueAt } = options;
  let first: number | undefined;
  let last = 0;
  let chunks = 0;
  let tokens: number | undefined;
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
    for await (const data of serverEvents(response.body)) {
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
        last = since();
        first ??= last;
        chunks++;
      }
      const said = (chunk["usage"] as Json | null | undefined)?.["completion_tokens"];
      if (typeof said === "number") tokens = said;
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
