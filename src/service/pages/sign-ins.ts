import { randomBytes, timingSafeEqual } from "node:crypto";

export type SignIn = { principalId: string; csrf: string; startedAt: number; seenAt: number };

const idleMs = 30 * 60_000;
const longestMs = 8 * 3_600_000;
const most = 10_000;

/** Who is signed in to the pages; kept in memory, so a restart signs everybody out. */
export type SignIns = {
  start: (principalId: string) => { id: string; signIn: SignIn };
  find: (id: string | undefined) => SignIn | undefined;
  end: (id: string | undefined) => void;
};

export function createSignIns(now: () => number): SignIns {
  const open = new Map<string, SignIn>();
  const isOver = (one: SignIn): boolean => now() - one.seenAt > idleMs || now() - one.startedAt > longestMs;
  return {
    start(principalId) {
      for (const [id, one] of open) if (isOver(one) || open.size >= most) open.delete(id);
      const id = randomBytes(32).toString("base64url");
      const signIn = {
        principalId,
        csrf: randomBytes(32).toString("base64url"),
        startedAt: now(),
        seenAt: now(),
      };
      open.set(id, signIn);
      return { id, signIn };
    },
    find(id) {
      const found = id === undefined ? undefined : open.get(id);
      if (found === undefined) return undefined;
      if (isOver(found)) {
        open.delete(id as string);
        return undefined;
      }
      found.seenAt = now();
      return found;
    },
    end(id) {
      if (id !== undefined) open.delete(id);
    },
  };
}

/** Whether a form carries the token of its sign-in. */
export function isOwnForm(signIn: SignIn, given: string | undefined): boolean {
  const [a, b] = [Buffer.from(signIn.csrf), Buffer.from(given ?? "")];
  return a.length === b.length && timingSafeEqual(a, b);
}
