import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { riskWaitsIn, storePaths } from "../../progress/index.ts";
import {
  errorCatalogue,
  startThread,
  TrainingReadyError,
  type ErrorCode,
  type ExitCode,
  type Log,
} from "../../shared/index.ts";
import type { Scope } from "../../inference/index.ts";
import type { Caller } from "../inference/caller.ts";
import { trackerOpenApi, withKnownTokens, type Tracker } from "../inference/tracker.ts";
import { problemOf } from "../problem.ts";
import type {
  SentCaller,
  TrackerAnswer,
  TrackerCall,
  TrackerData,
  TrackerNews,
  TrackerOrder,
} from "./messages.ts";

/** A tracker that runs in a thread of its own, since it waits for a database server. */
export type ThreadTracker = Tracker & { close: () => Promise<void> };

/** Longest that the service waits for the tracker in a request; then the outbox keeps what it is told. */
const patienceMs = 25;
const closingMs = 15_000;

const down = (message: string): TrainingReadyError => new TrainingReadyError("E_STORE_DOWN", message);

function errorOf({ code, message }: { code: string | undefined; message: string }): Error {
  return code !== undefined && Object.hasOwn(errorCatalogue, code)
    ? new TrainingReadyError(code as ErrorCode, message)
    : new Error(message);
}

type Asked = TrackerCall extends infer Call ? (Call extends TrackerCall ? Omit<Call, "id"> : never) : never;
type Answered = Extract<TrackerAnswer, { value: unknown }>["value"];
type Asking = { ask: (call: Asked) => Answered; isHung: () => boolean };

/**
 * Asks the thread and waits at most `patienceMs`. While an answer is overdue nobody waits at all: a tracker that hangs
 * costs the service that time once.
 */
function asking(port: MessagePort, raised: Int32Array, isGone: () => boolean): Asking {
  let nextId = 1;
  let overdue: number | undefined;
  const answers = (id: number): TrackerAnswer | undefined => {
    for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
      const answer = got.message as TrackerAnswer;
      if (answer.id === overdue) overdue = undefined;
      if (answer.id === id) return answer;
    }
    return undefined;
  };
  const ask = (call: Asked): Answered => {
    answers(0);
    if (isGone()) throw down("the tracker has ended");
    if (overdue !== undefined) throw down("the tracker does not answer");
    const id = nextId++;
    port.postMessage({ ...call, id } satisfies TrackerCall);
    const until = performance.now() + patienceMs;
    for (;;) {
      const seen = Atomics.load(raised, 0);
      const answer = answers(id);
      if (answer !== undefined) {
        if ("value" in answer) return answer.value;
        throw errorOf(answer);
      }
      const left = until - performance.now();
      if (left <= 0) {
        overdue = id;
        throw down("the tracker does not answer in time");
      }
      Atomics.wait(raised, 0, seen, left);
    }
  };
  const isHung = (): boolean => {
    answers(0);
    return overdue !== undefined;
  };
  return { ask, isHung };
}

const callerOf = (sent: SentCaller): Caller => ({ ...sent, scopes: new Set(sent.scopes as Scope[]) });

/** Hands a request to the thread's own server and its answer back, a piece at a time. */
function forwarder(socket: string): (request: IncomingMessage, response: ServerResponse) => void {
  const agent = new Agent({ keepAlive: true });
  return (request, response) => {
    const { method, url, headers } = request;
    const inner = forward({ socketPath: socket, agent, method, path: url, headers }, (reply) => {
      const { connection: _, "keep-alive": __, "transfer-encoding": ___, ...kept } = reply.headers;
      response.writeHead(reply.statusCode ?? 502, kept);
      reply.pipe(response);
      reply.once("error", () => response.destroy());
    });
    inner.once("error", () => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const text = JSON.stringify(problemOf(down("the tracker does not answer")));
      response.writeHead(503, { "content-type": "application/problem+json; charset=utf-8" }).end(text);
    });
    response.once("close", () => inner.destroy());
    request.pipe(inner);
  };
}

/** Starts a home's tracker in a thread. Throws as `openProgress` does. */
export async function startTracker(options: {
  home: string;
  host: string;
  log: Log;
  write: (line: string) => void;
}): Promise<ThreadTracker> {
  const { home, host, log, write } = options;
  const folder = mkdtempSync(join(tmpdir(), "training-ready-tracker-"));
  const socket = join(folder, "http");
  const signal = new SharedArrayBuffer(4);
  const calls = new MessageChannel();
  const orders = new MessageChannel();
  const data: TrackerData = { home, host, socket, signal };
  const file = import.meta.url.endsWith(".ts") ? "./serving-thread.ts" : "./serving-thread.js";
  const thread = startThread(new URL(file, import.meta.url), {
    workerData: { ...data, calls: calls.port2, orders: orders.port2 },
    transferList: [calls.port2, orders.port2],
  });
  let isGone = false;
  const gone = new Promise<void>((done) =>
    thread.once("exit", () => {
      isGone = true;
      rmSync(folder, { recursive: true, force: true });
      done();
    }),
  );
  const news = new Promise<TrackerNews>((done) => {
    orders.port1.on("message", (one: TrackerNews) => {
      if (one.kind === "log") write(one.line);
      else done(one);
    });
    thread.once("error", (error) => {
      log.error("the tracker's thread failed", { error: error.name });
      done({
        kind: "failed",
        code: undefined,
        message: error.message,
        hint: undefined,
        exitCode: 2,
      });
    });
  });
  const first = await news;
  if (first.kind === "failed") {
    await thread.terminate();
    const { code, message, hint, exitCode } = first;
    if (code === undefined || !Object.hasOwn(errorCatalogue, code)) throw new Error(message);
    throw new TrainingReadyError(code as ErrorCode, message, {
      ...(hint === undefined ? {} : { hint }),
      exitCode: exitCode as ExitCode,
    });
  }
  const order = (one: TrackerOrder): void => orders.port1.postMessage(one);
  const { ask, isHung } = asking(calls.port1, new Int32Array(signal), () => isGone);
  const paths = storePaths(home);
  return {
    answer: forwarder(socket),
    isUp: () => !isGone && !isHung() && !riskWaitsIn(paths),
    link: {
      takeTurn: (tenant, turn) => ask({ kind: "turn", tenant, turn }) as "stored" | "refused",
      takeDetection: (tenant, detection) =>
        ask({ kind: "detection", tenant, detection }) as "stored" | "refused" | "queued",
    },
    others: withKnownTokens((token) => {
      const caller = ask({ kind: "token", token }) as SentCaller | null;
      return caller === null ? undefined : callerOf(caller);
    }),
    openApi: trackerOpenApi,
    listensAt: (url) => order({ kind: "listens", url }),
    keepsStateIn: (state) => order({ kind: "state", folder: state.paths.folder }),
    async close() {
      order({ kind: "close" });
      const late = setTimeout(() => void thread.terminate(), closingMs);
      await gone;
      clearTimeout(late);
    },
  };
}
