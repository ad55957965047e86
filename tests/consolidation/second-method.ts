import { execFileSync } from "node:child_process";
import { join } from "node:path";

export type Judged = { checked: Record<string, number>; failures: string[] };
export type PlannedLine = { action: string; from: string; to?: string; instead?: string; keptAt?: string };

/** A plan's lines as plain maps: where bytes went, and which file is used for which. */
export function movesOf(lines: readonly PlannedLine[]): unknown {
  const byPath = new Map(lines.map((line) => [line.from, line]));
  const use = (path: string, depth = 0): string => {
    const line = byPath.get(path);
    if (line === undefined || depth > 9) return path;
    const instead = line.action === "archive" ? line.instead : line.action === "delete" ? line.keptAt : null;
    if (typeof instead === "string") return use(instead, depth + 1);
    return line.action === "move" || line.action === "archive" ? (line.to ?? path) : path;
  };
  const placed = lines.filter((line) => line.action === "move" || line.action === "archive");
  const deleted = lines.filter((line) => line.action === "delete");
  return {
    bytes: Object.fromEntries([
      ...placed.map((line) => [line.from, line.to]),
      ...deleted.map((line) => [line.from, null]),
    ]) as Record<string, string | null>,
    use: Object.fromEntries(lines.map((line) => [line.from, use(line.from)])),
    frozen: lines.filter((line) => line.action === "archive").map((line) => line.from),
  };
}

/** Python's path finder and os.path on both trees; no code of the product or of the repository runs. */
export function judge(before: string, after: string, moves: string): Judged {
  const script = join(import.meta.dirname, "second_method.py");
  const printed = execFileSync("python3", ["-B", script, before, after, moves], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(printed) as Judged;
}
