/** An object as it came out of JSON or a row. */
export type Row = Record<string, unknown>;

export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const known = new Map<string, string>();
const mostKnown = 10_000; // keys are few; an input that makes up new ones for ever must not fill the memory

/** `question_text`, `questionText` and `Question Text` are one key. */
export function foldKey(key: string): string {
  let folded = known.get(key);
  if (folded === undefined) {
    folded = key.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
    if (known.size < mostKnown) known.set(key, folded);
  }
  return folded;
}

/** An item's keys, found whatever their spelling; the first spelling wins. */
export function fieldsOf(row: Row): {
  names: Map<string, string>;
  get(folded: string): unknown;
  /** The row's own spelling of those of the folded keys that it has. */
  spelled(folded: readonly string[]): Set<string>;
} {
  const names = new Map<string, string>();
  for (const key of Object.keys(row)) {
    const folded = foldKey(key);
    if (!names.has(folded)) names.set(folded, key);
  }
  return {
    names,
    get: (folded) => {
      const name = names.get(folded);
      return name === undefined ? undefined : row[name];
    },
    spelled: (folded) => new Set(folded.map((key) => names.get(key)).filter((name) => name !== undefined)),
  };
}

/** All of a row but the named keys. Own data properties, so that a `__proto__` key stays a plain key. */
export function withoutKeys(row: Row, used: ReadonlySet<string>): Row {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !used.has(key)));
}

/** Text of a value that should be text: strings as they are, numbers printed, else undefined. */
export function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
