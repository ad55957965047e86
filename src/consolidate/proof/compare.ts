import { folderOf } from "../../shared/index.ts";
import type { EntryPoint, ImportReference, Reference } from "../../references/index.ts";
import { placeOfTarget, type Placement } from "../rewrite/placement.ts";
import type { TreeIndex } from "../../repository/index.ts";
import type { Follow } from "./follow.ts";

/** What one state of the tree says of itself. */
export type Analysis = {
  references: readonly Reference[];
  imports: readonly ImportReference[];
  entries: readonly EntryPoint[];
};

type Side<T> = { path: string; line: number; target: string | null } & T;

/** `start`: offset of the reference in the tree before. */
export type ChangedReference = { before: Side<{ raw: string; start: number }>; after: Side<{ raw: string }> };
export type ChangedImport = { before: Side<{ module: string }>; after: Side<{ module: string }> };
export type ChangedEntry = {
  before: { path: string; line: number; command: string; loads: boolean };
  after: { path: string; line: number; command: string; loads: boolean; missing: string[] } | null;
};

export type Comparison = {
  references: {
    broken: ChangedReference[];
    rebound: ChangedReference[];
    repaired: ChangedReference[];
    unchanged: number;
    frozen: number;
  };
  imports: {
    broken: ChangedImport[];
    rebound: ChangedImport[];
    repaired: ChangedImport[];
    unchanged: number;
  };
  entries: { broken: ChangedEntry[]; repaired: ChangedEntry[]; unchanged: number };
};

type Input = {
  before: Analysis;
  after: Analysis;
  placement: Placement;
  follow: Follow;
  /** True where moves and edits were read from git, not from a record. */
  derived?: boolean;
  /** Old paths of files that are kept as they are on purpose (archived). */
  frozen: ReadonlySet<string>;
  /** The tree before. */
  index: TreeIndex;
};

const works = (one: { class: string } | undefined): boolean => one?.class === "resolves";
const trim = (path: string): string => path.replace(/\/+$/, "");

/**
 * True for a COPY source of a build whose context is the Dockerfile's own folder, where the Dockerfile moves and that
 * context does not: the build that is written down there goes with it, and none reaches out of its context.
 */
function leavesItsContext(before: Reference, path: string, base: string | undefined): boolean {
  const context = folderOf(before.path);
  return (
    before.kind === "copy" &&
    before.base === `cwd:${context}` &&
    folderOf(path) !== context &&
    base !== `cwd:${folderOf(path)}`
  );
}

// What a tool takes from the folder that it is started in, without being told.
const toolFile =
  /^(?:(?:gnu)?makefile|[\w.-]*dockerfile[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|package\.json|cargo\.toml|go\.mod|setup\.(?:py|cfg)|pyproject\.toml|tox\.ini|cmakelists\.txt|workspace|snakefile|dvc\.yaml|justfile)$/i;

/** True for a folder that is gone into or built from, whose tools' own files do not lie where it is now said to be. */
function leavesItsTools(before: Reference, target: string, { index, placement }: Input): boolean {
  const folder = trim(before.target ?? "");
  if ((before.kind !== "context" && before.kind !== "command") || folder === "" || index.hasFile(folder))
    return false;
  return [...index.below(folder)].some(({ path }) => {
    const name = path.slice(folder.length + 1);
    const to = toolFile.test(name) ? placement.bytesTo(path) : undefined;
    return to !== undefined && to !== `${target}/${name}`;
  });
}

/** True for a COPY source that a rewrite would let climb out of its context, which no build allows. */
const climbs = (before: Reference, raw: string): boolean =>
  before.kind === "copy" && raw.startsWith("..") && !before.raw.startsWith("..");

function compareReferences(input: Input): Comparison["references"] {
  const result: Comparison["references"] = { broken: [], rebound: [], repaired: [], unchanged: 0, frozen: 0 };
  for (const before of input.before.references) {
    const path = input.placement.bytesTo(before.path);
    if (path === undefined || input.frozen.has(before.path) || before.class === "provenance") {
      result.frozen++;
      continue;
    }
    const followed = input.follow(before, path);
    // A drawn folder may be left out where its files went apart; a file may not.
    const now = followed === "gone" ? undefined : followed;
    if (followed === "gone" && before.kind === "tree" && input.index.isFolder(trim(before.target ?? ""))) {
      result.unchanged++;
      continue;
    }
    if (now === undefined && input.derived === true) {
      // Nobody wrote down what was edited: text that is no more was taken out, not broken.
      result.unchanged++;
      continue;
    }
    const change = (): ChangedReference => ({
      before: {
        path: before.path,
        line: before.line,
        start: before.start,
        raw: before.raw,
        target: before.target ?? null,
      },
      after: { path, line: now?.line ?? 0, raw: now?.raw ?? "", target: now?.target ?? null },
    });
    if (!works(before)) {
      if (before.class === "stale" && works(now)) result.repaired.push(change());
      else result.unchanged++;
      continue;
    }
    const target = trim(now?.target ?? "");
    if (
      now === undefined ||
      !works(now) ||
      leavesItsContext(before, path, now.base) ||
      climbs(before, now.raw) ||
      leavesItsTools(before, target, input)
    )
      result.broken.push(change());
    else if (
      before.target !== undefined &&
      target !== placeOfTarget(input.placement, input.index, trim(before.target))
    )
      result.rebound.push(change());
    else result.unchanged++;
  }
  return result;
}

function byFile(rows: readonly ImportReference[]): Map<string, ImportReference[]> {
  const files = new Map<string, ImportReference[]>();
  for (const row of rows) {
    const same = files.get(row.path);
    if (same === undefined) files.set(row.path, [row]);
    else same.push(row);
  }
  return files;
}

function failing(one: ImportReference | undefined): boolean {
  return (
    one === undefined ||
    one.class === "internal-missing" ||
    one.class === "name-missing" ||
    one.class === "relative-without-parent"
  );
}

function compareImports(input: Input): Comparison["imports"] {
  const result: Comparison["imports"] = { broken: [], rebound: [], repaired: [], unchanged: 0 };
  // Rewriting keeps the order of a file's imports; the anchor's own are of the standard library and not listed.
  const after = byFile(input.after.imports);
  for (const [file, rows] of byFile(input.before.imports)) {
    const path = input.placement.bytesTo(file);
    if (path === undefined || input.frozen.has(file)) continue;
    const now = after.get(path) ?? [];
    rows.forEach((before, at) => {
      const row = rows.length === now.length ? now[at] : now.find((one) => one.module === before.module);
      const change = (): ChangedImport => ({
        before: { path: file, line: before.line, module: before.module, target: before.target ?? null },
        after: { path, line: row?.line ?? 0, module: row?.module ?? "", target: row?.target ?? null },
      });
      if (failing(before)) {
        if (works(row)) result.repaired.push(change());
        else result.unchanged++;
      } else if (row === undefined && input.derived === true) result.unchanged++;
      else if (works(before) ? failing(row) : row === undefined) result.broken.push(change());
      else if (!works(before)) {
        // What no file of the repository gave before must not be given by one now.
        if (works(row)) result.rebound.push(change());
        else result.unchanged++;
      } else if (
        before.target !== undefined &&
        row?.target !== placeOfTarget(input.placement, input.index, before.target)
      )
        result.rebound.push(change());
      else result.unchanged++;
    });
  }
  return result;
}

function compareEntries(input: Input): Comparison["entries"] {
  const result: Comparison["entries"] = { broken: [], repaired: [], unchanged: 0 };
  const after = new Map<string, EntryPoint[]>();
  for (const entry of input.after.entries) after.set(entry.path, [...(after.get(entry.path) ?? []), entry]);
  // A module that came from outside before is no loss if it is not found inside now.
  const outside = new Set(input.before.imports.filter((one) => !works(one)).map((one) => one.module));
  for (const before of input.before.entries) {
    if (input.frozen.has(before.path)) continue;
    const path = input.placement.fileTo(before.path);
    // A documented `python -m` or server start names a module: that the file can be run as a script is not the same.
    const named = before.mode === "module" || before.mode === "asgi";
    const candidates = (after.get(path) ?? []).filter((one) => !named || one.mode === before.mode);
    const now =
      candidates.find((one) => one.mode === before.mode && one.loads) ??
      candidates.find((one) => one.loads) ??
      candidates[0];
    const change = (): ChangedEntry => ({
      before: { path: before.path, line: 1, command: before.command, loads: before.loads },
      after:
        now === undefined
          ? null
          : { path, line: 1, command: now.command, loads: now.loads, missing: now.missing },
    });
    if (now === undefined && input.derived === true) {
      result.unchanged++;
      continue;
    }
    const loads = now !== undefined && now.missing.every((module) => outside.has(module));
    if (before.loads && !loads) result.broken.push(change());
    else if (!before.loads && now?.loads === true) result.repaired.push(change());
    else result.unchanged++;
  }
  return result;
}

/** What a change breaks, binds to another file, or mends: each reference, import and entry followed to its new place. */
export function compare(input: Input): Comparison {
  return {
    references: compareReferences(input),
    imports: compareImports(input),
    entries: compareEntries(input),
  };
}

/** True if nothing that worked fails and nothing names another file than before. */
export function isProven(comparison: Comparison): boolean {
  const { references, imports, entries } = comparison;
  return [references.broken, references.rebound, imports.broken, imports.rebound, entries.broken].every(
    (list) => list.length === 0,
  );
}
