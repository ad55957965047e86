import type { Dispatcher } from "undici";

const mostWaiting = 256 * 1024; // bytes that wait for their reader before the server is made to wait

/** A server's answer whose head has come; its body is read once, all that waits at a time. */
export class EngineResponse {
  readonly status: number;
  private readonly controller: Dispatcher.DispatchController;
  private pieces: Buffer[] = [];
  private waitingBytes = 0;
  private wake: (() => void) | undefined;
  private failure: Error | undefined;
  private isOver = false;
  private isDropped = false;

  constructor(status: number, controller: Dispatcher.DispatchController) {
    this.status = status;
    this.controller = controller;
  }

  take(piece: Buffer): void {
    if (this.isDropped) return;
    this.pieces.push(piece);
    this.waitingBytes += piece.length;
    if (this.waitingBytes > mostWaiting && !this.controller.paused) this.controller.pause();
    this.wake?.();
  }

  end(failure?: Error): void {
    this.isOver = true;
    this.failure = failure;
    this.wake?.();
  }

  async *body(): AsyncGenerator<Buffer, void> {
    for (;;) {
      if (this.pieces.length > 0) {
        const [first] = this.pieces as [Buffer];
        const waiting = this.pieces.length === 1 ? first : Buffer.concat(this.pieces, this.waitingBytes);
        this.pieces = [];
        this.waitingBytes = 0;
        if (this.controller.paused) this.controller.resume();
        yield waiting;
      } else if (this.failure !== undefined) throw this.failure;
      else if (this.isOver) return;
      else {
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
      }
    }
  }

  /** Reads past what may still come, so that the connection is free again; closes it if the server does not end in time. */
  leave(withinMs: number): void {
    this.isDropped = true;
    this.pieces = [];
    if (this.controller.paused) this.controller.resume();
    if (this.isOver) return;
    const timer = setTimeout(() => this.destroy(), withinMs);
    this.wake = () => {
      if (this.isOver) clearTimeout(timer);
    };
  }

  /** Closes the connection, unless the answer is whole. */
  destroy(): void {
    this.isDropped = true;
    if (!this.isOver) this.controller.abort(new Error("the answer is not wanted any more"));
  }
}
