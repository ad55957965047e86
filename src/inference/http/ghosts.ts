import type { EngineProfile } from "./engine-profile.ts";
import type { EngineServer } from "./engine-server.ts";

const defaultWaits = { pollMs: 100, patienceMs: 5000, quarantineMs: 1000, longestMs: 600_000 };
const othersMs = 5000;

/**
 * Watches that what was cancelled ends at the server too: several go on in silence after a disconnect. Until its count of
 * requests has fallen the slot is not given back.
 */
export class Ghosts {
  /** Cancelled requests that the server still works on. */
  zombies = 0;
  private ours = 0;
  private others = 0;
  private othersAt = 0;
  private readonly stopped = new AbortController();
  private readonly profile: Pick<EngineProfile, "working">;
  private readonly server: EngineServer;
  private readonly notice: (text: string) => void;

  private readonly waits: typeof defaultWaits;

  constructor(
    profile: Pick<EngineProfile, "working">,
    server: EngineServer,
    notice: (text: string) => void,
    waits: Partial<typeof defaultWaits> = {},
  ) {
    this.waits = { ...defaultWaits, ...waits };
    this.profile = profile;
    this.server = server;
    this.notice = notice;
  }

  /** A request is sent; what others have there is looked at now and then, and nobody waits for it. */
  begin(now: number = Date.now()): void {
    if (this.ours === 0 && this.zombies === 0 && now - this.othersAt > othersMs) {
      this.othersAt = now;
      void this.profile.working?.(this.server).then((count) => {
        this.others = Math.max(0, (count ?? 0) - this.ours);
      });
    }
    this.ours++;
  }

  /** A request has come to its own end. */
  end(): void {
    this.ours--;
  }

  /** Resolves once the server has let go of a cancelled request, or cannot say. */
  async cancelled(): Promise<void> {
    this.ours--;
    const { working } = this.profile;
    const { pollMs, patienceMs, quarantineMs, longestMs } = this.waits;
    if (working === undefined) return;
    const startedAt = Date.now();
    let isZombie = false;
    try {
      while (!this.stopped.signal.aborted && Date.now() - startedAt < longestMs) {
        const count = await working(this.server);
        if (count === undefined || count <= this.ours + this.others + (isZombie ? this.zombies - 1 : 0))
          return;
        if (!isZombie && Date.now() - startedAt >= patienceMs) {
          isZombie = true;
          this.zombies++;
          this.notice("engine_zombie: the engine goes on with a cancelled request; its slot is kept back");
        }
        await this.pause(isZombie ? quarantineMs : pollMs);
      }
    } finally {
      if (isZombie) this.zombies--;
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.stopped.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.stopped.signal.addEventListener("abort", done, { once: true });
    });
  }
}
