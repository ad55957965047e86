import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openProgress,
  startInference,
  type InferenceOptions,
  type OpenProgress,
  type RunningInference,
} from "../../src/service/index.ts";
import { createLog } from "../../src/shared/index.ts";

export type Asked = { messages: { role: string; content: string }[] };

/** A mock engine that answers `echo N: TEXT`, word by word, and remembers what it was asked. */
export type Echo = {
  url: string;
  asked: Asked[];
  /** Milliseconds between words; the test may change it. */
  pace: { ms: number };
  /** Words after which it hangs up; the test may change it. */
  breaks: { after: number };
  /** True: it takes the request and says nothing. */
  mute: { isOn: boolean };
  /** Replies at a time, at most. */
  most: { atOnce: number };
  close: () => Promise<void>;
};

/** `owner` as in its list of models: `vllm` is an engine that keeps conversations apart. */
export async function startEcho(owner?: string): Promise<Echo> {
  const asked: Asked[] = [];
  const pace = { ms: 0 };
  const breaks = { after: Infinity };
  const mute = { isOn: false };
  const most = { atOnce: 0 };
  const live = new Set<unknown>();
  const read = async (request: IncomingMessage): Promise<string> => {
    let body = "";
    for await (const piece of request as AsyncIterable<Buffer>) body += piece.toString();
    return body;
  };
  const server: Server = createServer((request, response) => {
    if (request.url === "/v1/models") {
      response.end(JSON.stringify({ data: [{ id: "echo", owned_by: owner }] }));
      return;
    }
    if (request.method === "GET") {
      response.writeHead(404).end();
      return;
    }
    void read(request).then(async (body) => {
      const call = JSON.parse(body) as Asked;
      asked.push(call);
      const words = `echo ${asked.length}: ${call.messages.at(-1)?.content}.`.match(/\s*\S+/g) ?? [];
      response.writeHead(200, { "content-type": "text/event-stream" });
      live.add(response);
      // whichever comes first: the last byte is written, or the reader went away
      for (const end of ["finish", "close"]) response.once(end, () => live.delete(response));
      most.atOnce = Math.max(most.atOnce, live.size);
      if (mute.isOn) {
        response.flushHeaders();
        return;
      }
      for (const [at, word] of words.entries()) {
        if (response.destroyed) return;
        if (at === breaks.after) {
          setTimeout(() => response.destroy(), 20);
          return;
        }
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`);
        if (pace.ms > 0) await new Promise((wait) => setTimeout(wait, pace.ms));
      }
      const finish = { choices: [{ delta: {}, finish_reason: "stop" }] };
      const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: words.length } };
      response.end(`data: ${JSON.stringify(finish)}\n\ndata: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    pace,
    breaks,
    mute,
    most,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type Running = RunningInference & {
  home: string;
  log: string[];
  /** The tracker that was opened with it. */
  progress: OpenProgress | undefined;
};

/** The service in this process, on a home in a temporary folder; with a tracker if wished. */
export async function startRunning(
  engine: string | undefined,
  options: Partial<InferenceOptions> & { tracker?: boolean; home?: string } = {},
): Promise<Running> {
  const { tracker, home: named, ...rest } = options;
  const home = named ?? (await mkdtemp(join(tmpdir(), "running-")));
  const log: string[] = [];
  const notice = (line: string): void => void log.push(line);
  const progress =
    tracker === true
      ? await openProgress({ home, host: "127.0.0.1", log: createLog({ write: notice }) })
      : undefined;
  const running = await startInference({
    ...(engine === undefined ? {} : { engine }),
    host: "127.0.0.1",
    port: 0,
    loopDelayMs: () => 0, // a busy machine must decide no test
    notice,
    ...(progress === undefined ? {} : { progress }),
    ...rest,
  });
  return {
    ...running,
    home,
    log,
    progress,
    async close() {
      await running.close();
      await progress?.close();
      if (named === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

export type Reply = { status: number; body: Record<string, unknown>; headers: Headers };

/** One JSON request. */
export async function send(
  url: string,
  method: string,
  path: string,
  options: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { body, token, headers = {} } = options;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    headers: response.headers,
  };
}
