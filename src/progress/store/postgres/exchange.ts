import { receiveMessageOnPort, MessageChannel } from "node:worker_threads";
import { startThread } from "../../../shared/index.ts";
import type { Reply, Request, ThreadData } from "./messages.ts";

/** Questions to the thread of a connection, and the wait for its answers. */
export type Exchange = {
  post: (request: Request) => void;
  /** Blocks until the reply to `id` is there; replies to others that came before it go to `onOther`. */
  wait: (id: number, limitMs: number, onOther: (reply: Reply) => void) => Reply;
  end: () => void;
};

/** Starts the thread that holds a connection. */
export function startExchange(options: Omit<ThreadData, "signal">): Exchange {
  const signal = new SharedArrayBuffer(4);
  const raised = new Int32Array(signal);
  const { port1: port, port2 } = new MessageChannel();
  const data: ThreadData = { ...options, signal };
  const file = import.meta.url.endsWith(".ts") ? "./postgres-thread.ts" : "./postgres-thread.js";
  const thread = startThread(new URL(file, import.meta.url), {
    workerData: { ...data, port: port2 },
    transferList: [port2],
  });
  thread.unref();
  port.unref();
  return {
    post: (request) => port.postMessage(request),
    wait(id, limitMs, onOther) {
      const until = performance.now() + limitMs;
      for (;;) {
        const seen = Atomics.load(raised, 0);
        for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
          const reply = got.message as Reply;
          if (reply.id === id) return reply;
          onOther(reply);
        }
        const left = until - performance.now();
        if (left <= 0) {
          port.postMessage({ kind: "abandon" } satisfies Request);
          return { id, step: 0, failure: { message: "no answer in time", code: "57014", isLost: true } };
        }
        Atomics.wait(raised, 0, seen, left);
      }
    },
    end: () => void thread.terminate(),
  };
}
