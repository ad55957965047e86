const mostCharacters = 160;
const firstWords = 6;
const firstCharacters = 40; // six words of a script that writes none apart
const clauseEnds = /(?<=\S)[.,;:!?…—\n]["'”’)\]]*(?:\s+|$)|[。、，！？；：।]/gu;
const sentenceEnds = /[.!?…\n]["'”’)\]]*(?:\s+|$)|[。！？।]/gu;

function lastEnd(text: string, ends: RegExp): number {
  let until = 0;
  for (const found of text.matchAll(ends)) until = found.index + found[0].length;
  return until;
}

/**
 * Lets a reply out in windows that are checked whole: the first after six words or a clause, then at sentence ends or 160
 * characters. What was not let out when a policy is broken is never shown.
 */
export class ReplyWindows {
  private open = "";
  private isFirst = true;

  push(text: string): string {
    if (text === "") return "";
    this.open += text;
    const until = this.isFirst ? this.firstEnd() : this.sentenceEnd();
    if (until === 0) return "";
    this.isFirst = false;
    const out = this.open.slice(0, until);
    this.open = this.open.slice(until);
    return out;
  }

  /** What is left when the reply is over and nothing was broken. */
  finish(): string {
    const rest = this.open;
    this.open = "";
    return rest;
  }

  private firstEnd(): number {
    const { open } = this;
    const words = open.match(/\S+/gu)?.length ?? 0;
    return words >= firstWords || open.length >= firstCharacters ? open.length : lastEnd(open, clauseEnds);
  }

  private sentenceEnd(): number {
    const { open } = this;
    return open.length >= mostCharacters ? open.length : lastEnd(open, sentenceEnds);
  }
}
