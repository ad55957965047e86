import { outputLists, outputPolicies, releasing, type OutputPolicy } from "./output-policies.data.ts";
import { expand, matchAt, pattern, PatternIndex } from "./pattern.ts";
import { plainWords } from "./words.ts";

const policies = new PatternIndex<OutputPolicy>(
  outputPolicies.flatMap(([policy, source]) =>
    expand(source, outputLists).map((one) => pattern(one, policy)),
  ),
);
// A stretch longer than any phrase may be is let go, so that a text without spaces is not held for ever.
const longestHeld = 400;
const remembered = 120;

/**
 * Lets a reply through piece by piece and keeps back what could begin a forbidden phrase, so that no byte of a
 * whole phrase leaves, wherever the pieces fall.
 */
export class HoldBack {
  private held = "";
  private said = "";
  violation: OutputPolicy | undefined;

  /** The part that may leave now. Once `violation` is set nothing more comes. */
  push(text: string): string {
    if (this.violation !== undefined) return "";
    this.held += text;
    return this.release(false);
  }

  /** What is left when the reply is over. */
  finish(): string {
    return this.violation === undefined ? this.release(true) : "";
  }

  private release(isOver: boolean): string {
    const offset = this.said.length;
    const words = plainWords(this.said + this.held);
    const last = words.at(-1);
    // The last word may go on in the next piece.
    const isOpen = !isOver && last !== undefined && last.end === offset + this.held.length;
    const certain = isOpen ? words.length - 1 : words.length;
    let keepFrom = isOpen ? Math.max(last.start, offset) : offset + this.held.length;
    for (let at = 0; at < certain; at++) {
      const word = words[at] as (typeof words)[number];
      if (word.start < offset) continue;
      const isReleased = words.slice(Math.max(0, at - 2), at).some(({ form }) => releasing.has(form));
      if (isReleased) continue;
      for (const { elements, label } of policies.from(word.form)) {
        const outcome = matchAt(elements, words, at, certain);
        if (outcome.kind === "whole") {
          this.violation = label;
          return this.take(Math.min(word.start, keepFrom));
        }
        if (outcome.kind === "open" && !isOver) keepFrom = Math.min(keepFrom, word.start);
      }
    }
    const out = this.take(keepFrom);
    return this.held.length > longestHeld && this.violation === undefined
      ? out + this.take(this.said.length + this.held.length - longestHeld)
      : out;
  }

  private take(until: number): string {
    const length = Math.max(0, until - this.said.length);
    const out = this.held.slice(0, length);
    this.held = this.held.slice(length);
    this.said = (this.said + out).slice(-remembered);
    return out;
  }
}
