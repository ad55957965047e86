// An independent check for leakage: shares no code with the product, compares sets of word runs as strings.
import { createHash } from "node:crypto";

export type Checked = { split: string; messages: { role: string; content: string }[] };
export type Leak = { view: string; a: number; b: number; similarity: number };

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

function runs(text: string): Set<string> {
  const all = words(text);
  const found = new Set<string>();
  for (let start = 0; start === 0 || start + 5 <= all.length; start++) {
    found.add(all.slice(start, start + 5).join(" "));
  }
  return found;
}

/** Every pair of records in different splits whose texts share 70 % of their runs of five words, by counting shared runs; `compared`: held-out texts that were looked at. */
export function findLeaks(records: readonly Checked[]): { leaks: Leak[]; compared: number } {
  const leaks: Leak[] = [];
  let compared = 0;
  for (const view of ["all", "user", "assistant"]) {
    const sets = records.map(({ messages }) =>
      runs(
        messages
          .filter(({ role }) => (view === "all" ? role === "user" || role === "assistant" : role === view))
          .map(({ content }) => content)
          .join("\n"),
      ),
    );
    const holders = new Map<string, number[]>();
    sets.forEach((set, index) => {
      for (const run of set) {
        const list = holders.get(run);
        if (list === undefined) holders.set(run, [index]);
        else list.push(index);
      }
    });
    sets.forEach((set, index) => {
      if (records[index]?.split === "train") return;
      compared++;
      const shared = new Map<number, number>();
      for (const run of set) {
        for (const other of holders.get(run) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
      }
      for (const [other, both] of shared) {
        if (records[other]?.split === records[index]?.split) continue;
        const similarity = both / (set.size + (sets[other] as Set<string>).size - both);
        if (similarity >= 0.7) leaks.push({ view, a: index, b: other, similarity });
      }
    });
  }
  return { leaks, compared };
}

/** Turns of eight words or more that stand in two splits. */
export function findVerbatim(records: readonly Checked[]): string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const { split, messages } of records) {
    for (const { role, content } of messages) {
      if (role === "system" || words(content).length < 8) continue;
      const key = createHash("sha1").update(words(content).join(" ")).digest("hex");
      const other = seen.get(key);
      if (other === undefined) seen.set(key, split);
      else if (other !== split) found.push(key);
    }
  }
  return found;
}

/** JSON with sorted keys, as RFC 8785 asks for the plain values of a manifest. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${sortedJson(one)}`).join(",")}}`;
}

export const hash = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
