// A corpus of synthetic conversations, from a seed: `npx tsx bench/data-corpus.ts FILE MB`. Words without meaning.
import { closeSync, openSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generator, sentence } from "../tests/data/synthetic.ts";

// Words by Zipf's law, as in a language: the r-th commonest occurs 1/(r + 2.7) as often (Mandelbrot 1953).
const vocabulary = [...new Set(sentence(generator(9), 60_000))].slice(0, 20_000);
const upTo = new Float64Array(vocabulary.length);
for (let rank = 0, sum = 0; rank < upTo.length; rank++) upTo[rank] = sum += 1 / (rank + 2.7);

function zipfWord(random: () => number): string {
  const wanted = random() * (upTo.at(-1) as number);
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((upTo[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return vocabulary[low] as string;
}

/** Sentences with capitals and full stops; one turn in fifty holds personal data that is made up. */
function turnText(random: () => number, words: number): string {
  const parts: string[] = [];
  for (let left = words; left > 0;) {
    const count = Math.min(left, 6 + Math.floor(random() * 14));
    const said = Array.from({ length: count }, () => zipfWord(random)).join(" ");
    parts.push(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`);
    left -= count;
  }
  const chance = random();
  if (chance < 0.01) parts.push("My name is Anna and my number is (212) 555-0142.");
  else if (chance < 0.02) parts.push("Write to someone@mail.example.net on 03/14/2019.");
  return parts.join(" ");
}

/** Writes conversations of two to ten turns of 20 to 120 words without meaning; ids start at `first`. */
export function writeConversations(
  file: string,
  megabytes: number,
  options: { seed?: number; first?: number; append?: boolean } = {},
): { bytes: number; records: number } {
  const random = generator(options.seed ?? 1);
  const first = options.first ?? 0;
  const descriptor = openSync(file, options.append === true ? "a" : "w");
  let [bytes, records] = [0, 0];
  let lines: string[] = [];
  while (bytes < megabytes * 1e6) {
    const turns = 2 + 2 * Math.floor(random() * 5);
    const messages = Array.from({ length: turns }, (_, turn) => ({
      role: turn % 2 === 0 ? "user" : "assistant",
      content: turnText(random, 20 + Math.floor(random() * 100)),
    }));
    const line = `${JSON.stringify({ id: first + records, messages })}\n`;
    lines.push(line);
    bytes += line.length;
    records++;
    if (lines.length < 1000 && bytes < megabytes * 1e6) continue;
    writeSync(descriptor, lines.join(""));
    lines = [];
  }
  closeSync(descriptor);
  return { bytes, records };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file, megabytes] = process.argv;
  if (file === undefined || !(Number(megabytes) > 0)) throw new Error("usage: data-corpus.ts FILE MB");
  process.stdout.write(`${JSON.stringify(writeConversations(file, Number(megabytes)))}\n`);
}
