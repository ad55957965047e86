import { createHmac } from "node:crypto";
import { sha256 } from "../../shared/index.ts";
import type { RateKeeper, ReplayKeeper, SharedStatus, Slots, TurnLocks } from "../coordination.ts";
import { Replays } from "../replays.ts";
import type { Tenancy } from "../tenancy.ts";
import { redisLimits } from "./redis-limits.ts";
import { RedisLink } from "./redis-link.ts";
import { RedisReplays } from "./redis-replays.ts";
import { redisTenancy } from "./redis-tenancy.ts";
import { redisLocks, RedisSlots } from "./redis-slots.ts";

/** What several service processes before one engine have in common. */
export type SharedService<Event> = {
  rate: RateKeeper;
  slots: (count: number, queue: { most: number; waitMs: number }) => Slots;
  locks: TurnLocks;
  /** One tenant for all of them. */
  tenancy: (first?: string) => Tenancy;
  replays: ReplayKeeper<Event>;
  status: () => SharedStatus;
  /** Tells every process to stop a turn that it may be making. */
  cancel: (turn: string) => void;
  onCancel: (told: (turn: string) => void) => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Joins the processes that serve one engine through Redis. Without a secret that all have, kept replies stay each
 * process's own. Throws `E_SERVE_REDIS`.
 */
export async function joinRedis<Event>(options: {
  url: string;
  engine: string;
  secret: Buffer | undefined;
  notice: (text: string) => void;
}): Promise<SharedService<Event>> {
  const { url, engine, secret, notice } = options;
  const link = await RedisLink.connect(url, sha256(engine).slice(0, 16), notice);
  // Names of sessions and clients never reach Redis; without a common secret their marks are no secret, only short.
  const markKey = secret ?? Buffer.from(sha256(engine));
  const mark = (text: string): string => createHmac("sha256", markKey).update(text).digest("base64url");
  if (secret === undefined)
    notice("redis: no common state folder, so that replies kept for repeats stay each process's own");
  return {
    rate: redisLimits(link),
    slots: (count, queue) => new RedisSlots(link, count, queue),
    locks: redisLocks(link, mark),
    tenancy: (first) => redisTenancy(link, mark, first),
    replays: secret === undefined ? new Replays<Event>() : new RedisReplays<Event>(link, secret),
    status: () => ({ isUp: link.isUp, processes: link.processes }),
    cancel: (turn) => link.quietly((redis) => redis.publish(`${link.prefix}cancel`, turn)),
    onCancel: (told) => link.hear("cancel", told),
    close: () => link.close(),
  };
}
