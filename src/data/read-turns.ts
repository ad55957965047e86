import { checkTurns, cleanText, type Draft } from "../records/index.ts";
import { beginHeads } from "./kernel/word-heads.ts";
import { seen, WordBuffer, type TextFacts } from "./words.ts";

type Checked = ReturnType<typeof checkTurns>;

// Used again for every record.
const words = new WordBuffer();

/** The words of the turns that were read last. */
export const readWords = words;

/**
 * Checks and cleans a draft's turns, reading each text once: what the reading tells of each clean turn goes with them,
 * its words lie in `readWords`.
 */
export function readTurns(draft: Draft): Checked & { facts: TextFacts[] } {
  words.clear();
  beginHeads();
  const facts: TextFacts[] = [];
  const checked = checkTurns(draft, (raw) => {
    const text = raw.trim();
    const read = words.addText(text);
    const cleaned = (read.flags & seen.odd) === 0 ? { text, repairs: [] } : cleanText(raw);
    // An empty turn is left out or ends the check: it takes no place.
    if (cleaned !== undefined && cleaned.text !== "")
      facts.push(cleaned.text === text ? read : words.addText(cleaned.text));
    return cleaned;
  });
  return { ...checked, facts };
}
