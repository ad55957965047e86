import {
  imageEnvironments,
  type EntryPoint,
  type Extraction,
  type ImageEnvironment,
  type ImportReference,
  type Reference,
} from "../../references/index.ts";
import type { Tree, TreeIndex } from "../../repository/index.ts";
import { createPlacement, placeOfTarget, type Placement } from "../rewrite/placement.ts";
import type { RespellGround } from "../rewrite/respell-reference.ts";
import { rewriteReferences, type Reported } from "../rewrite/rewrite-references.ts";
import { rewriteImports } from "../rewrite/rewrite-imports.ts";
import { orderEdits, splice, type Edit } from "../rewrite/splice.ts";
import type { NewFile, TreeChange } from "../transaction/change.ts";
import { join } from "./layout.ts";
import type { PlanLine, Repair } from "./schema.ts";

/** What is known of the tree that a plan changes. */
export type Ground = {
  tree: Tree & { readonly index: TreeIndex };
  extractions: ReadonlyMap<string, Extraction>;
  references: readonly Reference[];
  imports: readonly ImportReference[];
  entries: readonly EntryPoint[];
  packageRootOf: (path: string) => string | undefined;
  home: string;
};

/** A reference or import that cannot be written for its new place. */
export type Problem = {
  path: string;
  line: number;
  subject: string;
  target: string | undefined;
  why: string;
};

export type Composed = {
  change: TreeChange;
  placement: Placement;
  /** Edits by old path, in order. */
  edits: Map<string, Edit[]>;
  frozen: Set<string>;
  problems: Problem[];
  /** What stays right and yet should be looked at: drawn trees, folders that went apart. */
  reported: Reported[];
};

function placementOf(
  lines: readonly PlanLine[],
  index: TreeIndex,
  winners: ReadonlyMap<string, string>,
): { placement: Placement; moved: Map<string, string>; archived: Map<string, string>; deleted: Set<string> } {
  const moved = new Map<string, string>();
  const archived = new Map<string, string>();
  const deleted = new Set<string>();
  const replaced = new Map<string, string>();
  for (const line of lines) {
    if (line.action === "move" && line.to !== undefined && line.to !== line.from)
      moved.set(line.from, line.to);
    if (line.action === "archive" && line.to !== undefined) {
      archived.set(line.from, line.to);
      const winner = winners.get(line.from);
      if (winner !== undefined) replaced.set(line.from, winner);
    }
    if (line.action === "delete" && line.keptAt !== undefined) {
      deleted.add(line.from);
      replaced.set(line.from, line.keptAt);
    }
  }
  return {
    placement: createPlacement({ index, moved, replaced, archived, deleted }),
    moved,
    archived,
    deleted,
  };
}

/** Images by their base (`image:Dockerfile`), read when the first is asked for. */
function imagesBy(ground: Ground): (base: string) => ImageEnvironment | undefined {
  let known: Map<string, ImageEnvironment> | undefined;
  return (base) => {
    known ??= new Map(
      imageEnvironments({ index: ground.tree.index, extractions: ground.extractions }).map((one) => [
        one.id,
        one,
      ]),
    );
    return known.get(base);
  };
}

function byPath<T extends { path: string }>(rows: readonly T[]): Map<string, T[]> {
  const files = new Map<string, T[]>();
  for (const row of rows) {
    const same = files.get(row.path);
    if (same === undefined) files.set(row.path, [row]);
    else same.push(row);
  }
  return files;
}

/** Names one place of a file. */
export function placeKey(path: string, start: number): string {
  return `${path}\0${start}`;
}

/**
 * The change that lines and repairs make: moves, and for every file that says where another lies its rewritten bytes.
 * References are bound to their targets as they are now; the new text comes from the new places of both ends.
 * @param winners archived path -> the file that is used instead
 */
export async function compose(
  ground: Ground,
  input: {
    lines: readonly PlanLine[];
    repairs: readonly Repair[];
    winners: ReadonlyMap<string, string>;
    /** Places (`path`, offset) whose text stays. */
    untouched?: ReadonlySet<string>;
  },
): Promise<Composed> {
  const { tree, home } = ground;
  const { placement, moved, archived, deleted } = placementOf(input.lines, tree.index, input.winners);
  const frozen = new Set(archived.keys());
  const edits = new Map<string, Edit[]>();
  const problems: Problem[] = [];
  const reported: Reported[] = [];
  const packages = new Set<string>();
  const respelling: RespellGround = {
    index: tree.index,
    placement,
    packageOf: ground.packageRootOf,
    imageOf: imagesBy(ground),
  };
  const add = (path: string, edit: Edit): void => void edits.set(path, [...(edits.get(path) ?? []), edit]);

  for (const [path, references] of byPath(ground.references)) {
    if (frozen.has(path) || deleted.has(path)) continue;
    const entry = tree.index.files.get(path);
    const rewritten = await rewriteReferences({
      path,
      references,
      extraction: ground.extractions.get(path),
      readText: async () =>
        entry === undefined ? "" : Buffer.from(await tree.read(entry)).toString("latin1"),
      ground: respelling,
      stays: (one) => input.untouched?.has(placeKey(path, one.start)) === true,
    });
    for (const edit of rewritten.edits) add(path, edit);
    for (const one of rewritten.problems) problems.push({ path, ...one });
    reported.push(...rewritten.reported);
  }
  const entries = new Map(ground.entries.map((one) => [one.id, one]));
  for (const [path, imports] of byPath(ground.imports)) {
    const extraction = ground.extractions.get(path);
    const entry = tree.index.files.get(path);
    if (extraction === undefined || entry === undefined || frozen.has(path) || deleted.has(path)) continue;
    const isTouched =
      moved.has(path) ||
      imports.some(
        (one) => one.target !== undefined && placeOfTarget(placement, tree.index, one.target) !== one.target,
      );
    if (!isTouched) continue;
    const text = Buffer.from(await tree.read(entry)).toString("latin1");
    const rewritten = rewriteImports({
      path,
      text,
      extraction,
      imports,
      entries,
      placement,
      index: tree.index,
      home,
    });
    for (const edit of rewritten.edits) add(path, edit);
    for (const folder of rewritten.packages) packages.add(folder);
    for (const one of rewritten.problems) {
      const row = imports.find((candidate) => candidate.line === one.line && candidate.module === one.module);
      problems.push({
        path,
        line: one.line,
        subject: `import ${one.module}`,
        target: row?.target,
        why: one.why,
      });
    }
  }
  for (const repair of input.repairs) {
    if (!repair.apply) continue;
    const path = repair.at.replace(/:\d+$/, "");
    if (
      frozen.has(path) ||
      deleted.has(path) ||
      (edits.get(path) ?? []).some((one) => one.start < repair.end && repair.start < one.end)
    )
      continue;
    add(path, { start: repair.start, end: repair.end, text: repair.to });
  }
  const writes: NewFile[] = [];
  for (const [path, list] of edits) {
    const entry = tree.index.files.get(path);
    if (entry === undefined) continue;
    const ordered = orderEdits(list);
    edits.set(path, ordered);
    writes.push({
      path: placement.bytesTo(path) ?? path,
      bytes: splice(await tree.read(entry), ordered),
      mode: entry.mode === "exec" ? "exec" : entry.mode === "symlink" ? "symlink" : "file",
    });
  }
  const targets = new Set(moved.values());
  for (const folder of packages) {
    const path = join(folder, "__init__.py");
    if (!targets.has(path) && !tree.index.hasFile(path))
      writes.push({ path, bytes: Buffer.from(""), mode: "file" });
  }
  writes.sort((a, b) => (a.path < b.path ? -1 : 1));
  const moves = [...moved, ...archived]
    .map(([from, to]) => ({ from, to }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return {
    change: { moves, writes, deletes: [...deleted].sort() },
    placement,
    edits,
    frozen,
    problems,
    reported,
  };
}
