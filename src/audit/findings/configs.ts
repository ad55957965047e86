import type { ConfigPair } from "../report.ts";
import type { Draft } from "./schema.ts";
import { shownValue } from "../shown-text.ts";
import { code, count, quoted } from "./words.ts";

const familySize = 4;

/** Configurations of one origin that differ in values: `config-diverged`; many of one centre are a note. */
export function divergedConfigs(configs: readonly ConfigPair[]): Draft[] {
  const sizes = new Map<string, number>();
  for (const pair of configs) sizes.set(pair.b, (sizes.get(pair.b) ?? 0) + 1);
  const families = new Map<string, ConfigPair[]>();
  const drafts: Draft[] = [];
  for (const pair of configs) {
    if (pair.differences.length === 0) continue;
    if ((sizes.get(pair.b) ?? 0) >= familySize) {
      families.set(pair.b, [...(families.get(pair.b) ?? []), pair]);
      continue;
    }
    const keys = pair.differences.slice(0, 3).map((one) => code(one.key));
    drafts.push({
      rule: "config-diverged",
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
    });
  }
  for (const [centre, pairs] of families) {
    drafts.push({
      rule: "config-diverged",
      severity: "note",
      path: "",
      subject: centre,
      places: pairs.map((pair) => ({ path: pair.a, line: 1 })),
      message: `${count(pairs.length, "configuration")} vary ${quoted(centre)}. It looks deliberate: one for each setting.`,
      evidence: pairs.slice(0, 8).map((pair) => ({
        kind: "value",
        text: `${quoted(pair.a)} differs in ${count(pair.differences.length, "value")}`,
        path: pair.a,
      })),
    });
  }
  return drafts;
}
