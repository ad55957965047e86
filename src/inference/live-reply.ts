/** The events of one reply as they come, for any number of readers, each from where it wants to begin. */
export class LiveReply<Event> {
  readonly events: Event[] = [];
  private isOver = false;
  private failure: unknown;
  private readonly waiting = new Set<() => void>();

  get ended(): boolean {
    return this.isOver;
  }

  get failed(): boolean {
    return this.failure !== undefined;
  }

  /** Takes all of a source; never rejects, a failure is thrown in the readers. */
  async follow(source: AsyncIterable<Event>): Promise<void> {
    try {
      for await (const event of source) {
        this.events.push(event);
        this.wake();
      }
    } catch (error) {
      this.failure = error;
    } finally {
      this.isOver = true;
      this.wake();
    }
  }

  /** Events from a place on; ends with the reply, or when the reader's own signal says so. */
  async *read(from: number, signal: AbortSignal): AsyncGenerator<Event, void> {
    for (let at = from; ;) {
      while (at < this.events.length) yield this.events[at++] as Event;
      if (this.isOver) {
        if (this.failure !== undefined) throw this.failure as Error;
        return;
      }
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.waiting.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        this.waiting.add(done);
        signal.addEventListener("abort", done, { once: true });
        if (signal.aborted) done();
      });
      signal.throwIfAborted();
    }
  }

  private wake(): void {
    for (const one of this.waiting) one();
  }
}
