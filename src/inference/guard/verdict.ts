/** What a guard model found in a conversation's newest turn, a person's or the model's. It raises a level to elevated at most. */
export type Verdict = {
  outcome: "safe" | "flagged";
  /** False where it called the turn controversial. */
  isSure: boolean;
  level: "none" | "watch" | "elevated";
  categories: string[];
};

type Finding = Pick<Verdict, "level"> & { category: string };
const elevated = (category: string): Finding => ({ level: "elevated", category });
const watch = (category: string): Finding => ({ level: "watch", category });

// MLCommons hazard classes as Llama Guard 3 numbers them (its model card); the others are no danger to the person.
const codes: Readonly<Record<string, Finding>> = {
  S1: elevated("violence"),
  S3: elevated("abuse"),
  S4: elevated("abuse"),
  S9: elevated("violence"),
  S10: watch("hate"),
  S11: elevated("suicide"),
  S12: watch("sexual"),
};
// Names that Qwen3Guard writes out (its model card).
const names: readonly [RegExp, Finding][] = [
  [/suicide|self-?harm/iu, elevated("suicide")],
  [/violen/iu, elevated("violence")],
  [/child|sexual (?:abuse|exploitation)/iu, elevated("abuse")],
  [/sexual/iu, watch("sexual")],
  [/unethical|hate/iu, watch("hate")],
];

function verdictOf(findings: readonly Finding[], isSure: boolean): Verdict {
  const level = isSure && findings.some((one) => one.level === "elevated") ? "elevated" : "watch";
  return {
    outcome: "flagged",
    isSure,
    level,
    categories: [...new Set(findings.map(({ category }) => category))].toSorted(),
  };
}

/**
 * A guard model's answer: Llama Guard's (`safe`, or `unsafe` and a line of codes) or Qwen3Guard's (`Safety: …`,
 * `Categories: …`). Undefined for anything else, which is no verdict.
 */
export function readVerdict(answer: string): Verdict | undefined {
  const text = answer.trim();
  const named = /^safety:\s*(safe|unsafe|controversial)\b/iu.exec(text)?.[1]?.toLowerCase();
  if (named === "safe" || /^safe\b/iu.test(text))
    return { outcome: "safe", isSure: true, level: "none", categories: [] };
  if (named !== undefined) {
    const listed = /categor(?:y|ies):\s*(.+)/iu.exec(text)?.[1] ?? "";
    return verdictOf(
      names.filter(([pattern]) => pattern.test(listed)).map(([, finding]) => finding),
      named === "unsafe",
    );
  }
  if (!/^unsafe\b/iu.test(text)) return undefined;
  const found = [...text.matchAll(/\bS\d{1,2}\b/gu)].map(([code]) => codes[code]);
  return verdictOf(
    found.filter((one) => one !== undefined),
    true,
  );
}
