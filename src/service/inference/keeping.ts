import {
  keyRegistry,
  lockState,
  memoryConversations,
  openOutbox,
  openRiskTrail,
  openState,
  storedConversations,
  type ClientName,
  type KeyRegistry,
  type State,
} from "../../inference/index.ts";
import type { Log } from "../../shared/index.ts";
import { appendLedger } from "../../vault/index.ts";
import type { Caller } from "./caller.ts";
import { handOver, receiverOf, type ProgressLink } from "./hand-over.ts";
import type { Keeping } from "./turn-records.ts";

const dayMs = 86_400_000;
const hourTicks = 3600;
const checkpointTicks = 60;

export type OpenKeeping = {
  keeping: Keeping;
  keys: KeyRegistry | undefined;
  state: State | undefined;
  note: (caller: Caller, action: string, about: { id: string; name: ClientName }) => void;
  /** Starts the clock of retries, deliveries, checkpoints and retention; gives what stops it and closes the store. */
  start: (options: { keepDays: number; everyMs: number }) => () => void;
  close: () => void;
  /** Lets another process serve from the folder, while this one finishes what it has begun. */
  yieldFolder: () => void;
  /** Takes it back. Throws `E_STORE_BUSY`. */
  takeFolder: () => void;
};

/** What is kept in memory alone: nothing reaches a disk, a restart forgets it. */
function inMemory(model: string, failed: (error: unknown) => void): OpenKeeping {
  const conversations = memoryConversations();
  return {
    keeping: {
      conversations,
      spare: memoryConversations(),
      trail: undefined,
      handOver: undefined,
      ownerOf: ({ tenant, client }) => JSON.stringify([tenant, client]),
      now: Date.now,
      model,
      together: (work) => work(),
      later: [],
      failed,
    },
    keys: undefined,
    state: undefined,
    note: () => undefined,
    start({ keepDays, everyMs }) {
      const clock = setInterval(
        () => conversations.expire(Date.now() - keepDays * dayMs),
        everyMs * hourTicks,
      );
      return () => clearInterval(clock);
    },
    close: () => undefined,
    yieldFolder: () => undefined,
    takeFolder: () => undefined,
  };
}

/** Opens what a service keeps: in a folder, or in memory. Throws as `openState` does, and `E_STORE_BUSY`. */
export async function openKeeping(options: {
  folder: string | undefined;
  link: ProgressLink | undefined;
  model: string;
  log: Log;
  /** True where several processes keep in one folder. */
  isShared?: boolean;
  /** False where another process still serves from the folder: `takeFolder` is due before this one does. */
  isMine?: boolean;
}): Promise<OpenKeeping> {
  const { folder, link, model, log, isShared = false, isMine = true } = options;
  const failed = (error: unknown): void => {
    const { code } = error as { code?: unknown };
    log.error("store failed", { code: typeof code === "string" ? code : (error as Error).name });
  };
  if (folder === undefined) return inMemory(model, failed);
  const state = await openState(folder);
  let unlock: () => void = () => undefined;
  try {
    if (isMine) unlock = lockState(state, { isShared });
  } catch (error) {
    state.close();
    throw error;
  }
  const trail = openRiskTrail(state);
  const receive = link === undefined ? undefined : receiverOf(link);
  const keeping: Keeping = {
    conversations: storedConversations(state),
    spare: memoryConversations(),
    trail,
    handOver: handOver(openOutbox(state, receive), link, {
      indexOf: (key) => state.index("outbox", key).toString("hex"),
      failed,
    }),
    ownerOf: state.pseudonym,
    now: state.now,
    model,
    together: state.transaction,
    later: [],
    failed,
  };
  const close = (): void => {
    try {
      state.checkpoint();
    } catch (error) {
      failed(error);
    }
    unlock();
    state.close();
  };
  return {
    keeping,
    keys: keyRegistry(state),
    state,
    note: (caller, action, { id, name }) =>
      state.transaction(() =>
        appendLedger(
          state.database,
          {
            tenant: caller.tenant,
            principal: caller.key,
            action,
            objectKind: "session",
            objectId: id,
            client: state.pseudonym({ tenant: name.tenant, client: name.client }),
            outcome: "allowed",
            policy: "1",
          },
          state.now(),
        ),
      ),
    yieldFolder: () => unlock(),
    takeFolder: () => void (unlock = lockState(state, { isShared })),
    start: ({ keepDays, everyMs }) => startClock(state, keeping, { keepDays, everyMs, failed, close }),
    close,
  };
}

function startClock(
  state: State,
  keeping: Keeping,
  options: { keepDays: number; everyMs: number; failed: (error: unknown) => void; close: () => void },
): () => void {
  const { keepDays, failed } = options;
  const { trail } = keeping;
  const expire = (): void => void keeping.conversations.expire(state.now() - keepDays * dayMs);
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      failed(error);
    }
  };
  const tick = (): void => {
    if (trail?.retry() !== true) return;
    while (keeping.later.length > 0) {
      (keeping.later[0] as () => void)();
      keeping.later.shift();
    }
    keeping.handOver?.pump();
  };
  guarded(expire);
  guarded(tick);
  let ticks = 0;
  const clock = setInterval(() => {
    ticks++;
    guarded(tick);
    if (ticks % checkpointTicks === 0) guarded(state.checkpoint);
    if (ticks % hourTicks === 0) guarded(expire);
  }, options.everyMs);
  return () => {
    clearInterval(clock);
    guarded(tick);
    options.close();
  };
}
