import { findSecrets, redactSecrets } from "../../shared/index.ts";
import type { ConfigPair } from "../report.ts";
import type { ConfigValues } from "./config-values.ts";

/** Text from this length on is shown as its length. */
const longestText = 80;
/** Differences of one pair that are listed; the rest is counted in a last one. */
const mostDifferences = 200;

// Whole words of a key: `max_tokens`, `tokenizer` and `key_dim` are no secrets.
const secretKey =
  /(?:^|[^a-z0-9])(?:pass(?:word|wd|phrase)?|secret|credential|credentials|bearer|private[-_]?key|api[-_]?key|access[-_]?key(?:[-_]?id)?|auth|token|[a-z0-9]+[-_](?:token|secret|password|apikey|api[-_]key))(?:$|[^a-z0-9_])/i;
const harmlessToken =
  /(?:^|[^a-z0-9])(?:pad|eos|bos|unk|sep|cls|mask|image|special|stop|start|end|num|max|min)[-_]token/i;

/** True for a key whose value nobody should see. */
export function isSecretKey(key: string): boolean {
  const last = key.slice(key.lastIndexOf(".") + 1).replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2");
  return secretKey.test(last) && !harmlessToken.test(last);
}

/** A value as it may be shown: secrets hidden, long texts and whole lists by size. */
export function shownValue(value: unknown, isSecret: boolean): unknown {
  if (value === undefined || value === null || typeof value === "boolean") return value;
  if (isSecret) return "[hidden]";
  if (typeof value === "string") {
    if (findSecrets(value).length > 0) return redactSecrets(value).slice(0, longestText);
    return value.length >= longestText ? `[text of ${value.length} characters]` : value;
  }
  if (Array.isArray(value)) return `[list of ${value.length}]`;
  if (typeof value === "object") return "[empty object]";
  return value;
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** What two sets of settings say differently, keys in order; a side without the key has no value. */
export function configDifferences(a: ConfigValues, b: ConfigValues): ConfigPair["differences"] {
  const differences: ConfigPair["differences"] = [];
  for (const key of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    if (a.has(key) && b.has(key) && isEqual(a.get(key), b.get(key))) continue;
    const isSecret = isSecretKey(key);
    const name = redactSecrets(key);
    differences.push({
      key: name,
      ...(a.has(key) ? { a: shownValue(a.get(key), isSecret) } : {}),
      ...(b.has(key) ? { b: shownValue(b.get(key), isSecret) } : {}),
    });
  }
  if (differences.length <= mostDifferences) return differences;
  const left = differences.length - mostDifferences;
  return [...differences.slice(0, mostDifferences), { key: `[${left} more keys]` }];
}

/** The share of the smaller side's keys that both have. */
export function sharedKeys(a: ConfigValues, b: ConfigValues): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const key of small.keys()) if (large.has(key)) shared++;
  return shared / small.size;
}
