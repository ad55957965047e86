import { randomUUID } from "node:crypto";
import type { RateKeeper } from "../coordination.ts";
import { RateLimits, type Limits } from "../rate-limits.ts";
import { leaseMs, type RedisLink } from "./redis-link.ts";

// The same buckets as in `rate-limits.ts`, by Redis's own clock, so that processes need not agree on theirs.
const admitScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local requests, tokens, streams = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'requests', 'tokens', 'at')
local share = (now - (tonumber(bucket[3]) or now)) / 60000
local r = math.min(requests, (tonumber(bucket[1]) or requests) + share * requests)
local t = math.min(tokens, (tonumber(bucket[2]) or tokens) + share * tokens)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local what, wait = '', 0
if requests > 0 and r < 1 then what, wait = 'requests', (1 - r) / requests * 60
elseif tokens > 0 and t <= 0 then what, wait = 'tokens', (1 - t) / tokens * 60
elseif streams > 0 and redis.call('ZCARD', KEYS[2]) >= streams then what, wait = 'streams', 1
else
  r = r - 1
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), ARGV[4])
  redis.call('PEXPIRE', KEYS[2], 3600000)
end
redis.call('HSET', KEYS[1], 'requests', tostring(r), 'tokens', tostring(t), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], 3600000)
return { what, tostring(math.max(1, math.ceil(wait))), tostring(math.floor(r)) }`;

const shareOf = (limits: Limits, processes: number): Limits => {
  const share = (limit: number): number => (limit === 0 ? 0 : Math.max(1, Math.floor(limit / processes)));
  return { requests: share(limits.requests), tokens: share(limits.tokens), streams: share(limits.streams) };
};

/** Limits of a key over all processes; each has its share of them while Redis is away. */
export function redisLimits(link: RedisLink): RateKeeper {
  const alone = new RateLimits();
  return {
    admit(key, limits) {
      const bucket = `${link.prefix}bucket:${key}`;
      const streams = `${link.prefix}streams:${key}`;
      const id = randomUUID();
      return link.or(
        async (redis) => {
          const words = [limits.requests, limits.tokens, limits.streams, id, leaseMs];
          const answer = (await redis.eval(admitScript, 2, bucket, streams, ...words)) as string[];
          const [what, wait, remaining] = answer;
          if (what === "requests" || what === "tokens" || what === "streams")
            return { ok: false, what, retryAfterSeconds: Number(wait) };
          link.hold(streams, id);
          let isOver = false;
          return {
            ok: true,
            remaining: limits.requests > 0 ? Number(remaining) : null,
            done(tokens) {
              if (isOver) return;
              isOver = true;
              link.drop(streams, id);
              link.quietly(async (after) => {
                await after.zrem(streams, id);
                if (limits.tokens > 0 && tokens > 0) await after.hincrbyfloat(bucket, "tokens", -tokens);
              });
            },
          };
        },
        () => alone.admit(key, shareOf(limits, link.processes)),
      );
    },
  };
}
