import { MessageChannel } from "node:worker_threads";
import { startThread, type Log } from "../../shared/index.ts";
import { errorOf, failureOf } from "../failure.ts";
import { asking, type Asking } from "./asking.ts";
import type { TrackerData, TrackerNews, TrackerOrder } from "./messages.ts";

export type ThreadStart = typeof startThread;

/** A thread that holds a tracker, from its start to its end. */
export type OneThread = Asking & {
  order: (order: TrackerOrder) => void;
  isGone: () => boolean;
  gone: Promise<void>;
  terminate: () => Promise<unknown>;
};

/** Starts a thread; rejects as `openProgress` does. */
export async function startOne(options: {
  home: string;
  host: string;
  socket: string;
  log: Log;
  write: (line: string) => void;
  start: ThreadStart;
}): Promise<OneThread> {
  const { home, host, socket, log, write } = options;
  const signal = new SharedArrayBuffer(4);
  const calls = new MessageChannel();
  const orders = new MessageChannel();
  const data: TrackerData = { home, host, socket, signal };
  const file = import.meta.url.endsWith(".ts") ? "./serving-thread.ts" : "./serving-thread.js";
  const thread = options.start(new URL(file, import.meta.url), {
    workerData: { ...data, calls: calls.port2, orders: orders.port2 },
    transferList: [calls.port2, orders.port2],
  });
  let isGone = false;
  const gone = new Promise<void>((done) =>
    thread.once("exit", () => {
      isGone = true;
      orders.port1.close();
      calls.port1.close();
      done();
    }),
  );
  const first = await new Promise<TrackerNews>((done) => {
    orders.port1.on("message", (one: TrackerNews) => {
      if (one.kind === "log") write(one.line);
      else done(one);
    });
    thread.once("error", (error) => {
      log.error("the tracker's thread failed", { error: error.name });
      done({ kind: "failed", ...failureOf(error) });
    });
    thread.once("exit", () =>
      done({ kind: "failed", ...failureOf(new Error("the tracker's thread ended")) }),
    );
  });
  if (first.kind === "failed") {
    await thread.terminate();
    throw errorOf(first);
  }
  return {
    ...asking(calls.port1, new Int32Array(signal), () => isGone),
    order: (order) => orders.port1.postMessage(order),
    isGone: () => isGone,
    gone,
    terminate: () => thread.terminate(),
  };
}
