import { errorOf, type Settled } from "../failure.ts";

/** Questions to another process that are not answered yet, by number. */
export class Asking {
  private last = 0;
  private readonly open = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();

  /** Sends a question under a number of its own and waits for `settle`; rejects after the time given. */
  async ask<T>(send: (ask: number) => void, patienceMs: number): Promise<T> {
    const ask = ++this.last;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.open.set(ask, { resolve, reject });
        timer = setTimeout(() => reject(new Error("no answer in time")), patienceMs);
        send(ask);
      });
    } finally {
      clearTimeout(timer);
      this.open.delete(ask);
    }
  }

  settle(ask: number, settled: Settled<unknown>): void {
    const one = this.open.get(ask);
    if ("value" in settled) one?.resolve(settled.value as never);
    else one?.reject(errorOf(settled.failure));
  }

  /** Nobody will answer any more. */
  fail(): void {
    for (const { reject } of this.open.values()) reject(new Error("the other process has ended"));
  }
}
