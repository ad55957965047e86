import type { CopyPair } from "../report.ts";

/** Pairs found so far: the first thing said of two paths stands. */
export class PairLedger {
  readonly #pairs = new Map<string, CopyPair>();

  has(a: string, b: string): boolean {
    return this.#pairs.has(a < b ? `${a}\0${b}` : `${b}\0${a}`);
  }

  add(pair: CopyPair): void {
    const { a, b } = pair;
    if (!this.has(a, b)) this.#pairs.set(a < b ? `${a}\0${b}` : `${b}\0${a}`, pair);
  }

  /** In order of `a`, then `b`. */
  sorted(): CopyPair[] {
    return [...this.#pairs.values()].sort((x, y) =>
      x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : x.b > y.b ? 1 : 0,
    );
  }
}
