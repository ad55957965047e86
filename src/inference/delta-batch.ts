// A reply's first words go early; then four milliseconds are far below what a reader can see, and so are sixteen.
const waits = { firstMs: 1, usualMs: 4, mostMs: 16 };
const many = 8; // tokens that a wait has gathered, of a model so quick that a longer one gathers a few words

/**
 * Gathers the text of tokens that come quicker than every few milliseconds, so that a message to another process costs less
 * than a token. What comes slower goes at once.
 */
export class DeltaBatch {
  private text = "";
  private tokens = 0;
  private sent = 0;
  private waitMs = waits.firstMs;
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
    const wait = this.sentAt + this.waitMs - this.clock();
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
    const most = this.tokens - this.sent >= many ? waits.mostMs : waits.usualMs;
    if (this.sent > 0) this.waitMs = Math.min(this.waitMs * 2, most);
    this.sent = this.tokens;
    this.text = "";
    this.send(text, this.tokens);
  }
}
