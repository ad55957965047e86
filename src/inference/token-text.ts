import { EngineError } from "./engine.ts";

const replacement = "\uFFFD";
const longestCharacter = 6; // tokens that may share one character: four bytes, with room for a leading space

/** Turns tokens into text as they come, whole characters only. Throws `engine_bad_output` on what is no UTF-8. */
export class TokenText<Token> {
  private open: Token[] = [];
  private before: Token[];
  private readonly decode: (tokens: Token[], before: Token[]) => string;

  constructor(decode: (tokens: Token[], before: Token[]) => string, before: readonly Token[] = []) {
    this.decode = decode;
    this.before = [...before];
  }

  push(token: Token): string {
    this.open.push(token);
    const text = this.decode(this.open, this.before);
    if (!text.includes(replacement)) return this.take(text);
    // Only an unfinished last character is one mark at the very end.
    const isUnfinished = text.indexOf(replacement) >= text.trimEnd().length - 3;
    if (!isUnfinished || this.open.length > longestCharacter) this.refuse();
    return "";
  }

  /** Call at the end of the reply: an unfinished character then stays unfinished. */
  finish(): void {
    if (this.open.length > 0) this.refuse();
  }

  private take(text: string): string {
    this.before = [...this.before, ...this.open].slice(-4);
    this.open = [];
    return text;
  }

  private refuse(): never {
    throw new EngineError("engine_bad_output", "the model's output is no valid UTF-8");
  }
}
