import { lstatSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { audit } from "../../src/audit/index.ts";
import { writeSample, type SampleFlags } from "../../src/sample/index.ts";
import { drain } from "../../src/shared/index.ts";
import { compare, type Score } from "./compare.ts";
import { precision, recall, sumRows, type ScoreRow } from "./tally.ts";

/** Generates the repository of a seed, audits it, compares. The folder is removed afterwards. */
export async function scoreSeed(seed: number, flags: Partial<SampleFlags> = {}): Promise<Score> {
  const folder = await mkdtemp(join(tmpdir(), "scattered-"));
  try {
    const sample = join(folder, "repository");
    const { key } = await writeSample({ seed, folder: sample, ...flags });
    const { report } = await drain(audit({ folder: sample, today: "2026-01-01" }));
    const isThere = (path: string): boolean =>
      lstatSync(join(sample, path), { throwIfNoEntry: false }) !== undefined;
    return compare(key, report, isThere);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`.padStart(8);

/** Rows as a table. */
export function table(rows: readonly ScoreRow[]): string {
  const width = Math.max(...rows.map((row) => row.category.length));
  const lines = rows.map(
    (row) =>
      `${row.category.padEnd(width)} ${[row.hits, row.falseAlarms, row.misses, row.extra].map((n) => String(n).padStart(6)).join("")} ${percent(precision(row))} ${percent(recall(row))}`,
  );
  return [`${"".padEnd(width)}  right false missed extra precision  recall`, ...lines].join("\n");
}

// npx tsx tests/scattered/score.ts --seeds 1,2,3 [--details TEXT] [--formats] [--root at] [--crlf] [--shallow] [--no-git] [--scale N]
if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "1,2,3" },
      details: { type: "string" },
      formats: { type: "boolean", default: false },
      root: { type: "string", default: "above" },
      crlf: { type: "boolean", default: false },
      scale: { type: "string", default: "1" },
      shallow: { type: "boolean", default: false },
      "no-git": { type: "boolean", default: false },
    },
  });
  const flags: Partial<SampleFlags> = {
    root: values.root === "at" ? "at" : "above",
    crlf: values.crlf,
    scale: Number(values.scale),
    shallow: values.shallow,
    git: !values["no-git"],
  };
  const scores: Score[] = [];
  for (const seed of values.seeds.split(",")) {
    const score = await scoreSeed(Number(seed), flags);
    scores.push(score);
    if (values.details === undefined) continue;
    for (const { category, kind, where, reason } of score.disagreements) {
      const line = `seed ${seed} ${kind} ${category}: ${where} — ${reason}`;
      if (line.includes(values.details)) process.stdout.write(`${line}\n`);
    }
  }
  const rows = sumRows(scores.map((score) => score.rows)).filter(
    (row) => values.formats || !row.category.startsWith("in "),
  );
  process.stdout.write(`${table(rows)}\n`);
}
