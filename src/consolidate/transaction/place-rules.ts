import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, type TreeIndex } from "../../repository/index.ts";
import { gitWithIndex } from "./build-commits.ts";
import type { TreeChange } from "./change.ts";

/** A new place at which git would treat a file in another way than at the old one. */
export type ChangedAttributes = { from: string; to: string; why: string };
/** A new place that an ignore rule covers; `rule` as `file:line: pattern`. */
export type IgnoredPlace = { path: string; rule: string; exception: string };

// Attributes that decide which bytes a checkout writes and a commit takes.
const byteAttributes = ["text", "eol", "filter", "ident", "working-tree-encoding"];

async function attributesOf(
  root: string,
  index: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const output = await gitWithIndex(
    root,
    index,
    ["check-attr", "--cached", "-z", "--stdin", ...byteAttributes],
    paths.map((path) => `${path}\0`).join(""),
  );
  const fields = output.toString("utf8").split("\0");
  const found = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path, name, value] = fields.slice(at, at + 3) as [string, string, string];
    if (value !== "unspecified") found.set(path, `${found.get(path) ?? ""}${name}=${value} `);
  }
  return found;
}

/**
 * Moves after which git would read or write other bytes (line ends, filters such as LFS), by the `.gitattributes` files
 * as they lie after the moves. Touches nothing but a private index.
 */
export async function changedAttributes(
  root: string,
  base: string,
  moves: TreeChange["moves"],
  tree: TreeIndex,
): Promise<ChangedAttributes[]> {
  const rules = tree.named(".gitattributes");
  if (rules.length === 0 || moves.length === 0) return [];
  const index = join(tmpdir(), `training-ready-attributes-${process.pid}`);
  try {
    await gitWithIndex(root, index, ["read-tree", base]);
    const before = await attributesOf(
      root,
      index,
      moves.map((move) => move.from),
    );
    const moved = moves.filter((move) => rules.includes(move.from));
    if (moved.length > 0) {
      const lines = moved.flatMap(({ from, to }) => [
        `0 ${"0".repeat(40)}\t${from}\0`,
        `100644 ${tree.files.get(from)?.blob ?? ""}\t${to}\0`,
      ]);
      await gitWithIndex(root, index, ["update-index", "-z", "--index-info"], lines.join(""));
    }
    const after = await attributesOf(
      root,
      index,
      moves.map((move) => move.to),
    );
    return moves.flatMap(({ from, to }) => {
      const [old, now] = [before.get(from)?.trim() ?? "none", after.get(to)?.trim() ?? "none"];
      return old === now ? [] : [{ from, to, why: `git's attributes would change from ${old} to ${now}` }];
    });
  } finally {
    rmSync(index, { force: true });
    rmSync(`${index}.lock`, { force: true });
  }
}

/** The line that takes a path out of a rule: nothing below an ignored folder can be, so that then the folder is. */
function exceptionTo(pattern: string, path: string): string {
  if (!pattern.endsWith("/")) return `!/${path}`;
  const name = pattern.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const parts = path.split("/").slice(0, -1);
  const at = /[*?[]/.test(name) ? parts.length - 1 : parts.lastIndexOf(name);
  return `!/${parts.slice(0, at + 1).join("/")}/`;
}

/** New places that an ignore rule covers, as the rules are now. What is tracked stays tracked there. */
export async function ignoredPlaces(root: string, paths: readonly string[]): Promise<IgnoredPlace[]> {
  if (paths.length === 0) return [];
  const output = await git(root, ["check-ignore", "--no-index", "-v", "-z", "--stdin"], {
    input: paths.map((path) => `${path}\0`).join(""),
  }).catch((error: unknown) => {
    // Exit 1: no rule covers any of them.
    if ((error as { cause?: { code?: unknown } }).cause?.code === 1) return Buffer.alloc(0);
    throw error;
  });
  const fields = output.toString("utf8").split("\0");
  const found: IgnoredPlace[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source, line, pattern, path] = fields.slice(at, at + 4) as [string, string, string, string];
    if (!pattern.startsWith("!"))
      found.push({ path, rule: `${source}:${line}: ${pattern}`, exception: exceptionTo(pattern, path) });
  }
  return found;
}
