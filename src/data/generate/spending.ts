import type { GenerateConfig } from "../../home/index.ts";
import type { Answer, ChatMessage } from "./schema.ts";

/** Tokens of a prompt without the model's tokenizer: a quarter of its UTF-8 bytes, and four a message. */
export const promptEstimate = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + Math.ceil(Buffer.byteLength(content) / 4) + 4, 0);

/** What tokens cost, or null where no price is known. */
export function costOf(config: GenerateConfig, input: number, output: number): number | null {
  if (config.price === undefined) return null;
  return (input * config.price.input + output * config.price.output) / 1e6;
}

/** Keeps count of tokens, and says whether one more answer is within the budget. */
export class Spending {
  input = 0;
  output = 0;
  private reserved = { input: 0, output: 0 };
  private readonly config: GenerateConfig;
  constructor(config: GenerateConfig) {
    this.config = config;
  }

  get cost(): number | null {
    return costOf(this.config, this.input, this.output);
  }

  /** Sets tokens aside for a call; false where they would exceed the budget. */
  reserve(messages: readonly ChatMessage[]): boolean {
    const input = this.input + this.reserved.input + promptEstimate(messages);
    const output = this.output + this.reserved.output + this.config.max_tokens;
    const { tokens, cost } = this.config.budget ?? {};
    if (tokens !== undefined && input + output > tokens) return false;
    const wouldCost = costOf(this.config, input, output);
    if (cost !== undefined && wouldCost !== null && wouldCost > cost) return false;
    this.reserved.input += promptEstimate(messages);
    this.reserved.output += this.config.max_tokens;
    return true;
  }

  release(messages: readonly ChatMessage[]): void {
    this.reserved.input -= promptEstimate(messages);
    this.reserved.output -= this.config.max_tokens;
  }

  count(answer: Answer, messages: readonly ChatMessage[]): void {
    // A service that counts nothing is counted for.
    this.input += answer.promptTokens || promptEstimate(messages);
    this.output += answer.completionTokens || Math.ceil(Buffer.byteLength(answer.text) / 4);
  }
}
