/** A queue between a callback that pushes and one loop that reads. */
export class EventQueue<Item> {
  private items: Item[] = [];
  private wake: (() => void) | undefined;
  private failure: unknown;
  private isClosed = false;

  push(item: Item): void {
    if (this.isClosed) return;
    this.items.push(item);
    this.wake?.();
  }

  /** Ends the loop after what is queued. */
  close(): void {
    this.isClosed = true;
    this.wake?.();
  }

  /** Throws in the loop after what is queued. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.close();
  }

  async *read(): AsyncGenerator<Item, void> {
    for (;;) {
      while (this.items.length > 0) yield this.items.shift() as Item;
      if (this.isClosed) {
        if (this.failure !== undefined) throw this.failure as Error;
        return;
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }
}
