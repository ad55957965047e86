import { EngineError } from "./engine.ts";

const defaultWaitSeconds = 5;
const longestWaitSeconds = 120;
const newest = 0.2; // share of the newest reply in the mean

type Waiter = { owner: string; admit: () => void };

/** Lets as many requests through as there are slots; the rest wait, owners in turn, for a bounded time. */
export class Admission {
  private free: number;
  private readonly waiting: Waiter[] = [];
  private readonly served = new Map<string, number>();
  private turn = 0;
  private readonly slots: number;
  /** Mean time that a slot was held, the newest counting most; undefined until one was given back. */
  private heldMs: number | undefined;
  private readonly limits: { most: number; waitMs: number };

  constructor(slots: number, limits: { most: number; waitMs: number }) {
    this.free = slots;
    this.slots = slots;
    this.limits = limits;
  }

  /** Slots that are taken. */
  get busy(): number {
    return this.slots - this.free;
  }

  get queued(): number {
    return this.waiting.length;
  }

  get waitSeconds(): number {
    if (this.heldMs === undefined) return defaultWaitSeconds;
    const rounds = (this.waiting.length + 1) / this.slots;
    return Math.min(longestWaitSeconds, Math.max(1, Math.ceil((rounds * this.heldMs) / 1000)));
  }

  /** Resolves to the function that gives the slot back, or to undefined where the queue is full or too slow. */
  async acquire(owner: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    signal.throwIfAborted();
    if (this.free > 0) return this.take(owner);
    if (this.waiting.length >= this.limits.most) return undefined;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        const at = this.waiting.indexOf(waiter);
        if (at >= 0) this.waiting.splice(at, 1);
      };
      const waiter: Waiter = {
        owner,
        admit: () => {
          leave();
          resolve(this.take(owner));
        },
      };
      const onAbort = (): void => {
        leave();
        reject(new EngineError("engine_unavailable", "the request was given up", { retryable: true }));
      };
      const timer = setTimeout(() => {
        leave();
        resolve(undefined);
      }, this.limits.waitMs);
      signal.addEventListener("abort", onAbort, { once: true });
      this.waiting.push(waiter);
    });
  }

  private take(owner: string): () => void {
    this.free--;
    this.served.set(owner, ++this.turn);
    let isHeld = true;
    const takenAt = performance.now();
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.free++;
      const heldMs = performance.now() - takenAt;
      this.heldMs = this.heldMs === undefined ? heldMs : this.heldMs + (heldMs - this.heldMs) * newest;
      // Whoever was served longest ago comes next, so that one owner cannot starve the others.
      const next = this.waiting.toSorted(
        (a, b) => (this.served.get(a.owner) ?? 0) - (this.served.get(b.owner) ?? 0),
      )[0];
      if (next === undefined) this.served.clear();
      else next.admit();
    };
  }
}
