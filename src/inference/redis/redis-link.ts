import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { TrainingReadyError } from "../../shared/index.ts";

const answerMs = 250; // a reply must not wait longer for Redis than this
const startMs = 5000; // as long as a start waits
const pauseMs = 1000; // after a failure, before Redis is asked again
const beatMs = 5000;
export const leaseMs = 30_000;

/** Thrown inside `or` alone: Redis did not answer in time. */
class RedisDown extends Error {}

/** A process that starts is late itself: only a Redis that stays silent is one that does not answer. */
async function answered(client: Redis): Promise<void> {
  const until = Date.now() + startMs;
  for (;;)
    try {
      await client.ping();
      return;
    } catch (error) {
      if ((error as Error).message !== "Command timed out" || Date.now() > until) throw error;
    }
}

async function open(url: string): Promise<Redis> {
  let Client: typeof Redis;
  try {
    ({ Redis: Client } = await import("ioredis"));
  } catch (cause) {
    throw new TrainingReadyError("E_SERVE_REDIS", "the package ioredis is not installed", {
      cause,
      hint: "Install it beside the program: `npm install ioredis@6.0.0`.",
    });
  }
  const client = new Client(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3000,
    commandTimeout: answerMs,
    retryStrategy: (times) => Math.min(1000, 100 * times),
  });
  let last = "it does not answer";
  client.on("error", (error: Error) => (last = error.message));
  try {
    await client.connect();
    await answered(client);
    return client;
  } catch (cause) {
    client.disconnect();
    throw new TrainingReadyError("E_SERVE_REDIS", `Redis cannot be used: ${last}`, { cause });
  }
}

/**
 * A connection that several service processes have in common, and a rule for when it is lost: whoever asks gets the answer
 * of this process alone, at once or after a quarter of a second.
 */
export class RedisLink {
  /** This process among the others. */
  readonly id = randomUUID();
  readonly prefix: string;
  /** How many processes were seen last; a share of a limit is one over this. */
  processes = 1;
  private readonly client: Redis;
  private readonly notice: (text: string) => void;
  private downUntil = 0;
  private isDown = false;
  private readonly leases = new Map<string, Set<string>>();
  private readonly beats = new Set<() => Promise<void>>();
  private readonly closers: (() => void)[] = [];
  private readonly timer: NodeJS.Timeout;

  private constructor(client: Redis, prefix: string, notice: (text: string) => void) {
    this.client = client;
    this.prefix = prefix;
    this.notice = notice;
    this.timer = setInterval(() => void this.beat(), beatMs);
    this.timer.unref();
  }

  /** Throws `E_SERVE_REDIS` where nothing answers or the package is missing. */
  static async connect(url: string, name: string, notice: (text: string) => void): Promise<RedisLink> {
    const link = new RedisLink(await open(url), `training-ready:serve:${name}:`, notice);
    await link.beat();
    return link;
  }

  get isUp(): boolean {
    return !this.isDown;
  }

  /** What Redis says, or what this process says alone while Redis does not answer. */
  async or<T>(work: (redis: Redis) => Promise<T>, alone: () => T | Promise<T>): Promise<T> {
    try {
      return await this.within(work);
    } catch (error) {
      if (error instanceof RedisDown) return alone();
      throw error;
    }
  }

  /** For what nobody waits for. */
  quietly(work: (redis: Redis) => Promise<unknown>): void {
    this.within(work).catch(() => undefined);
  }

  /** Keeps a member of a sorted set alive while this process is. */
  hold(key: string, member: string): void {
    const held = this.leases.get(key) ?? new Set();
    this.leases.set(key, held.add(member));
  }

  drop(key: string, member: string): void {
    const held = this.leases.get(key);
    held?.delete(member);
    if (held?.size === 0) this.leases.delete(key);
  }

  /** Runs with every beat of this process. */
  onBeat(work: () => Promise<void>): void {
    this.beats.add(work);
  }

  /** Hears what other processes publish on a channel. */
  async hear(channel: string, told: (message: string) => void): Promise<void> {
    const ears = this.client.duplicate({ enableOfflineQueue: true, commandTimeout: undefined as never });
    ears.on("error", () => undefined); // the first connection says it
    ears.on("message", (_channel, message) => told(message));
    await ears.subscribe(this.prefix + channel);
    this.closers.push(() => ears.disconnect());
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const members = [...this.leases].flatMap(([key, held]) => [...held].map((one) => [key, one] as const));
    await this.or(
      async (redis) => {
        await redis.zrem(`${this.prefix}processes`, this.id);
        for (const [key, member] of members) await redis.zrem(key, member);
      },
      () => undefined,
    );
    for (const close of this.closers) close();
    this.client.disconnect();
  }

  private async within<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    if (Date.now() < this.downUntil) throw new RedisDown();
    try {
      const result = await work(this.client);
      if (this.isDown) {
        this.isDown = false;
        this.notice("redis: answers again; limits are shared");
      }
      return result;
    } catch (cause) {
      this.downUntil = Date.now() + pauseMs;
      if (!this.isDown) {
        this.isDown = true;
        this.notice(
          `redis: does not answer; this process goes on alone with 1/${this.processes} of each limit`,
        );
      }
      throw new RedisDown("redis does not answer", { cause });
    }
  }

  private async beat(): Promise<void> {
    const key = `${this.prefix}processes`;
    await this.or(
      async (redis) => {
        const now = Date.now();
        await redis.zadd(key, now, this.id);
        await redis.zremrangebyscore(key, "-inf", now - 3 * beatMs);
        this.processes = Math.max(1, await redis.zcard(key));
        for (const [set, held] of this.leases)
          for (const member of held) await redis.zadd(set, "XX", now + leaseMs, member);
        for (const work of this.beats) await work();
      },
      () => undefined,
    );
  }
}
