/** Cuts a reply before the first stop text, wherever its pieces fall; holds back what could begin one. */
export class StopText {
  private held = "";
  private readonly stops: readonly string[];
  isStopped = false;

  constructor(stops: readonly string[]) {
    this.stops = stops;
  }

  push(text: string): string {
    if (this.isStopped) return "";
    this.held += text;
    const found = this.stops.map((stop) => this.held.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.isStopped = true;
      return this.held.slice(0, Math.min(...found));
    }
    const kept = this.longestBeginning();
    const out = this.held.slice(0, this.held.length - kept);
    this.held = this.held.slice(this.held.length - kept);
    return out;
  }

  /** What is left once the reply is over. */
  finish(): string {
    const rest = this.isStopped ? "" : this.held;
    this.held = "";
    return rest;
  }

  private longestBeginning(): number {
    let longest = 0;
    for (const stop of this.stops)
      for (let length = Math.min(stop.length - 1, this.held.length); length > longest; length--)
        if (this.held.endsWith(stop.slice(0, length))) longest = length;
    return longest;
  }
}
