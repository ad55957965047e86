import type { Admitted, Limits, Refused } from "./rate-limits.ts";
import type { LiveReply } from "./live-reply.ts";
import type { ReplayPlace } from "./replays.ts";

/** Counts requests, tokens and streams by key: in this process, or for several together. */
export type RateKeeper = {
  admit(key: string, limits: Limits): Admitted | Refused | Promise<Admitted | Refused>;
};

/** Lets one turn of a session be answered at a time. */
export type TurnLocks = {
  /** What gives it back; undefined where another turn has it. */
  take(name: string): Promise<(() => void) | undefined>;
};

/** Slots of the engine and the queue before them. */
export type Slots = {
  readonly queued: number;
  /** Seconds until a place is likely free, by how long replies took lately. */
  readonly waitSeconds: number;
  acquire(owner: string, signal: AbortSignal): Promise<(() => void) | undefined>;
};

export type Claimed<Event> =
  | { kind: "new" }
  | { kind: "conflict" }
  | { kind: "joined"; live: LiveReply<Event> }
  | { kind: "kept"; events: Event[] }
  /** Another process makes this reply; `wait` gives it once it is whole, or undefined if it may not be repeated. */
  | { kind: "elsewhere"; wait: (signal: AbortSignal) => Promise<Event[] | undefined> };

/** Replies that may be given again. */
export type ReplayKeeper<Event> = {
  /** Looks a place up and, if it is free, takes it for a reply that begins. */
  claim(place: ReplayPlace, body: string, live: LiveReply<Event>): Claimed<Event> | Promise<Claimed<Event>>;
  end(place: ReplayPlace, options: { mayRepeat: boolean }): void | Promise<void>;
  erase(name: { tenant: string; client: string; session: string }): void | Promise<void>;
  clear(): number | Promise<number>;
};

/** What several service processes share, as one of them sees it. */
export type SharedStatus = { isUp: boolean; processes: number };

/** Locks of one process, which another may take over. */
export type LocalLocks = TurnLocks & {
  held: () => string[];
  /** Told of each that is given back. */
  onFree: (told: (name: string) => void) => void;
};

/** Locks of this process alone. */
export function localLocks(): LocalLocks {
  const held = new Set<string>();
  let freed: (name: string) => void = () => undefined;
  return {
    held: () => [...held],
    onFree: (told) => void (freed = told),
    async take(name) {
      if (held.has(name)) return undefined;
      held.add(name);
      return () => {
        if (held.delete(name)) freed(name);
      };
    },
  };
}
