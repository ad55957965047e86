import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { splice, type Edit } from "../../src/consolidate/rewrite/splice.ts";
import { decodeBytes, extractFile, longestFileBytes } from "../../src/references/index.ts";
import { keptBytes } from "./kept-bytes.ts";

const own = fileURLToPath(new URL("../..", import.meta.url));
/** Folders, each a git checkout; by default this repository's documents and fixtures. */
const given = process.env["TRAINING_READY_TEXT_FOLDERS"]?.split(":").filter((one) => one !== "");
const rounds = 3;

/** Numbers that the path and the round alone decide. */
function drawn(seed: string): () => number {
  let state = 2166136261;
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822507) + 0x6d2b79f5;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const words = ["", "x", "../a b/ü.md", "home/scripts/train.py", "\r\n", "名前/😀", "%20", "a.b.c:app"];

/** New texts for some of the spans, none of which meet. */
function editsFor(spans: readonly { start: number; end: number }[], next: () => number): Edit[] {
  const edits: Edit[] = [];
  for (const { start, end } of spans) {
    if (start < (edits.at(-1)?.end ?? 0) || next() < 0.3) continue;
    edits.push({ start, end, text: words[Math.floor(next() * words.length)] as string });
  }
  return edits;
}

function textFiles(folder: string): string[] {
  return execFileSync("git", ["ls-files", "-s", "-z"], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 })
    .split("\0")
    .flatMap((row) => (row.startsWith("100") ? [row.slice(row.indexOf("\t") + 1)] : []))
    .filter((path) => given !== undefined || /^(?:docs|fixtures|tests|recipes)\//.test(path));
}

describe("rewriting what the formats found", () => {
  it(
    "changes no byte outside the spans, over every text file at hand",
    () => {
      const total = { files: 0, bytes: 0, spans: 0, edits: 0 };
      const wrong: string[] = [];
      for (const folder of given ?? [own]) {
        for (const path of textFiles(folder)) {
          const file = join(folder, path);
          if ((statSync(file, { throwIfNoEntry: false })?.size ?? Infinity) > longestFileBytes) continue;
          const bytes = readFileSync(file);
          if (bytes.subarray(0, 8000).includes(0)) continue;
          const extraction = extractFile(path, bytes)?.extraction;
          const spans = [...(extraction?.mentions ?? []), ...(extraction?.imports ?? [])]
            .map(({ start, end }) => ({ start, end }))
            .sort((a, b) => a.start - b.start || a.end - b.end);
          total.files++;
          total.bytes += bytes.length;
          total.spans += spans.length;
          if (spans.some(({ start, end }) => start < 0 || end < start || end > bytes.length))
            wrong.push(`${file}: a span leaves the file`);
          const { text, bomBytes } = decodeBytes(bytes);
          for (const { start, end, raw, encoding } of extraction?.mentions ?? [])
            if (
              encoding !== "dotted" &&
              Buffer.from(text.slice(start - bomBytes, end - bomBytes), "latin1").toString("utf8") !== raw
            )
              wrong.push(`${file}: byte ${start}: the span does not hold ${raw}`);
          for (let round = 0; round < rounds; round++) {
            const edits = editsFor(spans, drawn(`${path}\0${round}`));
            const after = splice(bytes, edits);
            const kept = bytes.length - edits.reduce((sum, { start, end }) => sum + end - start, 0);
            if (keptBytes(bytes, after, edits) !== kept) wrong.push(`${file}: round ${round}`);
            total.edits += edits.length;
          }
        }
      }
      if (given !== undefined) process.stdout.write(`${JSON.stringify(total)}\n`);
      expect(wrong.slice(0, 20)).toEqual([]);
      expect(total.files).toBeGreaterThan(100);
      expect(total.edits).toBeGreaterThan(1000);
    },
    given === undefined ? 120_000 : 3_600_000,
  );
});
