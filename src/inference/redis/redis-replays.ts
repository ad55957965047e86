import { createHmac } from "node:crypto";
import { canonicalJson } from "../../shared/index.ts";
import { sealJson, unsealJson } from "../../vault/index.ts";
import type { Claimed, ReplayKeeper } from "../coordination.ts";
import type { LiveReply } from "../live-reply.ts";
import { replayKey, Replays, type ReplayPlace } from "../replays.ts";
import { leaseMs, type RedisLink } from "./redis-link.ts";

const keptMs = 10 * 60_000;
const mostBytes = 1024 * 1024;
const pollMs = 50;

// Takes a place that is free, and gives what is there otherwise: [body, sealed].
const claimScript = `
local found = redis.call('HMGET', KEYS[1], 'body', 'sealed')
if found[1] then return { found[1], found[2] or '' } end
redis.call('HSET', KEYS[1], 'body', ARGV[1], 'holder', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {}`;

/**
 * Replies that any of several processes may give again, sealed under a key that they share and Redis never sees. Whoever
 * asks while another process makes the reply waits for it.
 */
export class RedisReplays<Event> implements ReplayKeeper<Event> {
  private readonly link: RedisLink;
  private readonly secret: Buffer;
  private readonly own = new Replays<Event>();
  private readonly live = new Map<string, LiveReply<Event>>();

  constructor(link: RedisLink, secret: Buffer) {
    this.link = link;
    this.secret = secret;
    link.onBeat(async () => {
      for (const key of this.live.keys())
        await link.or(
          async (redis) => void (await redis.pexpire(key, leaseMs)),
          () => undefined,
        );
    });
  }

  async claim(place: ReplayPlace, body: string, live: LiveReply<Event>): Promise<Claimed<Event>> {
    const mine = this.own.claim(place, body, live);
    if (mine.kind !== "new") return mine;
    const key = this.keyOf(place);
    const digest = createHmac("sha256", this.secret).update(body).digest("base64url");
    const found = await this.link.or<Claimed<Event>>(
      async (redis) => {
        const words = [digest, this.link.id, leaseMs];
        const answer = (await redis.eval(claimScript, 1, key, ...words)) as string[];
        const [otherBody, sealed] = answer;
        if (otherBody === undefined) {
          this.live.set(key, live);
          return { kind: "new" };
        }
        if (otherBody !== digest) return { kind: "conflict" };
        return sealed === "" || sealed === undefined
          ? { kind: "elsewhere", wait: (signal) => this.wait(key, signal) }
          : { kind: "kept", events: this.opened(key, sealed) };
      },
      () => ({ kind: "new" }),
    );
    if (found.kind !== "new") this.own.end(place, { mayRepeat: false });
    return found;
  }

  async end(place: ReplayPlace, options: { mayRepeat: boolean }): Promise<void> {
    this.own.end(place, options);
    const key = this.keyOf(place);
    const live = this.live.get(key);
    if (!this.live.delete(key) || live === undefined) return;
    const sealed = options.mayRepeat ? sealJson(this.secret, live.events, key).toString("base64") : "";
    const session = this.sessionOf(place);
    await this.link.or(
      async (redis) => {
        if (sealed === "" || sealed.length > mostBytes) {
          await redis.del(key);
          return;
        }
        await redis.hset(key, "sealed", sealed);
        await redis.pexpire(key, keptMs);
        await redis.sadd(session, key);
        await redis.pexpire(session, keptMs);
      },
      () => undefined, // the place is free again once its lease is over
    );
  }

  async erase(name: { tenant: string; client: string; session: string }): Promise<void> {
    this.own.erase(name);
    const session = this.sessionOf(name);
    await this.link.or(
      async (redis) => {
        const keys = await redis.smembers(session);
        if (keys.length > 0) await redis.del(...keys, session);
      },
      () => undefined, // what is sealed there ends by itself within ten minutes
    );
  }

  async clear(): Promise<number> {
    const count = this.own.clear();
    return this.link.or(
      async (redis) => {
        const keys = await redis.keys(`${this.link.prefix}replay:*`);
        const done: string[] = [];
        for (const key of keys) if ((await redis.hexists(key, "sealed")) === 1) done.push(key);
        if (done.length > 0) await redis.del(...done);
        return Math.max(count, done.length);
      },
      () => count,
    );
  }

  private keyOf(place: ReplayPlace): string {
    return `${this.link.prefix}replay:${replayKey(this.secret, place)}`;
  }

  private sessionOf({ tenant, client, session }: Pick<ReplayPlace, "tenant" | "client" | "session">): string {
    const mark = createHmac("sha256", this.secret)
      .update(canonicalJson([tenant, client, session]))
      .digest("base64url");
    return `${this.link.prefix}replays-of:${mark}`;
  }

  private opened(key: string, sealed: string): Event[] {
    return unsealJson(this.secret, Buffer.from(sealed, "base64"), key) as Event[];
  }

  private async wait(key: string, signal: AbortSignal): Promise<Event[] | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const found = await this.link.or(
        async (redis) => redis.hmget(key, "body", "sealed"),
        () => [null, null],
      );
      const [body, sealed] = found;
      if (typeof sealed === "string") return this.opened(key, sealed);
      if (typeof body !== "string") return undefined;
      await new Promise((next) => setTimeout(next, pollMs));
    }
  }
}
