import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { riskWaitsIn, storePaths } from "../../progress/index.ts";
import { startThread, TrainingReadyError, type Log } from "../../shared/index.ts";
import type { Scope } from "../../inference/index.ts";
import type { Caller } from "../inference/caller.ts";
import { trackerOpenApi, withKnownTokens, type Tracker } from "../inference/tracker.ts";
import { trackerDown, type Answered, type Asked } from "./asking.ts";
import { forwarder } from "./forwarder.ts";
import type { SentCaller, TrackerOrder } from "./messages.ts";
import { startOne, type OneThread, type ThreadStart } from "./one-thread.ts";

/** A tracker that runs in a thread of its own, since it waits for a database server. */
export type ThreadTracker = Tracker & { close: () => Promise<void> };

const closingMs = 15_000;
const shortestPauseMs = 100;
const longestPauseMs = 30_000;
const steadyMs = 60_000; // after which an end counts as the first again

const callerOf = (sent: SentCaller): Caller => ({ ...sent, scopes: new Set(sent.scopes as Scope[]) });

/**
 * Starts a home's tracker in a thread, and again whenever the thread ends: meanwhile it is a store that is down. Throws as
 * `openProgress` does where the first start fails.
 */
export async function startTracker(options: {
  home: string;
  host: string;
  log: Log;
  write: (line: string) => void;
  /** How a thread is started; by default a real one. */
  start?: ThreadStart;
}): Promise<ThreadTracker> {
  const { home, log, start = startThread } = options;
  const folder = mkdtempSync(join(tmpdir(), "training-ready-tracker-"));
  let threads = 0;
  let current: { thread: OneThread; socket: string } | undefined;
  let isClosing = false;
  let pauses = 0;
  let timer: NodeJS.Timeout | undefined;
  /** What a new thread must be told again. */
  const standing = new Map<TrackerOrder["kind"], TrackerOrder>();

  const begin = async (): Promise<void> => {
    const socket = join(folder, `http-${++threads}`);
    const thread = await startOne({ ...options, socket, start });
    const startedAt = Date.now();
    current = { thread, socket };
    for (const one of standing.values()) thread.order(one);
    void thread.gone.then(() => {
      current = undefined;
      rmSync(socket, { force: true });
      if (Date.now() - startedAt > steadyMs) pauses = 0;
      again();
    });
    if (isClosing) await thread.terminate();
  };
  const again = (): void => {
    if (isClosing) return;
    const pauseMs = Math.min(longestPauseMs, shortestPauseMs * 2 ** pauses++);
    log.error("the tracker's thread has ended and is started again", { pauseMs });
    timer = setTimeout(() => {
      begin().catch((error: unknown) => {
        log.error("the tracker's thread does not start", {
          code: error instanceof TrainingReadyError ? error.code : "E_INTERNAL",
        });
        again();
      });
    }, pauseMs);
  };
  try {
    await begin();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const ask = (call: Asked): Answered => {
    if (current === undefined) throw trackerDown("the tracker has ended");
    return current.thread.ask(call);
  };
  const order = (one: TrackerOrder): void => {
    standing.set(one.kind, one);
    current?.thread.order(one);
  };
  const paths = storePaths(home);
  return {
    answer: forwarder(() => current?.socket),
    isUp: () => current !== undefined && !current.thread.isHung() && !riskWaitsIn(paths),
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
      isClosing = true;
      clearTimeout(timer);
      if (current !== undefined) {
        const { thread } = current;
        thread.order({ kind: "close" });
        const late = setTimeout(() => void thread.terminate(), closingMs);
        await thread.gone;
        clearTimeout(late);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
