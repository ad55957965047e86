/** One computed thing of a report; sentences may say only what facts hold. */
export type Fact = {
  id: string;
  kind: "number" | "word" | "day" | "name";
  value: number | string;
  unit: string | null;
  n: number | null;
  from: string | null;
  to: string | null;
  norm: string | null;
  method: string | null;
  /** Record ids or fact ids that it was computed from. */
  inputs: string[];
};

/** A line of a report with the facts that it says, in the order of its words. */
export type Sentence = { text: string; facts: string[] };

type Extras = Partial<Omit<Fact, "id" | "kind" | "value">>;

const fact =
  (kind: Fact["kind"]) =>
  (id: string, value: number | string, extras: Extras = {}): Fact => ({
    id,
    kind,
    value,
    unit: null,
    n: null,
    from: null,
    to: null,
    norm: null,
    method: null,
    inputs: [],
    ...extras,
  });

export const numberFact = fact("number");
export const wordFact = fact("word");
export const dayFact = fact("day");
export const nameFact = fact("name");

/** A fact as sentences print it: numbers to one digit, p-values to three, never as 0. */
export function printed(one: Fact): string {
  if (typeof one.value === "string") return one.kind === "day" ? one.value.slice(0, 10) : one.value;
  if (one.unit === "p") return one.value < 0.001 ? "< 0.001" : `= ${Number(one.value.toFixed(3))}`;
  return String(Number(one.value.toFixed(1)) + 0);
}

/** Builds a sentence; every value in it is a fact. */
export function say(parts: TemplateStringsArray, ...facts: Fact[]): { sentence: Sentence; facts: Fact[] } {
  const text = parts
    .map((part, index) => part + (facts[index] === undefined ? "" : printed(facts[index])))
    .join("");
  return { sentence: { text, facts: facts.map((one) => one.id) }, facts };
}
