import { createHmac, randomBytes } from "node:crypto";
import { canonicalJson } from "../shared/index.ts";
import { sealJson, unsealJson } from "../vault/index.ts";
import type { Claimed, ReplayKeeper } from "./coordination.ts";
import type { LiveReply } from "./live-reply.ts";

const keptMs = 10 * 60_000;
const mostBytes = 32 * 1024 * 1024;

/** Who asked, and under which key; all of it makes a reply's place. */
export type ReplayPlace = {
  tenant: string;
  principal: string;
  client: string;
  session: string;
  idempotencyKey: string;
};

type Entry<Event> = {
  body: string;
  session: string;
  live?: LiveReply<Event>;
  sealed?: Buffer;
  at: number;
};

/** The place of a reply: an HMAC of canonical JSON, so that no two different places share one. */
export function replayKey(secret: Uint8Array, place: ReplayPlace): string {
  return createHmac("sha256", secret).update(canonicalJson(place)).digest("base64url");
}

/**
 * Replies that may be given again for the same key and body: while they come, and ten minutes after, sealed in memory
 * and bounded in bytes. Nothing of them reaches a disk.
 */
export class Replays<Event> implements ReplayKeeper<Event> {
  private readonly entries = new Map<string, Entry<Event>>();
  private bytes = 0;
  private readonly secret = randomBytes(32);
  private readonly clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.clock = clock;
  }

  claim(place: ReplayPlace, body: string, live: LiveReply<Event>): Claimed<Event> {
    const key = replayKey(this.secret, place);
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.live === undefined && this.clock() - entry.at > keptMs) this.drop(key);
    else if (entry !== undefined) {
      if (entry.body !== this.digest(body)) return { kind: "conflict" };
      return entry.live === undefined
        ? { kind: "kept", events: unsealJson(this.secret, entry.sealed as Buffer, key) as Event[] }
        : { kind: "joined", live: entry.live };
    }
    const session = canonicalJson([place.tenant, place.client, place.session]);
    this.entries.set(key, { body: this.digest(body), session, live, at: this.clock() });
    return { kind: "new" };
  }

  /** Keeps a reply that is over if it may be said again, else forgets it. */
  end(place: ReplayPlace, options: { mayRepeat: boolean }): void {
    const key = replayKey(this.secret, place);
    const entry = this.entries.get(key);
    if (entry?.live === undefined) return;
    const { events } = entry.live;
    delete entry.live;
    if (!options.mayRepeat) {
      this.entries.delete(key);
      return;
    }
    entry.sealed = sealJson(this.secret, events, key);
    entry.at = this.clock();
    this.bytes += entry.sealed.length;
    for (const [oldest, one] of this.entries) {
      const isLate = one.live === undefined && this.clock() - one.at > keptMs;
      if (this.bytes <= mostBytes && !isLate) break;
      if (one.live === undefined) this.drop(oldest);
    }
  }

  /** Forgets all replies of a session. */
  erase(name: { tenant: string; client: string; session: string }): void {
    const session = canonicalJson([name.tenant, name.client, name.session]);
    for (const [key, one] of this.entries) if (one.session === session) this.drop(key);
  }

  /** Forgets all; gives their number. */
  clear(): number {
    const kept = [...this.entries].filter(([, one]) => one.live === undefined);
    for (const [key] of kept) this.drop(key);
    return kept.length;
  }

  private digest(body: string): string {
    return createHmac("sha256", this.secret).update(body).digest("base64url");
  }

  private drop(key: string): void {
    this.bytes -= this.entries.get(key)?.sealed?.length ?? 0;
    this.entries.delete(key);
  }
}
