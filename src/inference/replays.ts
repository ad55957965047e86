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

/** A kept reply as it goes to a process that takes over. */
export type HandedReplay = { key: string; body: string; session: string; sealed: string; at: number };
/** Kept replies with the secret that they are sealed under, and places of replies that are still being made. */
export type HandedReplays = { secret: string; kept: HandedReplay[]; live: { key: string; body: string }[] };

type Elsewhere = {
  body: string;
  done: Promise<HandedReplay | undefined>;
  settle: (kept?: HandedReplay) => void;
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
  private secret = randomBytes(32);
  /** Replies that the process before this one is making. */
  private readonly elsewhere = new Map<string, Elsewhere>();
  private ended: (key: string, kept: HandedReplay | undefined) => void = () => undefined;
  private readonly clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.clock = clock;
  }

  claim(place: ReplayPlace, body: string, live: LiveReply<Event>): Claimed<Event> {
    const key = replayKey(this.secret, place);
    const elder = this.elsewhere.get(key);
    if (elder !== undefined)
      return elder.body === this.digest(body)
        ? { kind: "elsewhere", wait: async () => this.opened(key, (await elder.done)?.sealed) }
        : { kind: "conflict" };
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
      this.ended(key, undefined);
      return;
    }
    entry.sealed = sealJson(this.secret, events, key);
    entry.at = this.clock();
    this.bytes += entry.sealed.length;
    this.ended(key, this.handed(key, entry));
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

  /** All of it, for a process that takes over; `ended` is told of each reply that was still being made. */
  hand(ended: (key: string, kept: HandedReplay | undefined) => void): HandedReplays {
    this.ended = ended;
    const all = [...this.entries];
    return {
      secret: this.secret.toString("base64"),
      kept: all.flatMap(([key, entry]) => this.handed(key, entry) ?? []),
      live: all.flatMap(([key, { live, body }]) => (live === undefined ? [] : [{ key, body }])),
    };
  }

  /** Goes on from what another process handed over; before anything is claimed here. */
  adopt({ secret, kept, live }: HandedReplays): void {
    this.secret = Buffer.from(secret, "base64");
    for (const one of kept) this.keep(one);
    for (const { key, body } of live) {
      let settle: Elsewhere["settle"] = () => undefined;
      const done = new Promise<HandedReplay | undefined>((resolve) => (settle = resolve));
      this.elsewhere.set(key, { body, done, settle });
    }
  }

  /** What became of a reply that the other process was making; undefined where it may not be repeated. */
  ends(key: string, kept: HandedReplay | undefined): void {
    this.elsewhere.get(key)?.settle(kept);
    this.elsewhere.delete(key);
    if (kept !== undefined) this.keep(kept);
  }

  /** The other process is gone: what it was making will not come. */
  endsAll(): void {
    for (const key of this.elsewhere.keys()) this.ends(key, undefined);
  }

  private keep({ key, body, session, sealed, at }: HandedReplay): void {
    const bytes = Buffer.from(sealed, "base64");
    this.entries.set(key, { body, session, sealed: bytes, at });
    this.bytes += bytes.length;
  }

  private handed(key: string, { body, session, sealed, at }: Entry<Event>): HandedReplay | undefined {
    return sealed === undefined ? undefined : { key, body, session, sealed: sealed.toString("base64"), at };
  }

  private opened(key: string, sealed: string | undefined): Event[] | undefined {
    return sealed === undefined
      ? undefined
      : (unsealJson(this.secret, Buffer.from(sealed, "base64"), key) as Event[]);
  }

  private digest(body: string): string {
    return createHmac("sha256", this.secret).update(body).digest("base64url");
  }

  private drop(key: string): void {
    this.bytes -= this.entries.get(key)?.sealed?.length ?? 0;
    this.entries.delete(key);
  }
}
