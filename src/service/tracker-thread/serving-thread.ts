import { workerData, type MessagePort } from "node:worker_threads";
import { createLog, TrainingReadyError } from "../../shared/index.ts";
import { failureOf } from "../failure.ts";
import { erasesFrom } from "../erase-inference.ts";
import { linkTo, readToken } from "../inference/tracker.ts";
import { openProgress, type OpenProgress } from "../serve-progress.ts";
import type {
  SentCaller,
  TrackerAnswer,
  TrackerCall,
  TrackerData,
  TrackerNews,
  TrackerOrder,
} from "./messages.ts";

const { home, host, socket, signal, calls, orders } = workerData as TrackerData & {
  calls: MessagePort;
  orders: MessagePort;
};
const raised = new Int32Array(signal);
const tell = (news: TrackerNews): void => orders.postMessage(news, []);

function valueOf(
  tracker: OpenProgress,
  call: TrackerCall,
): "stored" | "refused" | "queued" | SentCaller | null {
  const link = linkTo(tracker.store);
  if (call.kind === "turn") return link.takeTurn(call.tenant, call.turn);
  if (call.kind === "detection") return link.takeDetection(call.tenant, call.detection);
  const caller = readToken(tracker.store, call.token);
  return caller === undefined ? null : { ...caller, scopes: [...caller.scopes] };
}

function answer(tracker: OpenProgress, call: TrackerCall): TrackerAnswer {
  try {
    return { id: call.id, value: valueOf(tracker, call) };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    return { id: call.id, code: typeof code === "string" ? code : undefined, message };
  }
}

async function obey(tracker: OpenProgress, order: TrackerOrder): Promise<void> {
  if (order.kind === "listens") tracker.listensAt(order.url);
  else if (order.kind === "state") tracker.erasesAlso(await erasesFrom(order.folder));
  else {
    await tracker.close();
    tell({ kind: "closed" });
    calls.close();
    orders.close();
  }
}

const log = createLog({ write: (line) => tell({ kind: "log", line }) });
try {
  const tracker = await openProgress({ home, host, log });
  await tracker.app.listen({ path: socket });
  calls.on("message", (call: TrackerCall) => {
    calls.postMessage(answer(tracker, call), []);
    Atomics.add(raised, 0, 1);
    Atomics.notify(raised, 0);
  });
  orders.on("message", (order: TrackerOrder) => {
    obey(tracker, order).catch((error: unknown) =>
      log.error("the tracker did not do what it was told", {
        code: error instanceof TrainingReadyError ? error.code : "E_INTERNAL",
      }),
    );
  });
  tell({ kind: "ready" });
} catch (error) {
  tell({ kind: "failed", ...failureOf(error) });
}
