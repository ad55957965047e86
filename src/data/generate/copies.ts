import type { Message } from "../../records/index.ts";
import { duplicateBands, putBandKey, signatureOf } from "../signature.ts";
import { jaccard } from "../jaccard.ts";
import { shinglesOf, WordBuffer } from "../words.ts";

const nearJaccard = 0.7;

/** Remembers conversations and tells one that is nearly the same as an earlier one. */
export class CopyFinder {
  private readonly known: Uint32Array[] = [];
  private readonly byBand = new Map<string, number[]>();

  /** True if it is a near copy; else it is remembered. */
  isCopy(messages: readonly Message[]): boolean {
    const words = new WordBuffer();
    for (const { content } of messages) words.addText(content);
    const shingles = shinglesOf(words.words);
    const signature = signatureOf(shingles);
    const halves = new Uint32Array(2);
    const keys = Array.from({ length: duplicateBands.bands }, (_, band) => {
      putBandKey(signature, band, duplicateBands.rows, halves, 0);
      return `${band}|${halves.join(".")}`;
    });
    const met = new Set(keys.flatMap((key) => this.byBand.get(key) ?? []));
    for (const other of met)
      if (jaccard(this.known[other] as Uint32Array, shingles) >= nearJaccard) return true;
    const number = this.known.push(shingles) - 1;
    for (const key of keys) this.byBand.set(key, [...(this.byBand.get(key) ?? []), number]);
    return false;
  }
}
