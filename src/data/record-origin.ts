import { createHmac } from "node:crypto";
import { foldedKey } from "./folded-key.ts";
import { bindingKinds, type BindingKind, type PinnedSource, type SplitName } from "./schema.ts";
import type { Binding } from "./text-analysis.ts";

const groupColumns = {
  client: ["clientid", "patientid"],
  session: ["sessionid", "dialogueid", "conversationid"],
  question: ["questionid"],
} as const;
type GroupKind = keyof typeof groupColumns;
const groupKinds = Object.keys(groupColumns) as GroupKind[];

/** The value of a group in what the item holds beside its turns: by the configured column, else by a usual name. */
function groupValue(
  extra: Readonly<Record<string, unknown>>,
  item: unknown,
  kind: GroupKind,
  column: string | undefined,
): { name: string; value: string } | undefined {
  let name = column;
  if (name === undefined) {
    const usual = groupColumns[kind] as readonly string[];
    name = Object.keys(extra).find((key) => usual.includes(foldedKey(key)));
    if (name === undefined) return undefined;
  }
  const holder = [extra, item].find(
    (one): one is Record<string, unknown> =>
      typeof one === "object" && one !== null && Object.hasOwn(one, name),
  );
  const value = holder?.[name];
  const text = typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text === "" ? undefined : { name, value: text };
}

/** The client that an item names, if it does. */
export function clientOf(item: unknown, column: string | undefined): string | undefined {
  const row = typeof item === "object" && item !== null ? (item as Record<string, unknown>) : {};
  return groupValue(row, item, "client", column)?.value;
}

/** The bond of a kind by the first 64 bits of a hash in hex. */
const bindingOf = (kind: BindingKind, hex: string): Binding => ({
  kind: bindingKinds.indexOf(kind),
  high: Number.parseInt(hex.slice(0, 8), 16),
  low: Number.parseInt(hex.slice(8, 16), 16),
  isShort: false,
});

/**
 * Keyed hashes of the client, session and question that an item names, empty where it names none, and their bonds. Where
 * personal data is scrubbed, the client's hash takes the place of the name in `extra`.
 */
export function groupsOf(
  extra: Record<string, unknown>,
  from: { item: unknown; source: PinnedSource; surrogateKey: string; scrub: boolean },
): { group: Record<GroupKind, string>; bindings: Binding[] } {
  const { item, source, surrogateKey, scrub } = from;
  const bindings: Binding[] = [];
  const group = { client: "", session: "", question: "" };
  for (const kind of groupKinds) {
    const found = groupValue(extra, item, kind, source.config.group?.[kind]);
    if (found === undefined) continue;
    // A client is one person in all sources; sessions and questions are numbered by each source for itself.
    const scope = kind === "client" ? "" : source.config.name;
    group[kind] = createHmac("sha256", surrogateKey)
      .update(`${kind}|${scope}|${found.value}`)
      .digest("hex")
      .slice(0, 32);
    bindings.push(bindingOf(kind, group[kind]));
    // Who is meant stays with the source: the record keeps the keyed hash alone.
    if (kind === "client" && scrub && Object.hasOwn(extra, found.name)) extra[found.name] = group[kind];
  }
  return { group, bindings };
}

/** Takes out of a record's fields what wrote it and which records it was made from; those become bonds. */
export function takeOrigin(
  extra: Record<string, unknown>,
  bindings: Binding[],
): { generator: string; parents: string[] } {
  const { generator: said, parents: named } = extra;
  const generator =
    typeof said === "string" && /^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}$/.test(said) ? said : "";
  const parents = Array.isArray(named)
    ? named.filter((one): one is string => typeof one === "string" && /^[0-9a-f]{64}$/.test(one))
    : [];
  if (generator !== "") delete extra["generator"];
  if (parents.length > 0) delete extra["parents"];
  for (const parent of parents) bindings.push(bindingOf("parent", parent));
  return { generator, parents };
}

const splitSpellings: Readonly<Record<string, SplitName>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  test: "test",
};

/** The split that the publisher of a source gave to an item: its `split` column, or the list that it stands in. */
export function publishedSplit(
  extra: Readonly<Record<string, unknown>>,
  container: string | undefined,
): SplitName | undefined {
  const key = Object.keys(extra).find((name) => foldedKey(name) === "split");
  const said = key === undefined ? container : extra[key];
  const word = typeof said === "string" ? said.trim().toLowerCase() : "";
  return Object.hasOwn(splitSpellings, word) ? splitSpellings[word] : undefined;
}
