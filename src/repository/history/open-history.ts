import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { sha256, TrainingReadyError } from "../../shared/index.ts";
import { git, gitStream } from "../git.ts";
import type { TreeWarning } from "../schema.ts";
import type { WorkTree } from "../work-tree.ts";
import { HistoryIndex, type RepositoryHistory } from "./history-index.ts";
import { type LogTable, LogTableBuilder } from "./log-table.ts";
import { loadTable, saveTable } from "./table-cache.ts";

/** Commits read at most; beyond, history is said to be incomplete. */
export const longestHistory = 100_000;

const logArguments = (limit: number): string[] => [
  "-c",
  "log.showRoot=true",
  "log",
  "-c",
  "--raw",
  "--no-renames",
  "--no-abbrev",
  "--no-relative",
  "--no-color",
  "--no-show-signature",
  "--no-ext-diff",
  "--ignore-submodules=all",
  "-z",
  "--format=%x01%H %ct %P",
  `--max-count=${limit}`,
];

/** Feeds the log into the builder; holds one chunk and one unfinished token. */
async function readLog(root: string, range: string, limit: number, builder: LogTableBuilder): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of gitStream(root, [...logArguments(limit), range, "--"])) {
    const held = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = held.lastIndexOf(0);
    if (end < 0) {
      rest = held;
      continue;
    }
    for (const token of held.toString("utf8", 0, end).split("\0")) builder.token(token);
    rest = held.subarray(end + 1);
  }
  if (rest.length > 0) builder.token(rest.toString("utf8"));
}

async function isAncestor(root: string, commit: string, head: string): Promise<boolean> {
  try {
    await git(root, ["merge-base", "--is-ancestor", commit, head]);
    return true;
  } catch (error) {
    if (error instanceof TrainingReadyError && error.code === "E_GIT") return false; // not one, or unknown here
    throw error;
  }
}

/** The commits at which a shallow clone was cut, as one text; empty for a whole clone. */
function shallowBoundary(commonFolder: string): string {
  try {
    return readFileSync(join(commonFolder, "shallow"), "latin1").trim();
  } catch {
    return ""; // not shallow
  }
}

/** The history behind a work tree's HEAD, and what limits it. */
export type OpenedHistory = { history: RepositoryHistory; warnings: TreeWarning[] };

/**
 * Reads the log of a tree's commit once; with `cacheFolder` it is kept there and only new commits are read later.
 * A log that breaks off (missing objects) is used as far as it went, with a warning.
 */
export async function openHistory(
  tree: Pick<WorkTree, "root" | "commit" | "index">,
  options: { cacheFolder?: string; longest?: number } = {},
): Promise<OpenedHistory> {
  const warnings: TreeWarning[] = [];
  const head = tree.commit;
  if (head === null) {
    return { history: new HistoryIndex(new LogTableBuilder().table(), tree.index, true), warnings };
  }
  const longest = options.longest ?? longestHistory;
  const said = (await git(tree.root, ["rev-parse", "--git-common-dir"])).toString("utf8").replace(/\n$/, "");
  const commonFolder = isAbsolute(said) ? said : join(tree.root, said);
  const boundary = shallowBoundary(commonFolder);
  const file =
    options.cacheFolder === undefined
      ? undefined
      : join(options.cacheFolder, "history", `${sha256(commonFolder).slice(0, 24)}.bin`);
  const cached = file === undefined ? undefined : loadTable(file);
  const usable = cached !== undefined && cached.origin.boundary === boundary;

  let table: LogTable;
  let broken = false;
  let cut = usable && cached.origin.cut;
  if (usable && cached.origin.head === head) table = cached.table;
  else {
    const extend = usable && (await isAncestor(tree.root, cached.origin.head, head));
    const builder = new LogTableBuilder(extend ? cached.table : undefined);
    try {
      const before = builder.commitCount;
      await readLog(tree.root, extend ? `${cached.origin.head}..${head}` : head, longest, builder);
      cut = (extend && cut) || builder.commitCount - before >= longest;
    } catch (error) {
      if (!(error instanceof TrainingReadyError) || error.code !== "E_GIT") throw error;
      broken = true;
      warnings.push({
        code: "history-broken",
        message: `history could not be read to its end: ${error.message}`,
      });
    }
    table = builder.table();
    if (file !== undefined && !broken) {
      try {
        await saveTable(file, table, { head, boundary, cut });
      } catch (error) {
        warnings.push({ code: "cache-not-written", message: (error as Error).message });
      }
    }
  }
  if (cut) {
    warnings.push({
      code: "history-cut",
      message: `history is longer than the ${longest} commits that are read`,
    });
  }
  if (boundary !== "") {
    warnings.push({
      code: "history-shallow",
      message: `a shallow clone: history reaches ${table.commits.length} commits back`,
    });
  }
  const complete = !broken && !cut && boundary === "";
  return { history: new HistoryIndex(table, tree.index, complete), warnings };
}
