import type { ImportClass, ImportMention, ImportReference } from "../schema.ts";
import type { Verdict } from "./judge.ts";

// Worst first: the first one that an entry gives names the row.
const severity: readonly ImportClass[] = [
  "internal-missing",
  "name-missing",
  "relative-without-parent",
  "undeclared",
  "optional",
  "installed-elsewhere",
  "resolves",
];
const most = 20;

export const isWorse = (a: ImportClass, b: ImportClass): boolean => severity.indexOf(a) < severity.indexOf(b);

/** A module as written, with its leading dots. */
export const writtenModule = (one: ImportMention): string => ".".repeat(one.level) + one.module;

/** Rows per place, each with the verdicts of the entries that load it. */
export class ImportRows {
  readonly #rows = new Map<string, (ImportReference | undefined)[]>();
  readonly #classify: (verdict: Verdict, one: ImportMention, path: string) => ImportClass | undefined;
  standard = 0;

  constructor(classify: (verdict: Verdict, one: ImportMention, path: string) => ImportClass | undefined) {
    this.#classify = classify;
  }

  has(path: string): boolean {
    return this.#rows.has(path);
  }

  add(
    path: string,
    imports: readonly ImportMention[],
    verdicts: readonly Verdict[],
    entry: string | undefined,
    include: (one: ImportMention) => boolean,
  ): void {
    let rows = this.#rows.get(path);
    if (rows === undefined) {
      rows = imports.map(() => undefined);
      this.#rows.set(path, rows);
    }
    for (const [position, one] of imports.entries()) {
      if (!include(one)) continue;
      const verdict = verdicts[position] as Verdict;
      const given = this.#classify(verdict, one, path);
      if (given === undefined) continue;
      const row = (rows[position] ??= {
        path,
        line: one.line,
        start: one.start,
        end: one.end,
        module: writtenModule(one),
        class: given,
        byEntry: [],
        ...(verdict.target === undefined ? {} : { target: verdict.target }),
        ...(verdict.name === undefined ? {} : { name: verdict.name }),
      });
      if (isWorse(given, row.class)) {
        row.class = given;
        if (verdict.target === undefined) delete row.target;
        else row.target = verdict.target;
        if (verdict.name === undefined) delete row.name;
        else row.name = verdict.name;
      }
      if (entry === undefined) continue;
      if (row.byEntry.length < most || isWorse(given, "undeclared"))
        row.byEntry.push({
          entry,
          class: given,
          ...(verdict.target === undefined ? {} : { target: verdict.target }),
        });
      else row.entriesNotListed = (row.entriesNotListed ?? 0) + 1;
    }
  }

  /** All rows by path and place. */
  list(): ImportReference[] {
    return [...this.#rows.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, rows]) => rows.filter((row) => row !== undefined));
  }
}
