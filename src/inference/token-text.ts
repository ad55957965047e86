const replacement = "\uFFFD";
const longestCharacter = 6; // tokens that may share one character: four bytes, with room for a leading space

/**
 * Turns tokens into text as they come, whole characters only. Bytes that are no UTF-8, which small models say at
 * times, become U+FFFD as the WHATWG decoder has it; `isMostlyBroken` tells a reply that is nothing else.
 */
export class TokenText<Token> {
  private open: Token[] = [];
  private before: Token[];
  private readonly decode: (tokens: Token[], before: Token[]) => string;
  private whole = 0;
  private broken = 0;

  constructor(decode: (tokens: Token[], before: Token[]) => string, before: readonly Token[] = []) {
    this.decode = decode;
    this.before = [...before];
  }

  get isMostlyBroken(): boolean {
    return this.broken > this.whole;
  }

  /** True while the last character waits for more tokens. */
  get isOpen(): boolean {
    return this.open.length > 0;
  }

  push(token: Token): string {
    this.open.push(token);
    const text = this.decode(this.open, this.before);
    // A mark at the very end may be a character that the next token completes.
    const mayGoOn = text.endsWith(replacement) && this.open.length < longestCharacter;
    return mayGoOn ? "" : this.take(text);
  }

  /** What is left once the model has ended: a character that it left unfinished. */
  finish(): string {
    return this.open.length === 0 ? "" : this.take(this.decode(this.open, this.before));
  }

  private take(text: string): string {
    this.before = [...this.before, ...this.open].slice(-4);
    this.open = [];
    const marks = text.split(replacement).length - 1;
    this.broken += marks;
    this.whole += text.length - marks;
    return text;
  }
}
