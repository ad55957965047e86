const everyMs = 4; // far below what a reader can see, and several tokens of a small model

/**
 * Gathers the text of tokens that come quicker than every four milliseconds, so that a message to another process costs less
 * than a token. What comes slower goes at once.
 */
export class DeltaBatch {
  private text = "";
  private tokens = 0;
  private sentAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private readonly send: (text: string, tokens: number) => void;
  private readonly clock: () => number;

  constructor(send: (text: string, tokens: number) => void, clock: () => number = () => performance.now()) {
    this.send = send;
    this.clock = clock;
  }

  /** `tokens` is the number of all so far. */
  push(text: string, tokens: number): void {
    if (text === "") return;
    this.text += text;
    this.tokens = tokens;
    const wait = this.sentAt + everyMs - this.clock();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Forgets what was not sent. */
  drop(): void {
    clearTimeout(this.timer);
    this.text = "";
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.text === "") return;
    this.sentAt = this.clock();
    const { text } = this;
    this.text = "";
    this.send(text, this.tokens);
  }
}
