import type { ImportClass, ImportMention, ImportReference } from "../schema.ts";
import type { Verdict } from "./judge.ts";

// Worst first: the first one that an entry gives names the row. What one entry finds here is nobody else's package.
const severity: readonly ImportClass[] = [
  "internal-missing",
  "name-missing",
  "relative-without-parent",
  "resolves",
  "undeclared",
  "optional",
  "installed-elsewhere",
];
const most = 20;

const isWorse = (a: ImportClass, b: ImportClass): boolean => severity.indexOf(a) < severity.indexOf(b);

/** A module as written, with its leading dots. */
export const writtenModule = (one: ImportMention): string => ".".repeat(one.level) + one.module;

export type Judged = { readonly imports: readonly ImportMention[]; readonly verdicts: readonly Verdict[] };
type Variant = { judged: Judged; entries: string[]; starters: string[] };
type Classify = (verdict: Verdict, one: ImportMention, path: string) => ImportClass | undefined;

/** Collects how files were judged and for which entries; makes one row a place of it. */
export class ImportRows {
  readonly #files = new Map<string, Map<Judged, Variant>>();
  readonly #classify: Classify;

  constructor(classify: Classify) {
    this.#classify = classify;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** `isStarted`: the entry starts this very file, so that what its main guard holds runs too. */
  add(path: string, judged: Judged, entry: string | undefined, isStarted: boolean): void {
    let variants = this.#files.get(path);
    if (variants === undefined) {
      variants = new Map();
      this.#files.set(path, variants);
    }
    let variant = variants.get(judged);
    if (variant === undefined) {
      variant = { judged, entries: [], starters: [] };
      variants.set(judged, variant);
    }
    if (entry === undefined) variant.starters.push("");
    else {
      variant.entries.push(entry);
      if (isStarted) variant.starters.push(entry);
    }
  }

  /** All rows by path and place. */
  list(): ImportReference[] {
    return [...this.#files.keys()].sort().flatMap((path) => this.#rowsOf(path));
  }

  #rowsOf(path: string): ImportReference[] {
    const variants = [...(this.#files.get(path)?.values() ?? [])];
    const [first] = variants;
    if (first === undefined) return [];
    return first.judged.imports.flatMap((one, position) => {
      let row: ImportReference | undefined;
      let unlisted = 0;
      for (const { judged, entries, starters } of variants) {
        const concerned = one.main === true ? starters : entries;
        const isFree = starters.includes("");
        // A main guard's import that no entry runs still has its row.
        if (concerned.length === 0 && !isFree && one.main !== true) continue;
        const verdict = judged.verdicts[position] as Verdict;
        const given = this.#classify(verdict, one, path);
        if (given === undefined) continue;
        row ??= {
          path,
          line: one.line,
          start: one.start,
          end: one.end,
          module: writtenModule(one),
          class: "resolves",
          byEntry: [],
        };
        if (row.byEntry.length === 0 && unlisted === 0 ? true : isWorse(given, row.class)) {
          row.class = given;
          assign(row, "target", verdict.target);
          assign(row, "name", verdict.name);
        }
        const listed = isWorse(given, "resolves")
          ? concerned
          : concerned.slice(0, Math.max(0, most - row.byEntry.length));
        for (const entry of listed) {
          if (entry === "") continue;
          row.byEntry.push({
            entry,
            class: given,
            ...(verdict.target === undefined ? {} : { target: verdict.target }),
          });
        }
        unlisted += concerned.length - listed.length;
      }
      if (row === undefined) return [];
      // A function that only some starts call: where any of them can, it is no defect of the place.
      const working =
        one.lazy && one.main !== true ? row.byEntry.find((each) => each.class === "resolves") : undefined;
      if (working !== undefined && row.class !== "resolves") {
        row.class = "resolves";
        assign(row, "target", working.target);
        assign(row, "name", undefined);
      }
      row.byEntry.sort((a, b) => (a.entry < b.entry ? -1 : a.entry > b.entry ? 1 : 0));
      if (unlisted > 0) row.entriesNotListed = unlisted;
      return [row];
    });
  }
}

function assign(row: ImportReference, key: "target" | "name", value: string | undefined): void {
  if (value === undefined) delete row[key];
  else row[key] = value;
}
