// Synthetic conversations: words of no meaning, drawn from a seed. No text of a person.
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const syllables =
  "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu".split(" ");

export function sentence(random: () => number, count: number): string[] {
  return Array.from({ length: count }, () =>
    Array.from(
      { length: 2 + Math.floor(random() * 2) },
      () => syllables[Math.floor(random() * syllables.length)],
    ).join(""),
  );
}

export type Pair = { prompt: string; response: string; client_id?: string };

/** Pairs of question and answer, of which a share are near-copies, or share a question, an answer or a client. */
export function syntheticPairs(count: number, seed: number): Pair[] {
  const random = generator(seed);
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index++) {
    const earlier = pairs[Math.floor(random() * pairs.length)];
    const fresh: Pair = { prompt: sentence(random, 20).join(" "), response: sentence(random, 60).join(" ") };
    const kind = random();
    if (earlier === undefined || kind > 0.3) pairs.push(fresh);
    else if (kind < 0.06) pairs.push({ ...fresh, prompt: earlier.prompt });
    else if (kind < 0.12) pairs.push({ ...fresh, response: earlier.response });
    else if (kind < 0.22) {
      const words = earlier.response.split(" ");
      words[Math.floor(random() * words.length)] = "changed";
      pairs.push({ prompt: fresh.prompt, response: words.join(" ") });
    } else {
      fresh.client_id = earlier.client_id ??= `client-${index}`;
      pairs.push(fresh);
    }
  }
  return pairs;
}
