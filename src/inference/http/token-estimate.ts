import type { ChatMessage } from "../engine.ts";

const templateTokens = 256; // generous room for what a chat template adds
const messageTokens = 16;
const firstGuess = 0.5; // tokens a byte, until a reply has told more; English has a fourth
const isTooFew = 0.6; // of what texts before had at least

export const bytesOf = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);

/** More tokens than the messages can have: a token is a byte at least. */
export const mostTokens = (messages: readonly ChatMessage[]): number =>
  bytesOf(messages) + messages.length * messageTokens + templateTokens;

/** Tokens of prompts that a server does not count before it reads them, from what it said of earlier ones. */
export class TokenEstimate {
  private least = Infinity;
  private most = 0;

  /** A prompt that certainly was read whole, and its tokens by the server's count. */
  seen(messages: readonly ChatMessage[], tokens: number): void {
    const bytes = bytesOf(messages);
    if (bytes < 64) return;
    this.least = Math.min(this.least, tokens / bytes);
    this.most = Math.max(this.most, tokens / bytes);
  }

  /** About how many tokens the messages have, rather more than fewer. */
  of(messages: readonly ChatMessage[]): number {
    return Math.ceil(bytesOf(messages) * (this.most === 0 ? firstGuess : this.most));
  }

  /** Whether a count is less than the messages can have. */
  isCut(messages: readonly ChatMessage[], tokens: number): boolean {
    const least = this.least === Infinity ? 1 / 12 : this.least * isTooFew; // no text has 12 bytes a token
    return tokens < bytesOf(messages) * least;
  }
}
