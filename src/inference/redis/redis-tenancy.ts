import { oneTenant, type Tenancy } from "../tenancy.ts";
import type { RedisLink } from "./redis-link.ts";

const idleSeconds = 7 * 24 * 3600; // without a turn, until another tenant may have the engine

const claimScript = `
local owner = redis.call('GET', KEYS[1])
if not owner then owner = ARGV[1] end
if owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], owner, 'EX', ARGV[2])
return 1`;

/** One tenant for all processes before an engine; while Redis is away each holds to the one that it served. */
export function redisTenancy(link: RedisLink, mark: (tenant: string) => string, first?: string): Tenancy {
  const own = oneTenant(first);
  return {
    async mayUse(tenant) {
      const isFirst = await link.or(
        async (redis) =>
          (await redis.eval(claimScript, 1, `${link.prefix}tenant`, mark(tenant), idleSeconds)) === 1,
        () => true,
      );
      return isFirst && own.mayUse(tenant);
    },
  };
}
