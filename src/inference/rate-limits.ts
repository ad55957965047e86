/** Requests and tokens a minute, and replies at a time; 0 is no limit. */
export type Limits = { requests: number; tokens: number; streams: number };

export type Admitted = {
  ok: true;
  remaining: number | null;
  /** Counts the tokens of a reply and ends it. */
  done: (tokens: number) => void;
};
export type Refused = { ok: false; what: keyof Limits; retryAfterSeconds: number };

type Bucket = { requests: number; tokens: number; streams: number; at: number };
const minuteMs = 60_000;

/**
 * Token buckets by key: each fills at its limit a minute, and holds a minute's worth. A reply's tokens are counted when it
 * is over, so that a bucket can go below nothing and has to fill first.
 */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.clock = clock;
  }

  /** What is left to each key, for a process that takes over; replies that run are not its own. */
  hand(): [string, Omit<Bucket, "streams">][] {
    return [...this.buckets].map(([key, { requests, tokens, at }]) => [key, { requests, tokens, at }]);
  }

  adopt(handed: ReturnType<RateLimits["hand"]>): void {
    for (const [key, bucket] of handed) this.buckets.set(key, { ...bucket, streams: 0 });
  }

  admit(key: string, limits: Limits): Admitted | Refused {
    const now = this.clock();
    const bucket = this.buckets.get(key) ?? {
      requests: limits.requests,
      tokens: limits.tokens,
      streams: 0,
      at: now,
    };
    const share = (now - bucket.at) / minuteMs;
    bucket.requests = Math.min(limits.requests, bucket.requests + share * limits.requests);
    bucket.tokens = Math.min(limits.tokens, bucket.tokens + share * limits.tokens);
    bucket.at = now;
    this.buckets.set(key, bucket);
    const wait = (missing: number, perMinute: number): number =>
      Math.max(1, Math.ceil((missing / perMinute) * 60));
    if (limits.requests > 0 && bucket.requests < 1)
      return {
        ok: false,
        what: "requests",
        retryAfterSeconds: wait(1 - bucket.requests, limits.requests),
      };
    if (limits.tokens > 0 && bucket.tokens <= 0)
      return { ok: false, what: "tokens", retryAfterSeconds: wait(1 - bucket.tokens, limits.tokens) };
    if (limits.streams > 0 && bucket.streams >= limits.streams)
      return { ok: false, what: "streams", retryAfterSeconds: 1 };
    bucket.requests -= 1;
    bucket.streams += 1;
    let isOver = false;
    return {
      ok: true,
      remaining: limits.requests > 0 ? Math.floor(bucket.requests) : null,
      done: (tokens) => {
        if (isOver) return;
        isOver = true;
        bucket.streams -= 1;
        bucket.tokens -= tokens;
      },
    };
  }
}
