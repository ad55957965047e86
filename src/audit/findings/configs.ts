import type { ConfigPair } from "../report.ts";
import { folderOf, nameOf } from "./cause-paths.ts";
import type { Draft } from "./schema.ts";
import { shownValue } from "../shown-text.ts";
import { code, count, listed, quoted } from "./words.ts";

const familySize = 3;
/** From this many places on, each folder having its own is a habit. */
const habitSize = 5;

/** Files that are joined by pairs, in the order of their first pair. */
function families(pairs: readonly ConfigPair[]): ConfigPair[][] {
  const familyOf = new Map<string, ConfigPair[]>();
  const all = new Set<ConfigPair[]>();
  for (const pair of pairs) {
    const [first, second] = [familyOf.get(pair.a), familyOf.get(pair.b)];
    const family = first ?? second ?? [];
    family.push(pair);
    if (first !== undefined && second !== undefined && first !== second) {
      first.push(...second);
      all.delete(second);
    }
    all.add(family);
    for (const { a, b } of family) familyOf.set(a, family).set(b, family);
  }
  return [...all];
}

function pairDraft(pair: ConfigPair): Draft {
  const keys = pair.differences.slice(0, 3).map((one) => code(one.key));
  // Two variants side by side are meant to differ.
  const sideBySide = folderOf(pair.a) === folderOf(pair.b);
  return {
    rule: "config-diverged",
    severity: sideBySide ? "note" : "warning",
    path: pair.a,
    subject: pair.b,
    places: [
      { path: pair.a, line: 1 },
      { path: pair.b, line: 1 },
    ],
    message: `${quoted(pair.a)} and ${quoted(pair.b)} differ in ${count(pair.differences.length, "value")}: ${keys.join(", ")}${pair.differences.length > 3 ? ", …" : ""}.`,
    evidence: pair.differences.slice(0, 12).map(({ key, a, b }) => ({
      kind: "value",
      text: `${code(key)}: ${shownValue(key, a)} here, ${shownValue(key, b)} there`,
      path: pair.a,
    })),
  };
}

function familyDraft(pairs: readonly ConfigPair[]): Draft {
  const files = [...new Set(pairs.flatMap((pair) => [pair.a, pair.b]))].sort();
  const keys = new Set(pairs.flatMap((pair) => pair.differences.map((one) => one.key)));
  // One name in a few places: copies that drifted. Many names, or many places: a setting each.
  const drifted = files.length < habitSize && new Set(files.map(nameOf)).size === 1;
  const such = listed(files.map(quoted), 3);
  return {
    rule: "config-diverged",
    severity: drifted ? "warning" : "note",
    path: "",
    subject: files[0] as string,
    places: files.map((path) => ({ path, line: 1 })),
    message: drifted
      ? `${such} have one name and differ in values.`
      : `${count(files.length, "configuration")} vary one another, such as ${such}. It looks deliberate: one for each setting.`,
    evidence: [
      { kind: "value", text: `they differ in ${listed([...keys].sort().map(code), 8)}` },
      ...pairs.slice(0, 6).map((pair) => ({
        kind: "value",
        text: `${quoted(pair.a)} and ${quoted(pair.b)} differ in ${count(pair.differences.length, "value")}`,
        path: pair.a,
      })),
    ],
  };
}

/** Configurations of one origin that differ in values: `config-diverged`; three and more that vary one another are a note. */
export function divergedConfigs(configs: readonly ConfigPair[]): Draft[] {
  return families(configs.filter((pair) => pair.differences.length > 0)).map((pairs) => {
    const files = new Set(pairs.flatMap((pair) => [pair.a, pair.b])).size;
    return files >= familySize ? familyDraft(pairs) : pairDraft(pairs[0] as ConfigPair);
  });
}
