import { printed, type Fact, type Sentence } from "./facts.ts";

// Words that claim a direction, a change or its absence; outside a fact no sentence may use them.
const claims =
  /\b(better|worse|worsened|improv\w*|deteriorat\w*|recover\w*|regress\w*|declin\w*|ris(?:e|es|ing|en)|rose|f[ae]ll(?:s|ing|en)?|increas\w*|decreas\w*|higher|lower|more|less|fewer|stable|unchanged|no|not|none|never)\b/i;
const digit = /\p{N}/u;

/**
 * Whether a sentence says its facts and nothing beside them: each is found in order as it is printed, and what stands
 * between holds neither a number nor a word of direction.
 */
export function isTrue(sentence: Sentence, facts: ReadonlyMap<string, Fact>): boolean {
  let rest = sentence.text;
  const isPlain = (text: string): boolean => !digit.test(text) && !claims.test(text);
  for (const id of sentence.facts) {
    const one = facts.get(id);
    if (one === undefined) return false;
    const form = printed(one);
    const at = rest.indexOf(form);
    // A sign or point before, or a figure after, would make it another number.
    const before = rest.slice(0, Math.max(0, at));
    if (at < 0 || !isPlain(before) || /[-−.\p{L}]$/u.test(before)) return false;
    rest = rest.slice(at + form.length);
    if (/^[\p{L}\p{N}]|^[.,]\p{N}/u.test(rest)) return false;
  }
  return isPlain(rest);
}

/** Parts sentences into those that hold and those to be left out. */
export function checkSentences(
  sentences: readonly Sentence[],
  facts: readonly Fact[],
): { kept: Sentence[]; dropped: Sentence[] } {
  const byId = new Map(facts.map((one) => [one.id, one]));
  const kept = sentences.filter((one) => isTrue(one, byId));
  return { kept, dropped: sentences.filter((one) => !kept.includes(one)) };
}
