import { randomUUID } from "node:crypto";
import { Admission } from "../admission.ts";
import type { Slots, TurnLocks } from "../coordination.ts";
import { localLocks } from "../coordination.ts";
import { leaseMs, type RedisLink } from "./redis-link.ts";

// Takes a slot if one is free; otherwise stands in the queue, whose length it gives.
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
  redis.call('ZREM', KEYS[2], ARGV[2])
  return -1
end
if not redis.call('ZSCORE', KEYS[2], ARGV[2]) then
  local queued = redis.call('ZCARD', KEYS[2])
  if queued >= tonumber(ARGV[4]) then return queued + 1 end
end
redis.call('ZADD', KEYS[2], now + 2000, ARGV[2])
return 0`;

const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;
const renewScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const pollMs = 20;

/**
 * The engine's slots over all processes: first this process's own queue, owners in turn, then a slot of all. While Redis is
 * away each process has its share of them.
 */
export class RedisSlots implements Slots {
  private readonly link: RedisLink;
  private readonly own: Admission;
  private readonly slots: number;
  private readonly limits: { most: number; waitMs: number };
  private waiting = 0;
  private heldAlone = 0;

  constructor(link: RedisLink, slots: number, limits: { most: number; waitMs: number }) {
    this.link = link;
    this.slots = slots;
    this.limits = limits;
    this.own = new Admission(slots, limits);
  }

  get queued(): number {
    return this.own.queued + this.waiting;
  }

  get waitSeconds(): number {
    return this.own.waitSeconds;
  }

  async acquire(owner: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    const until = Date.now() + this.limits.waitMs;
    const release = await this.own.acquire(owner, signal);
    if (release === undefined) return undefined;
    let isHeld = false;
    this.waiting++;
    try {
      const shared = await this.take(until, signal);
      if (shared === undefined) return undefined;
      isHeld = true;
      return () => {
        shared();
        release();
      };
    } finally {
      this.waiting--;
      if (!isHeld) release();
    }
  }

  private async take(until: number, signal: AbortSignal): Promise<(() => void) | undefined> {
    const { link, slots, limits } = this;
    const [key, queue] = [`${link.prefix}slots`, `${link.prefix}queue`];
    const id = randomUUID();
    const leave = (): void => link.quietly((redis) => redis.zrem(queue, id));
    for (;;) {
      if (signal.aborted) {
        leave();
        signal.throwIfAborted();
      }
      const found = await link.or<"taken" | "full" | "wait" | "alone">(
        async (redis) => {
          const words = [slots, id, leaseMs, limits.most];
          const answer = Number(await redis.eval(takeScript, 2, key, queue, ...words));
          return answer < 0 ? "taken" : answer > 0 ? "full" : "wait";
        },
        () => (this.heldAlone < Math.max(1, Math.floor(slots / link.processes)) ? "alone" : "wait"),
      );
      if (found === "full") return undefined;
      if (found === "taken") {
        link.hold(key, id);
        return () => {
          link.drop(key, id);
          link.quietly((redis) => redis.zrem(key, id));
        };
      }
      if (found === "alone") {
        this.heldAlone++;
        return () => void this.heldAlone--;
      }
      if (Date.now() >= until) {
        leave();
        return undefined;
      }
      await new Promise((wait) => setTimeout(wait, pollMs));
    }
  }
}

/** One turn of a session at a time over all processes; over this one alone while Redis is away. */
export function redisLocks(link: RedisLink, mark: (text: string) => string): TurnLocks {
  const own = localLocks();
  const held = new Map<string, string>();
  link.onBeat(async () => {
    for (const [key, token] of held)
      await link.or(
        async (redis) => void (await redis.eval(renewScript, 1, key, token, leaseMs)),
        () => undefined,
      );
  });
  return {
    async take(name) {
      const release = await own.take(name);
      if (release === undefined) return undefined;
      const key = `${link.prefix}turn:${mark(name)}`;
      const token = randomUUID();
      const isTaken = await link.or(
        async (redis) => {
          if ((await redis.set(key, token, "PX", leaseMs, "NX")) !== "OK") return false;
          held.set(key, token);
          return true;
        },
        () => true,
      );
      if (!isTaken) {
        release();
        return undefined;
      }
      return () => {
        release();
        if (held.delete(key)) link.quietly((redis) => redis.eval(releaseScript, 1, key, token));
      };
    },
  };
}
