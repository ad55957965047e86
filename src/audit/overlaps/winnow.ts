import { mix } from "./tokens.ts";

/** Tokens in one shingle. */
const shingleTokens = 5;
/** Shingles in one window, of which the smallest is kept: every match of 20 tokens is found. */
const windowShingles = 16;
const windowMask = windowShingles - 1;

const base = 0x01000193;
let leaving = 1;
for (let power = 0; power < shingleTokens; power++) leaving = Math.imul(leaving, base);

/**
 * Chooses shingles by winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: Local Algorithms for Document
 * Fingerprinting", SIGMOD 2003): of each window the rightmost smallest hash.
 */
export class Winnower {
  readonly chosen: number[] = [];
  readonly #tokens = new Int32Array(shingleTokens);
  readonly #window = new Uint32Array(windowShingles);
  #rolling = 0;
  #slot = 0;
  #count = 0;
  #shingles = 0;
  #smallest = -1; // its number
  #taken = -1;

  token(value: number): void {
    const slot = this.#slot;
    this.#rolling =
      (Math.imul(this.#rolling, base) + value - Math.imul(this.#tokens[slot] as number, leaving)) | 0;
    this.#tokens[slot] = value;
    this.#slot = slot + 1 === shingleTokens ? 0 : slot + 1;
    this.#count++;
    if (this.#count < shingleTokens) return;
    this.#shingle(mix(this.#rolling));
  }

  #shingle(value: number): void {
    const at = this.#shingles++;
    const window = this.#window;
    window[at & windowMask] = value;
    if (this.#smallest >= 0 && this.#smallest <= at - windowShingles) {
      let best = at;
      for (let number = at - 1; number > at - windowShingles; number--) {
        if ((window[number & windowMask] as number) < (window[best & windowMask] as number)) {
          best = number;
        }
      }
      this.#smallest = best;
    } else if (this.#smallest < 0 || value <= (window[this.#smallest & windowMask] as number)) {
      this.#smallest = at;
    }
    if (at >= windowShingles - 1) this.#take();
  }

  #take(): void {
    if (this.#smallest === this.#taken) return;
    this.#taken = this.#smallest;
    this.chosen.push(this.#window[this.#smallest & windowMask] as number);
  }

  /** Ends the text: one that never filled a window gives its smallest shingle. */
  finish(): number[] {
    if (this.#shingles > 0 && this.#shingles < windowShingles) this.#take();
    return this.chosen;
  }
}
