import type { TreeIndex } from "../../repository/index.ts";
import { didYouMean, TrainingReadyError, isBelow } from "../../shared/index.ts";
import type { Proposal } from "./settle-places.ts";

export type ListedMove = { from: string; to: string; line: number };

/**
 * A person's own list of moves: `from<TAB>to` a line, relative to the root; empty lines and `#` lines are skipped.
 * Throws `E_PLAN` with the line.
 */
export function parseMoves(text: string, fileName: string): ListedMove[] {
  const moves: ListedMove[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const row = raw.replace(/\r$/, "");
    if (row.trim() === "" || row.startsWith("#")) continue;
    const parts = row.split("\t");
    const [from, to] = parts.map((part) => part.replace(/\/+$/, ""));
    if (parts.length !== 2 || from === undefined || to === undefined || from === "" || to === "") {
      throw new TrainingReadyError("E_PLAN", `${fileName}:${at + 1}: a line is from<TAB>to`, { exitCode: 1 });
    }
    moves.push({ from, to, line: at + 1 });
  }
  if (moves.length === 0)
    throw new TrainingReadyError("E_PLAN", `${fileName} lists no move`, { exitCode: 1 });
  return moves;
}

/** The lowest folder around all ends of a list of moves, if they do not go into the home: imports are named from it. */
export function anchorOf(moves: readonly ListedMove[], home: string): string | undefined {
  if (moves.every((move) => isBelow(move.to, home))) return undefined;
  let common: string[] | undefined;
  for (const path of moves.flatMap((move) => [move.from, move.to])) {
    const parts = path.split("/").slice(0, -1);
    const length = common?.findIndex((part, at) => part !== parts[at]) ?? -1;
    common = common === undefined ? parts : length < 0 ? common : common.slice(0, length);
  }
  const anchor = (common ?? []).join("/");
  return anchor === "" || anchor === home ? undefined : anchor;
}

/** Proposals of a list of moves; a folder stands for every tracked file below it. Throws `E_PLAN`. */
export function proposeListed(
  moves: readonly ListedMove[],
  index: TreeIndex,
  fileName: string,
): Map<string, Proposal> {
  const proposals = new Map<string, Proposal>();
  const add = (from: string, to: string, line: number): void => {
    const other = proposals.get(from);
    if (other !== undefined && other.to !== to) {
      throw new TrainingReadyError(
        "E_PLAN",
        `${fileName}:${line}: ${from} has a place already: ${other.to ?? ""}`,
        { exitCode: 1 },
      );
    }
    proposals.set(from, { action: "move", to, because: [`asked for in line ${line} of ${fileName}`] });
  };
  for (const { from, to, line } of moves) {
    if (index.files.get(from)?.mode === "submodule")
      throw new TrainingReadyError(
        "E_PLAN",
        `${fileName}:${line}: ${from} is a submodule: move it with git mv`,
        {
          exitCode: 1,
        },
      );
    if (index.hasFile(from)) add(from, to, line);
    else if (index.isFolder(from)) {
      for (const entry of index.below(from)) {
        if (entry.mode === "submodule") continue;
        if (entry.state === "tracked" || entry.state === "tracked-ignored" || entry.state === "modified")
          add(entry.path, to + entry.path.slice(from.length), line);
      }
    } else {
      const near = didYouMean(from, [...index.files.keys(), ...index.folders()]);
      throw new TrainingReadyError("E_PLAN", `${fileName}:${line}: ${from} does not exist.${near}`, {
        exitCode: 1,
      });
    }
  }
  return proposals;
}
