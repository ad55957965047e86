import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { TrainingReadyError } from "../../shared/index.ts";
import { errorOf } from "../failure.ts";
import type { TrackerAnswer, TrackerCall } from "./messages.ts";

/** Longest that the service waits for the tracker in a request; then the outbox keeps what it is told. */
const patienceMs = 25;

export const trackerDown = (message: string): TrainingReadyError =>
  new TrainingReadyError("E_STORE_DOWN", message);

export type Asked = TrackerCall extends infer Call
  ? Call extends TrackerCall
    ? Omit<Call, "id">
    : never
  : never;
export type Answered = Extract<TrackerAnswer, { value: unknown }>["value"];
export type Asking = { ask: (call: Asked) => Answered; isHung: () => boolean };

/**
 * Asks the thread and waits at most `patienceMs`. While an answer is overdue nobody waits at all: a tracker that hangs
 * costs the service that time once.
 */
export function asking(port: MessagePort, raised: Int32Array, isGone: () => boolean): Asking {
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
    if (isGone()) throw trackerDown("the tracker has ended");
    if (overdue !== undefined) throw trackerDown("the tracker does not answer");
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
        throw trackerDown("the tracker does not answer in time");
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
